import type { Capture } from "./capture/capture.js";
import { createDialog, type Dialog } from "./dialog/dialog.js";
import type { Post } from "./link/connection.js";
import { Link } from "./link/link.js";
import type { Relay } from "./relay.js";
import type { Host, PartSession } from "./part.js";
import { idle, isRunning, mayLook, step, supportDuration, type Effect, type Input, type Session } from "./session/machine.js";
import { returnPatience } from "./page/browser.js";
import { Socket } from "./session/socket.js";
import * as store from "./session/store.js";
import { knownHere } from "./session/known.js";
import type { SessionStateInfo } from "./api.js";
import type { Telling } from "./telling.js";
import { readRelayed } from "../../signal/wire/packet.js";
import { decodeMessage, type Control, type Member, type Message } from "../../signal/wire/wire.gen.js";

const reachable = 20_000; // ms to get a support code in
const resyncPause = 250; // ms between snapshots that agents ask for
const failurePause = 3_000; // ms until capture is tried again after it failed

const relayPart = (): Promise<typeof import("./relay.js")> => import("./relay.js");

/** Makes the session of a page, which captures with what capture.js exports. session.js is this function's module. */
export function createSession(host: Host, capture: typeof Capture): PartSession {
  return new SenderSession(host, capture);
}

/** The link to an agent. */
interface LinkTo {
  readonly link: Link;
  /** Of the page of the console. */
  readonly key: string;
  /** What people compare; "" while there is nothing. */
  digits: string;
}

/** SenderSession carries out what the machine decides: it joins socket, links, capture, dialog and storage. */
class SenderSession implements PartSession {
  private session: Session = idle;
  private readonly inputs: Input[] = [];
  private readonly socket: Socket;
  private readonly links = new Map<string, LinkTo>();
  private readonly capture: Capture;
  private readonly contents = new Set<string>(); // of the assets that agents have
  private readonly dialog: Dialog;
  private telling: Telling | undefined;
  private readonly begun = new WeakSet<Link>();
  private timer = 0;
  private resync = 0;
  private suspended = false;

  constructor(private readonly host: Host, capture: typeof Capture) {
    this.socket = new Socket(() => host.socket(), {
      open: () => this.input({ type: "socketOpen" }),
      closed: (final, code) => this.input({ type: "socketClosed", final, code }),
      message: (message) => this.message(message),
      relayed: (data) => this.relayed(data),
    });
    this.capture = new capture(() => host.element, {
      frame: (data, packable) => this.links.forEach(({ link }) => link.frame(data, packable)),
      pointer: (data) => this.links.forEach(({ link }) => link.pointer(data)),
      failed: (error) => this.captureFailed(error),
      backlog: () => Math.max(0, ...Array.from(this.links.values(), ({ link }) => link.backlog)),
    }, () => host.settings, this.contents);
    this.dialog = createDialog(host, {
      start: () => this.start(), allow: () => this.input({ type: "allow" }), decline: () => this.stop(), end: () => this.stop(),
    }, () => import("./languages.js").then(({ languages }) => languages));
    window.addEventListener("online", () => this.moved());
    const network = (navigator as { connection?: EventTarget & { readonly type?: string } }).connection;
    let type = network?.type;
    network?.addEventListener?.("change", () => {
      // Browsers tell of every new guess at how fast it is, too.
      if (network.type !== type) this.moved();
      type = network.type;
    });
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
    this.inform();
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
    this.input({ type: "resume", saved, ask: this.asks });
    return true;
  }

  stop(): void {
    this.input({ type: "stop" });
  }

  private get asks(): boolean {
    return this.host.settings.consent === "ask";
  }

  private start(): void {
    this.capture.listen();
    this.host.running();
    this.input({ type: "start", known: knownHere(this.host.settings), ask: this.asks });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.input({ type: "unreachable" }), reachable);
  }

  private message(message: Message): void {
    if ("link" in message) this.links.get(message.from!)?.link.take(message);
    else {
      this.input({ type: "message", message });
      if (message.type === "started" || message.type === "resumed") this.inform();
    }
  }

  /** Tells the server of metaData and page, where there is something to tell. */
  private inform(): void {
    const { settings } = this.host;
    if (!this.session.signalling || !(this.session.place?.visits || settings.metaData)) return;
    import("./telling.js").then(({ Telling }) => {
      const { signalling, place, known } = this.session;
      if (!signalling || this.suspended) return;
      this.telling ??= new Telling(() => this.host.settings, (message) => this.session.signalling && this.socket.send(message));
      this.telling.at(place!, known);
    }, () => {});
  }

  private relayed(data: Uint8Array<ArrayBuffer>): void {
    try {
      const { member, link, box } = readRelayed(data);
      this.links.get(member)?.link.takeBox(link, box);
    } catch (error) {
      console.warn("qwelp: the server sent a malformed message:", (error as Error).message);
    }
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
      if (after !== before) this.reach();
      if (!isRunning(after)) {
        this.capture.end();
        this.contents.clear();
        this.telling?.stop();
      }
      if (document.hidden) this.save();
      if (after !== before) this.tell(before, after);
    }
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        void relayPart().catch(() => {}); // so that it is there when an agent is
        return this.socket.connect();
      case "disconnect":
        this.capture.stop();
        return this.socket.close();
      case "reconnectAfter":
        return this.socket.reconnectAfter(effect.delay);
      case "send":
        return void this.socket.send(effect.message);
      case "openLink":
        return this.openLink(effect.member);
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

  /** Opens a link, unless there is one to the same page of the console. */
  private openLink({ id, key = "" }: Member): void {
    const known = this.links.get(id);
    if (known?.key === key) return known.link.back();
    this.closeLink(id);
    const link: Link = new Link(id, {
      servers: () => this.session.iceServers,
      post: () => this.post(to),
      relay: (name, take) => this.relay(id, name, take),
    }, {
      path: (path) => this.links.get(id)?.link === link && this.input({ type: "path", member: id, path }),
      closed: () => {
        if (this.links.get(id)?.link !== link) return;
        this.links.delete(id);
        this.input({ type: "path", member: id, path: "none" });
        const member = this.session.members.find((m) => m.id === id);
        if (member && !member.away) this.openLink(member);
      },
      control: (message) => this.control(message),
      behind: () => this.behind(link),
      suspect: (underway) => this.socket.probe(underway),
    });
    const to: LinkTo = { link, key, digits: "" };
    this.links.set(id, to);
    if (document.hidden) link.control({ type: "visibility", hidden: true });
    this.reach();
  }

  /** A link that has just begun gets its snapshot at once. */
  private behind(link: Link): void {
    if (this.begun.has(link)) return this.snapshotSoon();
    this.begun.add(link);
    this.snapshot();
  }

  /** Tells the links whom the server reaches. */
  private reach(): void {
    for (const [id, { link }] of this.links) link.reach(this.session.signalling && this.session.members.some((m) => m.id === id && !m.away));
  }

  /** The post of a new peer connection: sealed, if there is a key, and comparing, if that is wanted. What few pages need is loaded only then. */
  private async post(to: LinkTo): Promise<Post> {
    const { customerKey, comparisonCode } = this.host.settings;
    // Before the server has given the place in the session back, it takes nothing else.
    const send = (message: Message): unknown => this.session.signalling && this.socket.send(message);
    let post: Post = { send, open: (message, take) => take(message) };
    if (customerKey) {
      const { Seal } = await import("./seal.js");
      post = new Seal(customerKey, this.session.place!, decodeMessage, send, () => this.input({ type: "unsealable" }));
    }
    if (comparisonCode) {
      const { Comparison } = await import("./compare.js");
      post = new Comparison(post, to.key, (message) => to.link.control(message), (digits) => {
        to.digits = digits;
        this.show();
      });
    }
    return post;
  }

  /** The relay of a link; undefined when the operator wants none, or none for pages without a key. */
  private relay(id: string, link: string, take: (data: Uint8Array<ArrayBuffer>) => void): Promise<Relay> | undefined {
    const { customerKey } = this.host.settings;
    const member = this.session.members.find((m) => m.id === id);
    const { session, epoch } = this.session.place!;
    const { socket } = this;
    const carrier = {
      get buffered() {
        return socket.buffered;
      },
      send: (data: Uint8Array<ArrayBuffer>) => this.session.signalling && socket.relay(data),
    };
    if (!member?.relay || !(customerKey || (member.relay === "all" && member.key))) return undefined;
    return relayPart().then(({ Relay }) => Relay.open(customerKey, member.key ?? "", { session, agent: id, link, epoch }, carrier, take));
  }

  private closeLink(member: string): void {
    this.links.get(member)?.link.close();
    this.links.delete(member);
    if (this.links.size === 0) this.capture.stop();
  }

  /** The customer has another network. */
  private moved(): void {
    for (const { link } of this.links.values()) link.moved();
  }

  private control(message: Control): void {
    if (message.type === "resync") message.frames ? this.capture.joined.resync(message.frames) : this.snapshotSoon();
    else if (message.type === "lack") this.capture.lacking(message.assets);
    else this.input({ type: "control", message });
  }

  private broadcast(message: Control): void {
    for (const { link } of this.links.values()) link.control(message);
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
    this.telling?.stop();
    this.capture.end();
    for (const { link } of this.links.values()) link.drop();
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
      this.session = { ...idle, state: "Stopped", message: "The session has ended.", reason: undefined };
      this.tell(before, this.session);
    }, returnPatience);
  }

  /** A page in the background may be discarded without a word. */
  private visibilityChanged(): void {
    // What is stored belongs to another page by now.
    if (this.suspended) return;
    this.broadcast({ type: "visibility", hidden: document.hidden });
    if (document.hidden) this.save();
    else if (isRunning(this.session)) {
      store.forget();
      this.socket.probe(); // the computer may have slept
    }
  }

  private save(): void {
    if (!isRunning(this.session) || !this.session.token) return;
    const { token, code, codeExpires, joinedAt, allowed } = this.session;
    store.save({ token, code, codeExpires, joinedAt, allowed, duration: this.duration, contents: [...this.contents] });
  }

  /** Tells the page's listeners and the customer what has changed. */
  private tell(before: Session, after: Session): void {
    const { emit } = this.host;
    if (before.signalling !== after.signalling || before.code !== after.code) {
      emit("signallerState", { connected: after.signalling, code: after.code });
    }
    const open = after.channels.length > 0;
    if (open !== before.channels.length > 0) emit("connected", { connected: open });
    if (before.state !== after.state || before.message !== after.message) emit("status", { state: after.state, message: after.message });
    if (after.state === "Reconnecting" && before.state !== "Reconnecting") emit("reconnect", undefined);
    if (isRunning(before) && !isRunning(after)) emit("stop", undefined);
    this.show();
  }

  private show(): void {
    const { state, reason, code, codeExpires, members, joinedAt } = this.session;
    const named = ({ name = "" }: Member): string => name;
    const asking = members.filter((member) => !mayLook(this.session, member)).map(named);
    const digits = Array.from(this.links.values(), (to) => to.digits).filter(Boolean);
    this.dialog.update({ state, reason, code, codeExpires, agents: members.map(named), asking, since: joinedAt, digits });
  }
}
