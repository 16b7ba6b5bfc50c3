import { readPacket, packet } from "../../../signal/wire/packet.js";
import {
  decodeControl, PacketAck, PacketControl, PacketPointer, type Candidate, type Control, type Description, type ICEServer, type Path as PathName, type Sealed,
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
  /** What the agent has is too old to go on with: a snapshot must follow. */
  behind(): void;
  /** Nothing comes back over the connection to the server, which may be dead, or busy with what is under way: so many bytes. */
  suspect(underway: number): void;
}

/** What a link needs. */
export interface LinkNeeds {
  servers(): readonly ICEServer[];
  post(): Promise<Post>;
  /** Opens the relay; undefined: there is none for this agent. */
  relay(link: string, take: (data: Uint8Array<ArrayBuffer>) => void): Promise<Relay> | undefined;
}

const look = 250; // ms between looks at whether the agent gets what it is sent
const silence = 2_000; // ms after which it does not seem to
const firstStay = 5_000; // ms on the relay after the channels were silent; twice as long each time
const longestStay = 60_000;
const firstPause = 250; // ms until a new peer connection
const longestPause = 5_000;
const longestRest = 30_000; // as long as the relay carries the link
const relayPause = 2_000; // ms until another try to have a relay

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

  private openRelay(): boolean {
    const relay = this.needs.relay(this.name, (data) => this.received(data));
    relay?.then((opened) => {
      if (this.over) return opened.close();
      this.relay = opened;
      this.choose();
    }, (error: unknown) => {
      console.warn("qwelp: no relay; trying again:", (error as Error).message);
      setTimeout(() => this.over || this.openRelay(), relayPause);
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
    if (link === this.name) this.relay?.take(box);
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
    const connection: Connection = new Connection(`${this.name}.${this.connections++}`, this.agent, this.needs.servers, {
      changed: () => {
        if (this.connection !== connection) return;
        if (connection.usable) this.failures = 0;
        this.choose();
      },
      interrupted: () => {
        this.events.suspect(this.out.underway);
        if (this.connection === connection && this.reachable) connection.restart();
      },
      room: () => this.out.pump(),
      packet: (data) => this.received(data),
      failed: () => {
        if (this.connection !== connection) return;
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

  private received(data: Uint8Array<ArrayBuffer>): void {
    if (this.over) return;
    try {
      const { kind, number, also, data: text } = readPacket(data);
      if (kind === PacketAck) this.out.acknowledged(number, also);
      if (kind !== PacketControl) return;
      const fresh = number === this.heard;
      if (fresh) this.heard++;
      this.path?.send(packet(PacketAck, 0, this.heard));
      const message = fresh && decodeControl(new TextDecoder().decode(text));
      if (message) this.events.control(message);
    } catch (error) {
      console.warn("qwelp: the agent sent a malformed message:", (error as Error).message);
    }
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
