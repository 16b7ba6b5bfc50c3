import type { Budget, senderRates } from "../../signal/wire/budget.js";
import { packet, readPacket, type Packet } from "../../signal/wire/packet.js";
import { decodeControl, PacketAck, PacketControl, PacketFrom, PacketPointer, type Control } from "../../signal/wire/wire.gen.js";
import { Chunks } from "./chunks.js";
import { Delivery } from "./delivery.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** A way that packets come, and that others go back. What cannot be sent is lost. */
export interface Path {
  send(packet: Bytes): void;
}

/** What an incoming link tells its owner. */
export interface IncomingEvents {
  /** The sender goes on on another path, or on the same anew. The first time, the link begins. */
  turned(): void;
  frame(data: Uint8Array): void;
  /** Frames are lost for good: a new snapshot is needed. */
  gap(): void;
  control(message: Control): void;
  pointer(data: Uint8Array): void;
  /** The sender does not take what is said. Said once. */
  over(): void;
  /** The sender has sent what makes no sense. */
  malformed(): void;
  /** The sender has sent more than it may. It was told so, and nothing more is taken. Said once. */
  overload(): void;
}

const rest = 250; // ms between acknowledgements
const mostBytes = 64 << 10; // that come without one
const mostControls = 256; // that wait for one

/**
 * Incoming takes the packets of one link, whatever paths they come over, and hands on every frame and control message once and in order. It knows
 * nothing of networks. docs/protocol.md section 2.
 */
export class Incoming {
  private readonly chunks = new WeakMap<Path, Chunks>(); // of paths that have begun
  private readonly delivery: Delivery;
  private readonly early: Packet[] = []; // control messages before the first path is chosen
  private newest: Path | undefined;
  private turns = -1;
  private frames = 0; // number of the next
  private controls = 0;
  private readonly said: string[] = []; // control messages that are not acknowledged; the first has the number first
  private first = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private due = false;
  private size = 0; // bytes that are not acknowledged
  private over = false;

  /** budget is what the sender may send. */
  constructor(private readonly events: IncomingEvents, private readonly budget: Budget<typeof senderRates>) {
    this.delivery = new Delivery({
      frame: (data) => this.may("bytes", data.length) && events.frame(data),
      lost: () => !this.over && events.gap(),
    });
  }

  /** The path that the sender has chosen last; undefined: none yet. */
  get path(): Path | undefined {
    return this.newest;
  }

  /** Takes a packet. What no sender sends is dropped. */
  take(path: Path, data: Bytes): void {
    const kind = this.budget.kindOf(data);
    if (!this.may(kind)) return;
    try {
      if (kind === "malformed") throw new RangeError();
      this.read(path, readPacket(data));
    } catch {
      if (kind === "malformed" || this.may("malformed")) this.events.malformed();
    }
    if (this.due && (this.resting === undefined || this.size >= mostBytes)) this.acknowledge();
  }

  /** A box came for it that does not open, whoever has made it. */
  broken(): void {
    this.may("ack");
  }

  /** Ends it, since the sender has sent more than it may. */
  overload(): void {
    if (this.over) return;
    this.send({ type: "overload" });
    this.close();
    this.events.overload();
  }

  /** Says something to the sender, now or as soon as there is a path. */
  send(message: Control): void {
    if (this.over) return;
    const text = JSON.stringify(message);
    if (this.said.push(text) > mostControls) {
      this.close();
      this.events.over();
    } else if (this.newest) {
      this.say(this.newest, this.first + this.said.length - 1, text);
    }
  }

  /** Sends a move of the laser. One that gets lost is made void by the next. */
  point(data: Bytes): void {
    if (!this.over) this.newest?.send(packet(PacketPointer, 0, data));
  }

  /** Takes and tells nothing any more. */
  close(): void {
    this.over = true;
    clearTimeout(this.resting);
  }

  /** Whether the sender may send so much of a kind; it ends when not. */
  private may(kind: keyof typeof senderRates, n = 1): boolean {
    if (this.over) return false;
    if (!this.budget.take(kind, n)) this.overload();
    return !this.over;
  }

  private read(path: Path, read: Packet): void {
    switch (read.kind) {
      case PacketFrom:
        this.from(path, read);
        return;
      case PacketPointer:
        this.events.pointer(read.data);
        return;
      case PacketAck:
        this.acknowledged(read.also);
        return;
      case PacketControl:
        // A first "from" goes another way than control messages, and may be overtaken.
        if (this.newest) this.control(read);
        else if (this.early.length < mostControls) this.early.push(read);
        return;
      default:
        this.chunk(path, read);
    }
  }

  /** The sender goes on on a path, with all that is not acknowledged. */
  private from(path: Path, { number, also }: Packet): void {
    this.chunks.set(path, new Chunks());
    if (also <= this.turns) return; // late
    this.turns = also;
    this.newest = path;
    this.frames = Math.max(this.frames, number);
    this.events.turned();
    for (const early of this.early.splice(0)) this.control(early);
    this.said.forEach((text, i) => this.say(path, this.first + i, text));
    this.acknowledge();
  }

  private chunk(path: Path, read: Packet): void {
    // Before its "from", what comes over a path may have holes: it is of a connection before.
    const chunks = this.chunks.get(path);
    if (!chunks) return;
    this.came(read);
    if (read.number < this.frames) return;
    try {
      const parcel = chunks.add(read);
      if (!parcel) return;
      if (read.number > this.frames) this.events.gap();
      this.frames = read.number + 1;
      this.delivery.push(parcel);
    } catch (error) {
      this.frames = read.number + 1;
      this.events.gap();
      throw error;
    }
  }

  private control(read: Packet): void {
    this.came(read);
    // One that is ahead comes again, in its turn.
    if (read.number !== this.controls) return;
    this.controls++;
    const message = decodeControl(new TextDecoder().decode(read.data));
    if (message && (message.type !== "rejoin" || this.may("rejoin"))) this.events.control(message);
  }

  private acknowledged(next: number): void {
    const count = next - this.first;
    if (count <= 0 || count > this.said.length) return;
    this.said.splice(0, count);
    this.first = next;
  }

  private came({ data }: Packet): void {
    this.size += data.length;
    this.due = true;
  }

  private acknowledge(): void {
    if (this.over) return;
    this.due = false;
    this.size = 0;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      if (this.due) this.acknowledge();
    }, rest);
    this.newest?.send(packet(PacketAck, this.frames, this.controls));
  }

  private say(path: Path, number: number, text: string): void {
    path.send(packet(PacketControl, number, new TextEncoder().encode(text)));
  }
}
