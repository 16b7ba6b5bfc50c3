import type { Packet } from "../../signal/wire/packet.js";
import { MaxFrameBytes, PacketMore, PacketPacked } from "../../signal/wire/wire.gen.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** A frame as it was sent. */
export interface Parcel {
  readonly data: Bytes;
  /** Whether data is compressed (RFC 1951). */
  readonly packed: boolean;
}

/** Chunks puts the frames together that come over one path. */
export class Chunks {
  private buffer: Bytes = new Uint8Array(0);
  private size = 0;
  private number = -1; // of the frame whose chunks are in the buffer

  /** Takes a chunk; gives the frame it completes, if it does. Throws RangeError, and forgets the frame, when that is too large. */
  add({ kind, number, data }: Packet): Parcel | undefined {
    if (number !== this.number) this.drop();
    this.number = number;
    const size = this.size + data.length;
    if (size > MaxFrameBytes) {
      this.drop();
      throw new RangeError("a frame is too large");
    }
    const packed = kind === PacketPacked;
    if (kind !== PacketMore && this.size === 0) return { data, packed };
    this.grow(size);
    this.buffer.set(data, this.size);
    this.size = size;
    if (kind === PacketMore) return undefined;
    const whole = this.buffer.subarray(0, size);
    this.drop();
    return { data: whole, packed };
  }

  /** Forgets what has come of a frame. */
  drop(): void {
    this.buffer = new Uint8Array(0);
    this.size = 0;
    this.number = -1;
  }

  // Copied at once: chunks of a byte each would otherwise hold a hundred times as much.
  private grow(size: number): void {
    if (size <= this.buffer.length) return;
    const larger = new Uint8Array(Math.min(MaxFrameBytes, Math.max(size, 2 * this.buffer.length)));
    larger.set(this.buffer.subarray(0, this.size));
    this.buffer = larger;
  }
}

/** Decompresses a frame. The promise is rejected when it is damaged, or too large. */
export async function unpack(data: Bytes): Promise<Bytes> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Bytes[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(parts, size);
    parts.push(value);
    size += value.length;
    if (size > MaxFrameBytes) {
      void reader.cancel();
      throw new RangeError("a frame is too large");
    }
  }
}

function join(parts: readonly Uint8Array[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
