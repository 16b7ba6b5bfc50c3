import type { Capture } from "./capture/capture.js";
import { Links, type LinksNeeds } from "./links.js";
import { loadAgain } from "./load.js";
import type { Host } from "./part.js";
import type { Pointing } from "./pointing/pointing.js";
import { Resyncs } from "./resyncs.js";
import type { Control, Path } from "../../signal/wire/wire.gen.js";

const failurePause = 3_000; // ms until capture is tried again after it failed

/** What a picture tells the session. */
export interface PictureEvents {
  path(member: string, path: Path): void;
  unsealable(): void;
  control(message: Control, member: string): void;
  /** An agent has sent more than it may: its link is over, and it gets no other. */
  overload(member: string): void;
  /** There is something else to compare. */
  compared(): void;
}

/** Picture shows the page to agents: it joins capture and links. picture.js is this class's module, which a page loads when a session begins. */
export class Picture {
  readonly links: Links;
  private readonly capture: Capture;
  private readonly resyncs = new Resyncs((frames) => (frames.length > 0 ? this.capture.joined.resync(frames) : this.snapshot()));
  private again = 0;
  private pointing: Promise<Pointing> | undefined; // once an agent has pointed at something

  /** host has our interface; contents are those of the assets that agents have. */
  constructor(capture: typeof Capture, private readonly needs: LinksNeeds, events: PictureEvents, private readonly host: Pick<Host, "element" | "root">, contents: Set<string>) {
    this.links = new Links(needs, {
      path: events.path,
      unsealable: events.unsealable,
      compared: events.compared,
      overload: events.overload,
      laser: (data, member) => this.point((pointing) => pointing.laser(data, member)),
      control: (message, member, link) => (this.asked(message, member, link) ? undefined : events.control(message, member)),
      snapshot: (now, member) => (now ? this.snapshot() : this.resyncs.ask(member, [])),
    });
    this.capture = new capture(() => host.element, {
      frame: (data, packable) => this.links.each((link) => link.frame(data, packable)),
      pointer: (data) => this.links.each((link) => link.pointer(data)),
      failed: (error) => {
        console.warn("qwelp: this page could not be captured; trying again", error);
        this.again ||= window.setTimeout(() => this.snapshot(), failurePause);
      },
      backlog: () => this.links.backlog,
    }, needs.settings, contents);
  }

  /** A session runs: capture hears from now on what a later snapshot could not see. */
  listen(): void {
    this.capture.listen();
  }

  settingsChanged(): void {
    this.capture.settingsChanged();
  }

  close(member: string): void {
    this.links.close(member);
    void this.pointing?.then((pointing) => pointing.clear(member));
    if (this.links.none) this.capture.stop();
  }

  broadcast(message: Control): void {
    this.links.tell(message);
  }

  /** Begins or stops to show the page; what was captured before the customer paused and has not left does not leave any more. */
  share(on: boolean): void {
    if (on) {
      this.links.each((link) => link.lacks());
      return this.snapshot();
    }
    this.stop();
    this.links.each((link) => link.discard());
  }

  /** Nobody sees the page for the moment. */
  stop(): void {
    this.capture.stop();
    this.clear();
  }

  /** The session is over, or goes on elsewhere: the page has its functions back. */
  end(): void {
    this.capture.end();
    this.clear();
    this.resyncs.forget();
    this.links.forget();
  }

  /** Does what an agent asks for; false when the message is for the session. */
  private asked(message: Control, member: string, link: object): boolean {
    if (message.type === "lack") this.capture.lacking(message.assets, link);
    else if (message.type === "mark" || message.type === "unmark" || message.type === "showMark") this.point((pointing) => pointing.take(message, member));
    else if (message.type !== "resync") return false;
    else if (!this.needs.session().paused) this.resyncs.ask(member, message.frames ?? []);
    return true;
  }

  private clear(): void {
    void this.pointing?.then((pointing) => pointing.clear());
  }

  /** Has something pointed at, unless nobody sees the page: what draws it is loaded when an agent first does so. */
  private point(act: (pointing: Pointing) => void): void {
    this.pointing ??= Promise.all([loadAgain("pointing.js"), loadAgain("announcer.js")]).then((parts) => {
      const [{ Pointing }, { Announcer }] = parts as [typeof import("./pointing/pointing.js"), typeof import("./pointing/announcer.js")];
      const { root } = this.host;
      return new Pointing(root, this.capture, this.needs, this.links, new Announcer(root));
    });
    this.pointing.then((pointing) => {
      if (!this.needs.session().paused) act(pointing);
    }, () => (this.pointing = undefined)).catch((error: unknown) => console.warn("qwelp: a mark cannot be drawn:", error));
  }

  private snapshot(): void {
    clearTimeout(this.again);
    this.again = 0;
    this.resyncs.made();
    const { links, paused } = this.needs.session();
    if (links.length > 0 && !paused) this.capture.snapshot();
  }
}
