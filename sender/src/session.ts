import type { Capture } from "./capture/capture.js";
import { createDialog, type Dialog } from "./dialog/dialog.js";
import { Link, type Post } from "./link/link.js";
import type { Host, PartSession } from "./part.js";
import { idle, isRunning, step, supportDuration, type Effect, type Input, type Session } from "./session/machine.js";
import { returnPatience } from "./page/browser.js";
import { Socket } from "./session/socket.js";
import * as store from "./session/store.js";
import type { SessionStateInfo } from "./api.js";
import { decodeMessage, type Control, type Message } from "../../signal/wire/wire.gen.js";

const reachable = 20_000; // ms to get a support code in
const resyncPause = 250; // ms between snapshots that agents ask for
const failurePause = 3_000; // ms until capture is tried again after it failed

/** Makes the session of a page, which captures with what capture.js exports. session.js is this function's module. */
export function createSession(host: Host, capture: typeof Capture): PartSession {
  return new SenderSession(host, capture);
}

/** SenderSession carries out what the machine decides: it joins socket, links, capture, dialog and storage. */
class SenderSession implements PartSession {
  private session: Session = idle;
  private readonly inputs: Input[] = [];
  private readonly socket: Socket;
  private readonly links = new Map<string, Link>();
  private readonly opening = new Map<string, number>();
  private readonly capture: Capture;
  private readonly contents = new Set<string>(); // of the assets that agents have
  private readonly dialog: Dialog;
  private timer = 0;
  private resync = 0;
  private suspended = false;

  constructor(private readonly host: Host, capture: typeof Capture) {
    const url = new URL("signal", host.base);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = new Socket(url.href, {
      open: () => this.input({ type: "socketOpen" }),
      closed: (final, code) => this.input({ type: "socketClosed", final, code }),
      message: (message) => this.message(message),
    });
    this.capture = new capture(() => host.element, {
      frame: (data, packable) => this.links.forEach((link) => link.frame(data, packable)),
      pointer: (data) => this.links.forEach((link) => link.pointer(data)),
      failed: (error) => this.captureFailed(error),
      backlog: () => Math.max(0, ...Array.from(this.links.values(), (link) => link.backlog)),
    }, () => host.settings, this.contents);
    this.dialog = createDialog(host, { start: () => this.start(), end: () => this.stop() });
    window.addEventListener("pagehide", () => this.suspend());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.restore());
    document.addEventListener("visibilitychange", () => this.visibilityChanged());
  }

  get code(): string {
    return this.session.code;
  }

  get state(): SessionStateInfo {
    return { state: this.session.state, message: this.session.message };
  }

  get duration(): number {
    return Math.round(supportDuration(this.session, Date.now()));
  }

  open(): void {
    this.dialog.show();
  }

  settingsChanged(): void {
    this.capture.settingsChanged();
    this.show();
  }

  resume(): boolean {
    if (isRunning(this.session) && !this.suspended) return true;
    const stored = store.take();
    if (!stored) return false;
    const { contents, ...saved } = stored;
    this.suspended = false;
    this.capture.listen();
    this.host.running();
    for (const content of contents) this.contents.add(content);
    this.input({ type: "resume", saved });
    return true;
  }

  stop(): void {
    this.input({ type: "stop" });
  }

  private start(): void {
    this.capture.listen();
    this.host.running();
    this.input({ type: "start", metaData: this.host.settings.metaData });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.input({ type: "unreachable" }), reachable);
  }

  private message(message: Message): void {
    if ("link" in message) this.links.get(message.from!)?.take(message);
    else this.input({ type: "message", message });
  }

  /** Effects and listeners may bring further inputs; each is taken when the one before is done. */
  private input(input: Input): void {
    this.inputs.push(input);
    if (this.inputs.length > 1) return;
    for (let next: Input | undefined; (next = this.inputs[0]); this.inputs.shift()) {
      const before = this.session;
      const [after, effects] = step(before, next, Date.now());
      this.session = after;
      for (const effect of effects) this.carryOut(effect);
      if (!isRunning(after)) {
        this.capture.end();
        this.contents.clear();
      }
      if (document.hidden) this.save();
      if (after !== before) this.tell(before, after);
    }
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        return this.socket.connect();
      case "disconnect":
        this.capture.stop();
        return this.socket.close();
      case "reconnectAfter":
        return this.socket.reconnectAfter(effect.delay);
      case "send":
        return void this.socket.send(effect.message);
      case "openLink":
        return this.openLink(effect.member, effect.delay);
      case "closeLinks":
        for (const member of effect.members) this.closeLink(member);
        return;
      case "broadcast":
        return this.broadcast(effect.message);
      case "forget":
        return store.forget();
      case "started":
        return this.host.emit("start", undefined);
    }
  }

  private openLink(member: string, delay: number): void {
    this.closeLink(member);
    this.opening.set(member, window.setTimeout(() => {
      this.opening.delete(member);
      const link: Link = new Link(member, this.session.iceServers, {
        open: () => {
          this.input({ type: "linkOpen", member });
          if (document.hidden) link.control({ type: "visibility", hidden: true });
          this.snapshot();
        },
        closed: () => {
          if (this.links.get(member) !== link) return;
          this.links.delete(member);
          if (this.links.size === 0) this.capture.stop();
          this.input({ type: "linkClosed", member });
        },
        control: (message) => this.control(message),
        overflow: () => this.snapshotSoon(),
      }, this.post());
      this.links.set(member, link);
    }, delay));
  }

  /** The post of a new link. With a key there is none but the sealed one, whose part is loaded only then. */
  private async post(): Promise<Post> {
    const key = this.host.settings.customerKey;
    const send = (message: Message): unknown => this.socket.send(message);
    if (!key) return { send, open: (message, take) => take(message) };
    const { Seal } = await import("./seal.js");
    return new Seal(key, this.session.place!, decodeMessage, send, () => this.input({ type: "unsealable" }));
  }

  private closeLink(member: string): void {
    clearTimeout(this.opening.get(member));
    this.opening.delete(member);
    this.links.get(member)?.close();
    this.links.delete(member);
    if (this.links.size === 0) this.capture.stop();
  }

  private control(message: Control): void {
    if (message.type === "resync") message.frames ? this.capture.joined.resync(message.frames) : this.snapshotSoon();
    else if (message.type === "lack") this.capture.lacking(message.assets);
    else this.input({ type: "control", message });
  }

  private broadcast(message: Control): void {
    for (const link of this.links.values()) link.control(message);
  }

  private snapshot(): void {
    clearTimeout(this.resync);
    this.resync = 0;
    if (this.session.links.length > 0) this.capture.snapshot();
  }

  private captureFailed(error: unknown): void {
    console.warn("qwelp: this page could not be captured; trying again", error);
    this.resync ||= window.setTimeout(() => this.snapshot(), failurePause);
  }

  private snapshotSoon(): void {
    this.resync ||= window.setTimeout(() => this.snapshot(), resyncPause);
  }

  /** The page goes, perhaps into the back/forward cache: the next one takes up the session. */
  private suspend(): void {
    if (!isRunning(this.session)) return;
    this.suspended = true;
    this.save();
    this.broadcast({ type: "pageLoading" });
    this.capture.end();
    for (const member of this.opening.keys()) this.closeLink(member);
    for (const link of this.links.values()) link.drop();
    this.links.clear();
    this.socket.close();
  }

  /**
   * The page is back from the back/forward cache. The loader calls resume when the session has gone on elsewhere; else it has ended
   * there.
   */
  private restore(): void {
    window.setTimeout(() => {
      if (!this.suspended) return;
      this.suspended = false;
      const before = this.session;
      this.session = { ...idle, state: "Stopped", message: "The session has ended." };
      this.tell(before, this.session);
    }, returnPatience);
  }

  /** A page in the background may be discarded without a word. */
  private visibilityChanged(): void {
    // What is stored belongs to another page by now.
    if (this.suspended) return;
    this.broadcast({ type: "visibility", hidden: document.hidden });
    if (document.hidden) this.save();
    else if (isRunning(this.session)) store.forget();
  }

  private save(): void {
    if (!isRunning(this.session) || !this.session.token) return;
    const { token, code, codeExpires, joinedAt } = this.session;
    store.save({ token, code, codeExpires, joinedAt, duration: this.duration, contents: [...this.contents] });
  }

  /** Tells the page's listeners and the customer what has changed. */
  private tell(before: Session, after: Session): void {
    const { emit } = this.host;
    if (before.signalling !== after.signalling || before.code !== after.code) {
      emit("signallerState", { connected: after.signalling, code: after.code });
    }
    const linked = after.links.length > 0;
    if (linked !== before.links.length > 0) emit("connected", { connected: linked });
    if (before.state !== after.state || before.message !== after.message) emit("status", { state: after.state, message: after.message });
    if (after.state === "Reconnecting" && before.state !== "Reconnecting") emit("reconnect", undefined);
    if (isRunning(before) && !isRunning(after)) emit("stop", undefined);
    this.show();
  }

  private show(): void {
    const { state, message, code, codeExpires, members, joinedAt } = this.session;
    this.dialog.update({ state, message, code, codeExpires, agents: members.map(({ name }) => name ?? ""), since: joinedAt });
  }
}
