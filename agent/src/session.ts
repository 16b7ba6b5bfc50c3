import {
  CloseAuth, CloseEnded, CloseReplaced, CloseVersion, type Control, type EndReason, type Error as WireError, type Joined, type Member,
  type Mark, type Message, type Path, type ShowMark, type Unmark, type Resumed, type Told,
} from "../../signal/wire/wire.gen.js";
import { Absence } from "./absence.js";
import { Calm } from "./calm.js";
import { Comparing } from "./comparing.js";
import { loadKeys, pageKey, publicHalf } from "./keys.js";
import { Links } from "./links.js";
import { Relays } from "./relays.js";
import { Seals } from "./seals.js";
import { Signaller, type Socket } from "./signaller.js";
import { loadSession, saveSession } from "./store.js";
import { strings } from "./strings.js";
import type { Known } from "./ui/details.js";
import type { Status, View } from "./view.js";

export type { Status, View } from "./view.js";

const knownOf = ({ metaData = {}, verified = {} }: Joined | Resumed | Told): Known => ({ metaData, verified });
const mostLacking = 2_000; // assets in one message
const goesOn = 2_000; // ms after which frames tell that the customer did not leave the page after all

/** Session is the agent's side of a session, from the support code to its end. */
export class Session {
  private readonly signaller: Signaller;
  private readonly links: Links;
  private readonly seals: Seals;
  private readonly relays: Relays;
  private readonly key = pageKey();
  private readonly comparing = new Comparing(() => this.publicKey(), (digits) => {
    this.digits = digits;
    this.tell();
  });
  private digits: string | undefined = "";
  private members: readonly Member[] = [];
  private member = ""; // this agent's id
  private known = ""; // about the customer, as JSON
  private since = 0;
  private running = false;
  private gone = false; // the server forgot the session
  private linked = false; // there has been a link
  private fresh = false; // what is seen is of the page that the link leads to
  private ends = 0; // when, as the server says, unless the customer comes back
  private readonly absence = new Absence(() => this.tell());
  private leaving = 0; // when the customer's page said that it goes
  private detour = false; // the path makes one, or the last did
  private readonly calm = new Calm(() => this.tell());
  private background = false;
  private paused = false;

  constructor(
    open: (subprotocol: string) => Socket,
    private readonly view: View,
  ) {
    this.signaller = new Signaller(open, {
      joined: (message) => this.joined(message),
      refused: (error) => this.refused(error),
      gone: () => this.forgotten(),
      connected: (yes) => this.connected(yes),
      closed: (code) => this.closed(code),
      message: (message) => this.message(message),
      relayed: (data) => this.running && this.relays.take(data, (member) => this.isSender(member)),
    });
    this.relays = new Relays(loadKeys, this.key, {
      send: (message) => this.signaller.relay(message),
      packet: (member, link, packet) => this.running && this.links.relayed(member, link, packet),
      broken: (link) => this.running && this.links.broken(link),
    });
    this.seals = new Seals(loadKeys, {
      send: (message) => this.signaller.send(message),
      take: (message) => {
        if (!this.running) return;
        this.comparing.heard(message);
        this.links.take(message);
      },
      impossible: (fingerprint) => this.impossible(fingerprint),
    });
    this.links = new Links({
      signal: (message) => this.seals.send(this.comparing.said(message)),
      relay: (member, link, packet) => this.relays.send(member, link, packet),
      opened: () => {
        this.linked = true;
        this.fresh = this.background = this.paused = false;
        this.leaving = 0;
        this.digits = ""; // of the link before
        view.restart();
        view.tools([], this.member); // until the sender says so
        this.moved();
      },
      changed: () => this.moved(),
      frame: (data) => this.frame(data),
      gap: () => view.gap(),
      overload: () => void this.relays.sent.then(() => this.overload()), // it is said over the relay, too
      control: (message) => this.control(message),
      pointer: (data) => view.pointer(data),
    });
  }

  /** Goes on with the session that ran in this tab before a reload, or offers to join one. */
  begin(name: string): void {
    const kept = loadSession();
    if (!kept) {
      this.view.start("", 0);
      return;
    }
    this.since = kept.since;
    this.view.joining(strings.resuming);
    void this.publicKey().then((key) => this.signaller.resume(kept.token, name, key));
  }

  join(code: string, name: string): void {
    this.view.joining(strings.joining);
    void this.publicKey().then((key) => this.signaller.join(code, name, key));
  }

  /** Ends the session for all. */
  end(): void {
    this.signaller.send({ type: "end" });
    this.links.send({ type: "bye", reason: "agent" });
    this.finish(strings.endedTitle, strings.endedByYou);
  }

  /** The network may be back, or another. */
  probe(): void {
    this.signaller.probe();
  }

  /** The console's page goes. The sender is to know at once, since after a reload it has to make a new link. */
  leave(): void {
    this.links.drop();
  }

  /** A new page is shown in full. */
  shown(): void {
    this.fresh = true;
    this.leaving = 0;
    this.tell();
  }

  /** Asks the sender for a new snapshot, of the page or of one inside a frame. */
  resync(reason: "gap" | "refused", frames: readonly number[]): void {
    this.links.send({ type: "resync", reason, ...(frames.length > 0 && { frames }) });
  }

  /** Asks the sender for the bytes of assets. */
  lack(assets: readonly number[]): void {
    for (let i = 0; i < assets.length; i += mostLacking) this.links.send({ type: "lack", assets: assets.slice(i, i + mostLacking) });
  }

  /** Draws on the customer's page, or takes it back. */
  mark(message: Mark | Unmark | ShowMark): void {
    this.links.send(message);
  }

  /** Moves the laser on the customer's page. */
  point(data: Uint8Array<ArrayBuffer>): void {
    this.links.point(data);
  }

  /** The name of another agent. */
  nameOf(member: string): string {
    return this.members.find(({ id }) => id === member)?.name ?? "";
  }

  private joined(message: Joined | Resumed): void {
    const first = !this.running;
    this.gone = false;
    this.running = true;
    this.since ||= Date.now();
    this.members = message.members;
    this.member = message.member;
    this.seals.at(message.session, message.member);
    this.relays.at(message.session, message.member);
    this.links.iceServers = message.iceServers ?? [];
    this.links.hidden = message.hidden ?? false;
    saveSession({ token: message.token, since: this.since });
    const known = knownOf(message);
    if (first) this.view.running(this.since, known, message.session);
    else if (JSON.stringify(known) !== this.known) this.view.told(known);
    this.known = JSON.stringify(known);
    this.moved();
  }

  private connected(yes: boolean): void {
    if (!yes) {
      this.relays.unseated();
      this.links.unseated();
    }
    this.moved();
  }

  private refused(error: WireError | undefined): void {
    this.since = 0;
    this.view.start(error?.message ?? strings.unreachable, error?.retryAfter ?? 0);
  }

  private forgotten(): void {
    if (!this.running || !this.links.open) {
      this.finish(strings.lostTitle, strings.lost);
      return;
    }
    // The sender gets a new session and leads us into it.
    this.gone = true;
    saveSession(undefined);
  }

  private closed(code: number): void {
    const reasons: Record<number, string> = {
      [CloseAuth]: strings.notAgent, [CloseReplaced]: strings.replaced, [CloseVersion]: strings.outdated, [CloseEnded]: strings.lost,
    };
    const reason = reasons[code] ?? strings.refused;
    if (this.running) this.finish(strings.endedTitle, reason);
    else {
      saveSession(undefined);
      this.refused({ type: "error", code: "unavailable", message: reason });
    }
  }

  private message(message: Message): void {
    switch (message.type) {
      case "description":
      case "candidate":
      case "sealed":
        if (this.isSender(message.from)) this.seals.take(message);
        return;
      case "told": {
        const known = knownOf(message);
        this.known = JSON.stringify(known);
        this.view.told(known);
        return;
      }
      case "credentials":
        this.links.iceServers = message.iceServers;
        return;
      case "memberJoined":
      case "memberBack":
        if (message.member.role === "sender") this.ends = 0;
        this.members = [...this.members.filter(({ id }) => id !== message.member.id), message.member];
        break;
      case "memberAway":
        if (this.isSender(message.member)) this.ends = Date.now() + message.within;
        this.members = this.members.map((member) => (member.id === message.member ? { ...member, away: true } : member));
        break;
      case "memberLeft":
        this.members = this.members.filter(({ id }) => id !== message.member);
        break;
      case "ended":
        this.ended(message.reason);
        return;
      default:
        return;
    }
    this.moved();
  }

  private control(message: Control): void {
    switch (message.type) {
      case "can":
        this.view.tools(message.tools, this.member);
        return;
      case "marked":
        this.view.marked(message.marks);
        return;
      case "marksGone":
        this.view.marksGone(message.from, message.ids);
        return;
      case "pageLoading":
        this.fresh = false;
        this.leaving = performance.now();
        break;
      case "visibility":
        this.background = message.hidden;
        break;
      case "sharing":
        this.paused = message.paused;
        break;
      case "rejoin":
        this.signaller.rejoin(message.code);
        return;
      case "reveal":
        void this.comparing.reveal(message);
        return;
      case "bye":
        this.ended(message.reason);
        return;
      case "overload":
        this.overload();
        return;
      default:
        return;
    }
    this.tell();
  }

  private frame(data: Uint8Array): void {
    this.view.frame(data);
    if (this.leaving && performance.now() - this.leaving > goesOn) this.shown();
  }

  private overload(): void {
    if (this.running) this.finish(strings.endedTitle, strings.overload);
  }

  private ended(reason: EndReason): void {
    const declined = reason === "declined";
    this.finish(declined ? strings.declinedTitle : strings.endedTitle, strings.ended[reason], !declined);
  }

  /** No link can come about, so this agent leaves, and the customer learns it. */
  private impossible(fingerprint: string): void {
    if (!this.running) return;
    this.signaller.send({ type: "leave" });
    this.finish(strings.sealedTitle, fingerprint ? strings.keyMissing(fingerprint) : strings.unsealed);
  }

  private finish(title: string, text: string, lasted = true): void {
    saveSession(undefined);
    this.running = this.gone = this.linked = this.fresh = this.background = this.paused = false;
    this.since = this.leaving = this.ends = 0;
    this.absence.over();
    this.members = [];
    this.digits = "";
    this.comparing.clear();
    this.calm.set(true);
    this.signaller.stop();
    this.links.close();
    this.view.ended(title, text, lasted);
  }

  private async publicKey(): Promise<string> {
    const key = await this.key;
    return key ? publicHalf(key) : "";
  }

  private isSender(member: string | undefined): boolean {
    return this.members.some(({ id, role }) => id === member && role === "sender");
  }

  /** The path, or what it needs, may be another now. */
  private moved(): void {
    if (!this.running) return;
    if (this.gone && !this.links.open) {
      this.finish(strings.lostTitle, strings.lost);
      return;
    }
    this.signaller.carries(this.links.path === "relay");
    if (this.calm.set(!this.linked || this.path !== "none")) this.signaller.probe();
    if (this.path !== "none") this.detour = this.links.detour;
    this.tell();
  }

  private tell(): void {
    if (!this.running) return;
    this.view.others(this.members.filter(({ role }) => role === "agent").map(({ name }) => name || strings.agent));
    this.view.status({ state: this.absence.lasting(this.state), ends: this.ends, way: this.way, digits: this.digits, server: this.signaller.connected, background: this.background && this.fresh });
  }

  private get state(): Status["state"] {
    if (!this.linked) return "connecting";
    if (!this.calm.lost && this.paused) return "paused";
    if (!this.calm.lost) return this.fresh ? "live" : "loading";
    return this.away || this.leaving > 0 ? "loading" : "reconnecting";
  }

  private get way(): Status["way"] {
    if (this.calm.lost || !this.linked) return "none";
    return this.detour ? "detour" : "direct";
  }

  private get path(): Path {
    const { path } = this.links;
    return path === "relay" && (this.away || !this.signaller.connected) ? "none" : path;
  }

  private get away(): boolean {
    return this.members.some(({ role, away }) => role === "sender" && away);
  }
}
