import { readerOf } from "./given.js";
import { fitMetaData } from "./metadata.js";
import { createDialog, type Dialog } from "./dialog/dialog.js";
import type { Host, PartSession } from "./part.js";
import { idle, isRunning, mayLook, step, supportDuration, type Effect, type Input, type Session, type Stored } from "./session/machine.js";
import { loadAgain, loadPicture } from "./load.js";
import type { Picture } from "./picture.js";
import { Hold } from "./session/hold.js";
import { Socket } from "./session/socket.js";
import { askAnew, knownHere } from "./session/known.js";
import { policyToAdd } from "./session/policy.js";
import { tell } from "./session/tell.js";
import { registry } from "./page/registry.js";
import { storageKey } from "./part.js";
import type { SessionStateInfo } from "./api.js";
import type { QwelpSettings } from "./settings.gen.js";
import type { Telling } from "./telling.js";
import { readRelayed } from "../../signal/wire/packet.js";
import type { Control, Member, Message } from "../../signal/wire/wire.gen.js";

const reachable = 20_000; // ms to get a support code in
const loadPause = 2_000; // ms until another try to load
const byePause = 400; // ms that the server may take to say that the session is over

/** Runs a part of what is to be done. One that fails, for whatever reason, must not take the others with it: the customer could not even end the session. */
function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    console.warn("qwelp: something failed:", error);
  }
}

/** Makes the session of a page. session.js is this function's module. */
export function createSession(host: Host): PartSession {
  return new SenderSession(host);
}

/** SenderSession carries out what the machine decides: it joins socket, picture, dialog and storage. */
class SenderSession implements PartSession {
  private session: Session = idle;
  private readonly inputs: Input[] = [];
  private readonly socket: Socket;
  private picture: Picture | undefined; // once a session has begun here, and the browser has loaded it
  private loading = false;
  private readonly contents = new Set<string>(); // of the assets that agents have
  private readonly dialog: Dialog;
  private readonly read: () => QwelpSettings;
  private readonly hold: Hold;
  private telling: Telling | undefined;
  private timer = 0;
  private suspended = false;
  private resuming: Promise<boolean> | undefined;

  constructor(private readonly host: Host) {
    this.read = readerOf(host.given, fitMetaData);
    registry().path ??= location.pathname; // of a page that has imported the sender itself
    this.socket = new Socket(() => host.socket(), {
      open: () => this.input({ type: "socketOpen" }),
      closed: (final, code) => this.input({ type: "socketClosed", final, code }),
      message: (message) => this.message(message),
      relayed: (data) => this.relayed(data),
    });
    this.dialog = createDialog(host, this.read, {
      start: () => void this.bring().then((here) => here || this.start()), allow: () => this.input({ type: "allow" }), decline: () => this.input({ type: "decline" }), end: () => this.stop(),
      pause: (paused) => this.input({ type: "pause", paused }),
    }, () => loadAgain("languages.js").then((part) => (part as typeof import("./languages.js")).languages));
    this.hold = new Hold(storageKey(host.base), { asked: () => this.moveOn(), lost: () => this.lost() });
    window.addEventListener("online", () => this.moved());
    for (const type of ["online", "offline"]) window.addEventListener(type, () => this.show());
    const network = (navigator as { connection?: EventTarget & { readonly type?: string } }).connection;
    let type = network?.type;
    network?.addEventListener?.("change", () => {
      // Browsers tell of every new guess at how fast it is, too.
      if (network.type !== type) this.moved();
      type = network.type;
    });
    const warned = new Set<string>();
    document.addEventListener("securitypolicyviolation", (violation) => {
      const text = policyToAdd(violation, new URL(host.base).origin);
      if (text && !warned.has(text)) console.warn(`qwelp: ${text}`);
      warned.add(text);
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
    void this.bring().then(() => this.dialog.show());
  }

  settingsChanged(): void {
    this.picture?.settingsChanged();
    this.inform();
    this.show();
  }

  resume(insist?: boolean): Promise<boolean> {
    return (this.resuming ??= this.takeUp(insist).finally(() => (this.resuming = undefined)));
  }

  /** Brings a session from another tab here, instead of a second one that begins. */
  private bring(): Promise<boolean> {
    return this.resume(true).catch((error: unknown) => {
      console.warn("qwelp: the session in another tab cannot be brought here:", error);
      return false;
    });
  }

  private async takeUp(insist: boolean | undefined): Promise<boolean> {
    if (isRunning(this.session) && !this.suspended) return true;
    let stored = await this.hold.take(insist);
    if (!stored && this.inFront && this.hold.waits) stored = await this.hold.take(insist); // two pages were after it
    if (!stored) return false;
    const { contents, ...saved } = stored;
    this.suspended = false;
    this.host.running();
    for (const content of contents) this.contents.add(content);
    this.input({ type: "resume", saved, ask: this.asks });
    return true;
  }

  stop(): void {
    this.input({ type: "stop" });
  }

  private get settings(): QwelpSettings {
    return this.read();
  }

  private get asks(): boolean {
    return this.settings.consent !== "code";
  }

  private start(): void {
    void this.hold.keep();
    this.host.running();
    askAnew();
    this.input({ type: "start", known: knownHere(this.settings, () => this.inform()), ask: this.asks });
  }

  private message(message: Message): void {
    if ("link" in message) this.picture?.links.take(message);
    else {
      if (message.type === "started" || message.type === "resumed") registry().places = message.places;
      this.input({ type: "message", message });
      if (message.type === "started" || message.type === "resumed") this.inform();
    }
  }

  /** Tells the server of metaData and page, where there is something to tell. */
  private inform(): void {
    const { settings } = this;
    if (!this.session.signalling || !(this.session.place?.visits || settings.metaData || settings.identity)) return;
    loadAgain("telling.js").then((part) => {
      const { signalling, place, known } = this.session;
      if (!signalling || this.suspended) return;
      this.telling ??= new (part as typeof import("./telling.js")).Telling(() => this.settings, (message) => this.session.signalling && this.socket.send(message));
      this.telling.at(place!, known);
    }, () => {});
  }

  private relayed(data: Uint8Array<ArrayBuffer>): void {
    try {
      const { member, link, box } = readRelayed(data);
      this.picture?.links.takeBox(member, link, box);
    } catch (error) {
      console.warn("qwelp: the server sent a malformed message:", (error as Error).message);
    }
  }

  /** Loads what shows the page to agents, and shows it to those who are there already. */
  private async loadPicture(): Promise<void> {
    if (this.picture) return this.picture.listen();
    if (this.loading) return;
    this.loading = true;
    for (let attempt = 0; isRunning(this.session) && !this.picture; attempt++) {
      try {
        const [picture, capture] = await loadPicture(attempt);
        this.picture = new picture.Picture(capture.Capture, { session: () => this.session, settings: this.read, socket: this.socket }, {
          path: (member, path) => this.input({ type: "path", member, path }),
          unsealable: () => this.input({ type: "unsealable" }),
          control: (message, member) => this.control(message, member),
          overload: (member) => this.input({ type: "overload", member }),
          compared: () => this.show(),
        }, this.host, this.contents);
      } catch (error) {
        console.warn("qwelp: what shows the page cannot be loaded; trying again:", (error as Error).message);
        await new Promise((resolve) => setTimeout(resolve, loadPause));
      }
    }
    this.loading = false;
    if (!this.picture || !isRunning(this.session) || this.suspended) return;
    this.picture.listen();
    for (const member of this.session.members) if (!member.away && mayLook(this.session, member)) this.picture.links.open(member);
  }

  /** Effects and listeners may bring further inputs; each is taken when the one before is done. */
  private input(input: Input): void {
    if (!this.inputs.length && this.hold.taken()) return;
    this.inputs.push(input);
    if (this.inputs.length > 1) return;
    for (let next: Input | undefined; (next = this.inputs[0]); this.inputs.shift()) {
      const before = this.session;
      const [after, effects] = step(before, next, Date.now());
      this.session = after;
      for (const effect of effects) guard(() => this.carryOut(effect));
      guard(() => this.follow(before, after));
    }
  }

  private follow(before: Session, after: Session): void {
    if (after !== before) this.picture?.links.reach();
    if (!isRunning(after)) {
      this.picture?.end();
      this.contents.clear();
      this.telling?.stop();
    }
    if (after !== before) {
      this.keep();
      this.tell(before, after);
    }
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        void this.loadPicture(); // so that it is there when an agent is
        clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.input({ type: "unreachable" }), reachable);
        return this.socket.connect();
      case "disconnect":
        this.picture?.stop();
        return this.socket.close();
      case "reconnectAfter":
        return this.socket.reconnectAfter(effect.delay);
      case "send":
        return void this.socket.send(effect.message);
      case "openLink":
        return this.picture?.links.open(effect.member);
      case "closeLinks":
        for (const member of effect.members) this.picture?.close(member);
        return;
      case "broadcast":
        return this.broadcast(effect.message);
      case "share":
        return this.picture?.share(!effect.paused);
      case "forget":
        return this.hold.end();
      case "started":
        return this.host.emit("start", undefined);
    }
  }

  /** The customer has another network. */
  private moved(): void {
    this.picture?.links.each((link) => link.moved());
  }

  /** Who ends a session tells the server as well, which then tells who it was; the word over the link counts where that does not come. */
  private control(message: Control, member: string): void {
    if (message.type === "overload") this.input({ type: "overload", member });
    else if (message.type === "bye" && this.session.signalling) setTimeout(() => this.input({ type: "control", message }), byePause);
    else this.input({ type: "control", message });
  }

  private broadcast(message: Control): void {
    this.picture?.broadcast(message);
  }

  /** The page goes, perhaps into the back/forward cache: the next one takes up the session. */
  private suspend(): void {
    if (!isRunning(this.session) || this.suspended) return;
    this.leave(true);
  }

  /** The session goes on in another tab, which is in front. */
  private moveOn(): void {
    if (!isRunning(this.session) || this.suspended) return;
    this.leave(false);
    this.rest({ ...idle, message: "The session goes on in another tab." });
  }

  /** Another page has taken the session. Of two that come to the front at once both may have thought so. */
  private lost(): void {
    this.moveOn();
    if (this.inFront) void this.resume();
  }

  private get inFront(): boolean {
    return !document.hidden && document.hasFocus();
  }

  private leave(going: boolean): void {
    this.suspended = true;
    this.broadcast({ type: "pageLoading" });
    this.telling?.stop();
    this.picture?.end();
    this.picture?.links.drop();
    this.socket.close();
    this.hold.leave(this.stored, going);
  }

  /** The page is back from the back/forward cache. The loader calls resume if the session has gone on elsewhere; else it has ended there. */
  private restore(): void {
    if (!this.suspended) return;
    const goesOn = this.hold.waits;
    this.rest({ ...idle, state: goesOn ? "Idle" : "Stopped", message: `The session ${goesOn ? "goes on in another tab" : "has ended"}.` });
  }

  /** This page has no session any more. */
  private rest(session: Session): void {
    const before = this.session;
    this.session = session;
    this.suspended = false;
    this.contents.clear();
    this.tell(before, session);
    if (session.state === "Idle") this.dialog.hide();
  }

  private visibilityChanged(): void {
    if (this.suspended || !isRunning(this.session) || this.hold.taken()) return;
    this.broadcast({ type: "visibility", hidden: document.hidden });
    if (document.hidden) this.keep(); // the browser may discard the page without a word
    else this.socket.probe(); // the computer may have slept
  }

  /** What the next page needs. */
  private get stored(): Stored | undefined {
    if (!isRunning(this.session) || !this.session.token) return undefined;
    const { token, code, codeExpires, joinedAt, allowed, barred, paused } = this.session;
    return { token, code, codeExpires, joinedAt, allowed, barred, paused, duration: this.duration, contents: [...this.contents] };
  }

  private keep(): void {
    const { stored } = this;
    if (stored) this.hold.save(stored);
  }

  /** Tells the page's listeners and the customer what has changed. */
  private tell(before: Session, after: Session): void {
    tell(this.host.emit, before, after);
    this.show();
  }

  private show(): void {
    const { state, reason, code, codeExpires, members, joinedAt, paused, signalling } = this.session;
    const named = ({ name = "" }: Member): string => name;
    const asking = members.filter((member) => !mayLook(this.session, member)).map(named);
    const digits = this.picture?.links.digits ?? [];
    this.dialog.update({
      state, reason, code, codeExpires, agents: members.map(named), asking, since: joinedAt, digits, paused, server: signalling, online: navigator.onLine,
    });
  }
}
