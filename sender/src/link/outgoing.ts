import { packet } from "../../../signal/wire/packet.js";
import { MaxFrameBytes, PacketControl, PacketFrame, PacketFrom, PacketMore, PacketPacked } from "../../../signal/wire/wire.gen.js";
import { isWorth, pack, type Packed } from "./pack.js";

/** A way to the agent. */
export interface Path {
  /** Most bytes of a packet. */
  readonly most: number;
  /** Bytes that are given to it and have not left. */
  readonly buffered: number;
  /** Bytes that are given to it at once. */
  readonly high: number;
  /** Bytes of frames on it that the agent may not have acknowledged. */
  readonly window: number;
  send(packet: Uint8Array<ArrayBuffer>): void;
}

/** A frame that the agent has not acknowledged. */
interface Kept {
  size: number;
  ready?: Packed; // missing while it is being compressed
}

const mostHeld = 32 << 20; // bytes that may wait, and while there is no path
const mostHeldAway = 4 << 20;
const mostControls = 256;
const headBytes = 5;

/**
 * Outgoing numbers what is said to one agent, keeps it until it is acknowledged, and gives it to the path of the moment, no faster than that takes
 * it. It knows neither page nor network. docs/protocol.md section 2.
 */
export class Outgoing {
  private frames: Kept[] = []; // the first has the number base
  private base = 0;
  private next = 0; // index of the frame that is sent next
  private at = 0; // bytes of it that are sent
  private held = 0; // bytes of all frames
  private flown = 0; // bytes of those sent on this path
  private readonly controls: string[] = []; // the first has the number first
  private first = 0;
  private turns = 0;
  private path: Path | undefined;
  private behind = true; // frames were dropped: a snapshot has to follow

  /** When the agent last acknowledged something, or was sent something after it had all: milliseconds; 0: nothing is to be acknowledged. */
  since = 0;

  /** behind is called when the frames of a snapshot are needed; overfull when control messages are not taken. */
  constructor(
    private readonly events: { behind(): void; overfull(): void },
    private readonly now: () => number,
  ) {}

  /** Bytes of frames that have not left. */
  get backlog(): number {
    return this.held - this.flown + (this.path?.buffered ?? 0);
  }

  /** Bytes that are on their way, as far as is known. */
  get underway(): number {
    return this.flown + (this.path?.buffered ?? 0);
  }

  /** Goes on on a path, with all that is not acknowledged; undefined: there is none. */
  begin(path: Path | undefined): void {
    this.path = path;
    this.next = this.at = this.flown = this.since = 0;
    if (!path) return;
    this.from();
    this.controls.forEach((text, i) => this.say(this.first + i, text));
    if (this.behind) {
      this.behind = false;
      this.events.behind();
    }
    this.pump();
  }

  /** Sends a frame; packable ones are compressed when that helps. */
  frame(data: Uint8Array<ArrayBuffer>, packable: boolean): void {
    if (this.behind || data.length > MaxFrameBytes) return;
    const kept: Kept = { size: data.length };
    this.frames.push(kept);
    this.held += kept.size;
    if (this.held > (this.path ? mostHeld : mostHeldAway)) return this.drop();
    const ready = (packed: Packed): void => {
      this.held += packed.data.length - kept.size;
      kept.size = packed.data.length;
      kept.ready = packed;
    };
    if (!packable || !isWorth(data)) {
      ready({ data, packed: false });
      this.pump();
      return;
    }
    void pack(data).then((packed) => {
      if (!this.frames.includes(kept)) return;
      ready(packed);
      this.pump();
    });
  }

  control(text: string): void {
    if (this.controls.push(text) > mostControls) return this.events.overfull();
    if (this.path) this.say(this.first + this.controls.length - 1, text);
  }

  /** The agent has all frames and control messages before these numbers. */
  acknowledged(frame: number, control: number): void {
    const frames = frame - this.base;
    const controls = control - this.first;
    // Of another path, late; or of an agent that makes no sense.
    if (frames < 0 || controls < 0 || frames > this.frames.length || controls > this.controls.length) return;
    for (const { size } of this.frames.splice(0, frames)) {
      this.held -= size;
      this.flown = Math.max(0, this.flown - size);
    }
    if (frames > this.next) this.at = 0; // sent over another path
    this.next = Math.max(0, this.next - frames);
    this.base = frame;
    this.controls.splice(0, controls);
    this.first = control;
    this.since = this.pending ? this.now() : 0; // the agent lives, also when it has nothing whole yet
    this.pump();
  }

  /** Gives the path what it takes. */
  pump(): void {
    const { path } = this;
    // What has begun goes on: the agent acknowledges whole frames only.
    while (path && path.buffered < path.high && (this.flown < path.window || this.at > 0)) {
      const ready = this.frames[this.next]?.ready;
      if (!ready) return;
      const end = this.at + path.most - headBytes;
      const part = ready.data.subarray(this.at, end);
      const last = end >= ready.data.length;
      path.send(packet(last ? (ready.packed ? PacketPacked : PacketFrame) : PacketMore, this.base + this.next, part));
      this.flown += part.length;
      this.since ||= this.now();
      this.at = last ? 0 : end;
      if (last) this.next++;
    }
  }

  /** Without a path, what is captured now is of no use: a snapshot has to follow. */
  lacks(): void {
    if (!this.path) this.behind = true;
  }

  /** Gives up all frames that wait or are not acknowledged; a snapshot has to follow. */
  discard(): void {
    if (this.frames.length > 0) this.drop();
  }

  private get pending(): boolean {
    return this.next > 0 || this.at > 0 || this.controls.length > 0;
  }

  private say(number: number, text: string): void {
    this.since ||= this.now();
    this.path!.send(packet(PacketControl, number, new TextEncoder().encode(text)));
  }

  private from(): void {
    this.path!.send(packet(PacketFrom, this.base, ++this.turns));
  }

  /** More waits than may. */
  private drop(): void {
    this.base += this.frames.length;
    this.frames = [];
    this.next = this.at = this.held = this.flown = 0;
    if (this.path) {
      this.from();
      this.events.behind();
    } else this.behind = true;
  }
}
