import type { agentRates, Budget } from "../../../signal/wire/budget.js";
import { readPacket, packet } from "../../../signal/wire/packet.js";
import {
  decodeControl, PacketAck, PacketPointer, type Candidate, type Control, type Description, type ICEServer, type Path as PathName, type Sealed,
} from "../../../signal/wire/wire.gen.js";
import { Connection, type Post } from "./connection.js";
import { Outgoing, type Path } from "./outgoing.js";
import type { Relay } from "../relay.js";

/** What a link tells its owner. */
export interface LinkEvents {
  /** The link goes over another path now; the first is its begin. */
  path(name: PathName): void;
  /** The link cannot go on; said once. */
  closed(): void;
  control(message: Control): void;
  /** The agent has moved its laser. */
  laser(data: Uint8Array): void;
  /** The agent has sent what makes no sense. */
  malformed(): void;
  /** The agent has sent more than it may, and the link is over; said once. */
  overload(): void;
  /** What the agent has is too old to go on with: a snapshot must follow. */
  behind(): void;
  /** Nothing comes back over the connection to the server, which may be dead, or busy with what is under way: so many bytes. */
  suspect(underway: number): void;
}

/** What a link needs. */
export interface LinkNeeds {
  servers(): readonly ICEServer[];
  post(): Promise<Post>;
  /** Opens the relay; undefined: there is none for this agent. take gets what comes, undefined when it does not open. */
  relay(link: string, take: (data: Uint8Array<ArrayBuffer> | undefined) => void): Promise<Relay> | undefined;
  /** What the agent may send. */
  readonly budget: Budget<typeof agentRates>;
}

const look = 250; // ms between looks at whether the agent gets what it is sent
const silence = 2_000; // ms after which it does not seem to
const firstStay = 5_000; // ms on the relay after the channels were silent; twice as long each time
const longestStay = 60_000;
const firstPause = 250; // ms until a new peer connection
const longestPause = 5_000;
const longestRest = 30_000; // as long as the relay carries the link
const lasting = 30_000; // ms after which a peer connection was a good one
const relayPause = 2_000; // ms until another try to have a relay, and twice as long each time
const longestRelayPause = 60_000;

/** Link leads to one page of an agent's console, over data channels or the relay, whatever works. docs/protocol.md section 2. */
export class Link {
  /** As it is called in signalling. */
  readonly name = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  private readonly out: Outgoing;
  private connection: Connection | undefined;
  private connections = 0;
  private failures = 0;
  private relay: Relay | undefined;
  private reachable = false;
  private ready: boolean; // a peer connection may be made
  private barred = false; // the browser, or what guards it, makes no peer connections
  private stalled = 0; // until when the channels are not to be trusted
  private stay = firstStay;
  private path: Path | undefined;
  private heard = 0; // control messages of the agent
  private pause = 0;
  private readonly watch: number;
  private over = false;

  constructor(
    private readonly agent: string,
    private readonly needs: LinkNeeds,
    private readonly events: LinkEvents,
  ) {
    this.out = new Outgoing({ behind: () => events.behind(), overfull: () => this.end() }, () => performance.now());
    this.watch = window.setInterval(() => this.check(), look);
    // The first picture goes over the relay, so it comes before the peer connection, whose making takes a moment.
    this.ready = !this.openRelay();
  }

  private openRelay(attempt = 0): boolean {
    const relay = this.needs.relay(this.name, (data) => (data ? this.received(data) : this.may("ack")));
    relay?.then((opened) => {
      if (this.over) return opened.close();
      this.relay = opened;
      this.choose();
    }, (error: unknown) => {
      if (attempt === 0) console.warn("qwelp: no relay; trying again:", (error as Error).message);
      setTimeout(() => this.over || this.openRelay(attempt + 1), Math.min(longestRelayPause, relayPause * 2 ** attempt));
    }).finally(() => {
      this.ready = true;
      this.connect();
    });
    return relay !== undefined;
  }

  /** Bytes that wait to be sent. */
  get backlog(): number {
    return this.out.backlog;
  }

  /** Tells whether the server passes messages on between this page and the agent. */
  reach(reachable: boolean): void {
    if (this.reachable === reachable || this.over) return;
    this.reachable = reachable;
    if (reachable) {
      if (!this.connection) this.connect();
      else if (!this.connection.usable || performance.now() < this.stalled) this.connection.restart();
    }
    this.choose();
  }

  /** The agent has a new connection to the server. What was on its way over the one before is lost. */
  back(): void {
    if (this.path && this.path === this.relay) this.out.begin(this.path);
  }

  /** The network has changed. */
  moved(): void {
    if (!this.reachable) return;
    if (this.connection) this.connection.restart();
    else this.connect();
  }

  /** Takes a signalling message from the agent. */
  take(message: Description | Candidate | Sealed): void {
    if (message.link === this.connection?.name) this.connection.take(message);
  }

  /** Takes a box from the relay. */
  takeBox(link: string, box: Uint8Array<ArrayBuffer>): void {
    if (this.may("bytes", box.length) && link === this.name) this.relay?.take(box);
  }

  /** Sends a frame; packable ones are compressed when that helps. */
  frame(data: Uint8Array<ArrayBuffer>, packable: boolean): void {
    this.out.frame(data, packable);
  }

  pointer(data: Uint8Array<ArrayBuffer>): void {
    this.path?.send(packet(PacketPointer, 0, data));
  }

  /** What is captured now comes too early for an agent who cannot be reached. */
  lacks(): void {
    this.out.lacks();
  }

  /** Sends nothing of the frames any more that have not arrived. */
  discard(): void {
    this.out.discard();
  }

  control(message: Control): void {
    this.out.control(JSON.stringify(message));
  }

  /** Ends the link, after what was sent had a moment to leave. */
  close(): void {
    this.forget();
    this.connection?.close();
  }

  /** Ends the link at once: the page goes. */
  drop(): void {
    this.forget();
    this.connection?.drop();
  }

  private connect(): void {
    if (!this.ready || !this.reachable || this.connection || this.barred || this.over) return;
    clearTimeout(this.pause);
    try {
      this.connection = this.newConnection();
    } catch (error) {
      this.barred = true;
      console.warn("qwelp: this browser makes no peer connections, so only the relay is left:", (error as Error).message);
    }
  }

  private newConnection(): Connection {
    let since = 0; // when it was usable first
    const connection: Connection = new Connection(`${this.name}.${this.connections++}`, this.agent, this.needs.servers, {
      changed: () => {
        if (this.connection !== connection) return;
        if (connection.usable) since ||= performance.now();
        this.choose();
      },
      interrupted: () => {
        this.events.suspect(this.out.underway);
        if (this.connection === connection && this.reachable) connection.restart();
      },
      room: () => this.out.pump(),
      packet: (data) => this.may("bytes", data.length) && this.received(data),
      foreign: () => this.overload(),
      failed: () => {
        if (this.connection !== connection) return;
        // An agent must not have us make one after another.
        if (since && performance.now() - since > lasting) this.failures = 0;
        this.connection = undefined;
        this.events.suspect(this.out.underway);
        this.choose();
        this.pause = window.setTimeout(() => this.connect(), Math.min(this.path ? longestRest : longestPause, firstPause * 2 ** this.failures++));
      },
    }, this.needs.post());
    return connection;
  }

  /** Takes the best path there is. */
  private choose(): void {
    if (this.over) return;
    const channel = this.connection?.usable ? this.connection : undefined;
    const relay = this.reachable ? this.relay : undefined;
    const path = (performance.now() < this.stalled && relay) || channel || relay;
    if (path === this.path) return;
    this.path = path;
    this.events.path(!path ? "none" : path === channel ? "channel" : "relay");
    if (this.path === path) this.out.begin(path);
  }

  /** What stays unacknowledged is on a path that is dead, whatever the browser says. */
  private check(): void {
    const now = performance.now();
    if (this.out.since && now - this.out.since > silence) {
      if (this.reachable) this.events.suspect(this.out.underway);
      if (this.path && this.path === this.connection) {
        this.stalled = now + this.stay;
        this.stay = Math.min(2 * this.stay, longestStay);
      }
    }
    this.choose();
  }

  /** Whether the agent may send so much of a kind; the link ends when not. */
  private may(kind: keyof typeof agentRates, n = 1): boolean {
    if (!this.over && !this.needs.budget.take(kind, n)) this.overload();
    return !this.over;
  }

  private received(data: Uint8Array<ArrayBuffer>): void {
    const counted = this.needs.budget.kindOf(data);
    if (!this.may(counted)) return;
    try {
      if (counted === "malformed") throw new RangeError();
      const { kind, number, also, data: text } = readPacket(data);
      if (kind === PacketPointer) return this.events.laser(text);
      if (kind === PacketAck) return this.out.acknowledged(number, also);
      const fresh = number === this.heard;
      if (fresh) this.heard++;
      this.path?.send(packet(PacketAck, 0, this.heard));
      const message = fresh && decodeControl(new TextDecoder().decode(text));
      if (message && (message.type !== "resync" || message.frames?.length || this.may("resync"))) this.events.control(message);
    } catch {
      if (counted === "malformed" || this.may("malformed")) this.events.malformed();
    }
  }

  /** The agent has sent more than it may, which ends the link for good. */
  private overload(): void {
    if (this.over) return;
    this.over = true;
    this.control({ type: "overload" });
    const { relay } = this;
    this.relay = undefined;
    this.close();
    // Over the relay, what was said last has to be sealed before all else may end.
    void Promise.resolve(relay?.sent).then(() => {
      relay?.close();
      this.events.overload();
    });
  }

  private forget(): void {
    this.over = true;
    this.relay?.close();
    clearInterval(this.watch);
    clearTimeout(this.pause);
  }

  private end(): void {
    if (this.over) return;
    this.drop();
    this.events.closed();
  }
}
