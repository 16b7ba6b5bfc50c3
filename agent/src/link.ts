import type { Budget, senderRates } from "../../signal/wire/budget.js";
import type { Candidate, Control, Description, Path as PathName } from "../../signal/wire/wire.gen.js";
import { Connection } from "./connection.js";
import { Incoming, type Path } from "./incoming.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a link tells its owner. */
export interface LinkEvents {
  /** Sends a signalling message to the sender. */
  signal(message: Description | Candidate): void;
  /** Sends a packet over the relay. */
  relay(packet: Bytes): void;
  /** The sender goes on, for the first time or on another path. */
  turned(): void;
  /** The path may work now, or not any more. */
  changed(): void;
  frame(data: Uint8Array): void;
  /** Frames are lost for good: a new snapshot is needed. */
  gap(): void;
  control(message: Control): void;
  pointer(data: Uint8Array): void;
  /** It can never go on. */
  over(): void;
  /** The sender has sent what makes no sense. */
  malformed(): void;
  /** The sender has sent more than it may, and the link is over. */
  overload(): void;
}

/** Link leads to one page of the customer. Peer connections and the connection to the server come and go under it. */
export class Link {
  private readonly incoming: Incoming;
  private connection: Connection | undefined;
  private number = -1; // of the peer connection
  private relay: Path | undefined;

  /** name is that the sender gave it; member is the sender. */
  constructor(
    readonly name: string,
    private readonly member: string,
    private readonly configuration: () => RTCConfiguration,
    private readonly events: LinkEvents,
    private readonly budget: Budget<typeof senderRates>,
  ) {
    this.incoming = new Incoming(events, budget);
  }

  /** What it goes over; "none": over nothing that works, as far as is known on this side. */
  get path(): PathName {
    const { path } = this.incoming;
    if (!path) return "none";
    if (path === this.relay) return "relay";
    return path === this.connection && this.connection.usable ? "channel" : "none";
  }

  /** Whether it can go on without the server. */
  get open(): boolean {
    return this.connection?.open ?? false;
  }

  /** Whether packets make a detour, over whatever server. */
  get detour(): boolean {
    return this.path === "relay" || (this.connection?.detour ?? false);
  }

  /** Takes a signalling message about the peer connection of that number. */
  take(number: number, message: Description | Candidate): void {
    if (number < this.number) return;
    if (number > this.number && !this.connect(number)) return;
    if (message.type === "candidate") this.connection!.candidate(message);
    else if (message.kind === "offer") this.connection!.answer(message.sdp);
  }

  /** Takes a packet that came over the relay. */
  relayed(packet: Bytes): void {
    this.relay ??= { send: (answer) => this.events.relay(answer) };
    this.incoming.take(this.relay, packet);
  }

  /** A box came for it that does not open. */
  broken(): void {
    this.incoming.broken();
  }

  /** The connection to the server is lost, and with it what was on its way. */
  unseated(): void {
    this.relay = undefined;
  }

  send(message: Control): void {
    this.incoming.send(message);
  }

  point(data: Bytes): void {
    this.incoming.point(data);
  }

  /** Ends the link, after what was sent had a moment to leave. */
  close(): void {
    this.incoming.close();
    this.connection?.close();
  }

  /** Ends the link at once: the page goes. */
  drop(): void {
    this.incoming.close();
    this.connection?.drop();
  }

  /** Makes another peer connection. False: the sender has had too many. */
  private connect(number: number): boolean {
    if (!this.budget.take("connection")) {
      this.incoming.overload();
      return false;
    }
    this.connection?.close();
    this.number = number;
    const connection: Connection = new Connection(`${this.name}.${number}`, this.member, this.configuration, {
      signal: (message) => this.events.signal(message),
      packet: (data) => this.incoming.take(connection, data),
      foreign: () => this.incoming.overload(),
      changed: () => this.events.changed(),
    });
    this.connection = connection;
    this.events.changed();
    return true;
  }
}
