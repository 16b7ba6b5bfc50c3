import { ChunkLast, ChunkMore, ChunkPacked, MaxChunkBytes } from "../../../signal/wire/wire.gen.js";
import { isWorth, pack, type Packed } from "./pack.js";

const high = 1 << 20; // bytes given to the browser at once
const low = 256 << 10;
const limit = 32 << 20; // bytes that may wait

type Channel = Pick<RTCDataChannel, "send" | "bufferedAmount" | "bufferedAmountLowThreshold" | "onbufferedamountlow" | "readyState">;

/** A frame that is being compressed, or waits for one that is. */
interface Parcel {
  readonly size: number;
  ready?: Packed;
}

/** FrameQueue compresses frames, cuts them into chunks and gives them to a data channel no faster than it can send. */
export class FrameQueue {
  private readonly parcels: Parcel[] = [];
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

  push(frame: Uint8Array<ArrayBuffer>, packable = false): void {
    const parcel: Parcel = { size: frame.length };
    this.parcels.push(parcel);
    this.waiting += parcel.size;
    if (this.waiting > limit) {
      this.drop();
      this.overflow();
      return;
    }
    if (packable && isWorth(frame)) {
      void pack(frame).then((packed) => {
        parcel.ready = packed;
        this.cut();
      });
      return;
    }
    parcel.ready = { data: frame, packed: false };
    this.cut();
  }

  /** Cuts the frames that are ready, in their order. */
  private cut(): void {
    for (let parcel = this.parcels[0]; parcel?.ready; parcel = this.parcels[0]) {
      this.parcels.shift();
      this.waiting -= parcel.size;
      for (const chunk of chunksOf(parcel.ready)) {
        this.chunks.push(chunk);
        this.waiting += chunk.length;
      }
    }
    this.pump();
  }

  private pump(): void {
    while (this.channel.readyState === "open" && this.channel.bufferedAmount < high) {
      const chunk = this.chunks.shift();
      if (!chunk) return;
      this.waiting -= chunk.length;
      this.inside = chunk[0] === ChunkMore;
      this.channel.send(chunk);
    }
  }

  /** Drops the frames that wait, but for the rest of one that has begun. */
  private drop(): void {
    this.parcels.length = 0;
    this.chunks.length = this.inside ? this.chunks.findIndex((chunk) => chunk[0] !== ChunkMore) + 1 : 0;
    this.waiting = this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

/** A frame in chunks: a first byte tells whether more of it follows. */
export function chunksOf({ data, packed }: Packed): Uint8Array<ArrayBuffer>[] {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const size = MaxChunkBytes - 1;
  for (let at = 0; at === 0 || at < data.length; at += size) {
    const part = data.subarray(at, at + size);
    const chunk = new Uint8Array(part.length + 1);
    chunk[0] = at + size < data.length ? ChunkMore : packed ? ChunkPacked : ChunkLast;
    chunk.set(part, 1);
    chunks.push(chunk);
  }
  return chunks;
}
