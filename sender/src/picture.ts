import type { Capture } from "./capture/capture.js";
import { Links, type LinksNeeds } from "./links.js";
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

  /** ui is the element that holds our interface; contents are those of the assets that agents have. */
  constructor(capture: typeof Capture, private readonly needs: LinksNeeds, events: PictureEvents, ui: () => Element, contents: Set<string>) {
    this.links = new Links(needs, {
      path: events.path,
      unsealable: events.unsealable,
      compared: events.compared,
      overload: events.overload,
      control: (message, member, link) => (this.asked(message, member, link) ? undefined : events.control(message, member)),
      snapshot: (now, member) => (now ? this.snapshot() : this.resyncs.ask(member, [])),
    });
    this.capture = new capture(ui, {
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
    if (this.links.none) this.capture.stop();
  }

  broadcast(message: Control): void {
    this.links.each((link) => link.control(message));
  }

  /** Begins or stops to show the page; what was captured before the customer paused and has not left does not leave any more. */
  share(on: boolean): void {
    if (on) {
      this.links.each((link) => link.lacks());
      return this.snapshot();
    }
    this.capture.stop();
    this.links.each((link) => link.discard());
  }

  /** Nobody sees the page for the moment. */
  stop(): void {
    this.capture.stop();
  }

  /** The session is over, or goes on elsewhere: the page has its functions back. */
  end(): void {
    this.capture.end();
    this.resyncs.forget();
    this.links.forget();
  }

  /** Does what an agent asks for; false when the message is for the session. */
  private asked(message: Control, member: string, link: object): boolean {
    if (message.type === "lack") this.capture.lacking(message.assets, link);
    else if (message.type !== "resync") return false;
    else if (!this.needs.session().paused) this.resyncs.ask(member, message.frames ?? []);
    return true;
  }

  private snapshot(): void {
    clearTimeout(this.again);
    this.again = 0;
    this.resyncs.made();
    const { links, paused } = this.needs.session();
    if (links.length > 0 && !paused) this.capture.snapshot();
  }
}
