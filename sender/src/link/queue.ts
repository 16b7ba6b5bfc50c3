import { MaxChunkBytes } from "../../../signal/wire/wire.gen.js";

const high = 1 << 20; // bytes given to the browser at once
const low = 256 << 10;
const limit = 32 << 20; // bytes that may wait

type Channel = Pick<RTCDataChannel, "send" | "bufferedAmount" | "bufferedAmountLowThreshold" | "onbufferedamountlow" | "readyState">;

/** FrameQueue cuts frames into chunks and gives them to a data channel no faster than it can send. */
export class FrameQueue {
  private readonly chunks: Uint8Array<ArrayBuffer>[] = [];
  private waiting = 0;
  private inside = false; // a frame of which some chunks are sent and others wait

  constructor(
    private readonly channel: Channel,
    private readonly overflow: () => void,
  ) {
    channel.bufferedAmountLowThreshold = low;
    channel.onbufferedamountlow = () => this.pump();
  }

  /** Bytes not yet sent. */
  get backlog(): number {
    return this.waiting + this.channel.bufferedAmount;
  }

  push(frame: Uint8Array<ArrayBuffer>): void {
    for (const chunk of chunksOf(frame)) {
      this.chunks.push(chunk);
      this.waiting += chunk.length;
    }
    if (this.waiting > limit) {
      this.drop();
      this.overflow();
      return;
    }
    this.pump();
  }

  private pump(): void {
    while (this.channel.readyState === "open" && this.channel.bufferedAmount < high) {
      const chunk = this.chunks.shift();
      if (!chunk) return;
      this.waiting -= chunk.length;
      this.inside = chunk[0] === 1;
      this.channel.send(chunk);
    }
  }

  /** Drops the frames that wait, but for the rest of one that has begun. */
  private drop(): void {
    this.chunks.length = this.inside ? this.chunks.findIndex((chunk) => chunk[0] === 0) + 1 : 0;
    this.waiting = this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

/** A frame in chunks: a first byte tells whether more of it follows. */
export function chunksOf(frame: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const size = MaxChunkBytes - 1;
  for (let at = 0; at === 0 || at < frame.length; at += size) {
    const part = frame.subarray(at, at + size);
    const chunk = new Uint8Array(part.length + 1);
    chunk[0] = at + size < frame.length ? 1 : 0;
    chunk.set(part, 1);
    chunks.push(chunk);
  }
  return chunks;
}
