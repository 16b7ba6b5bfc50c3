import { ChunkMore, ChunkPacked, MaxChunkBytes, MaxFrameBytes } from "../../signal/wire/wire.gen.js";

/** A frame as it was sent. */
export interface Parcel {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether data is compressed (RFC 1951). */
  readonly packed: boolean;
}

/** Chunks puts frames together from the messages of the frames channel. */
export class Chunks {
  private parts: Uint8Array<ArrayBuffer>[] = [];
  private size = 0;

  /** Takes a chunk; gives the frame it completes, if it does. Throws RangeError on what no sender sends. */
  add(chunk: Uint8Array<ArrayBuffer>): Parcel | undefined {
    const kind = chunk[0];
    if (kind === undefined || kind > ChunkPacked || chunk.length > MaxChunkBytes) throw new RangeError("not a chunk");
    const part = chunk.subarray(1);
    this.size += part.length;
    if (this.size > MaxFrameBytes) throw new RangeError("a frame is too large");
    this.parts.push(part);
    if (kind === ChunkMore) return undefined;
    const data = this.parts.length === 1 ? part : join(this.parts, this.size);
    this.parts = [];
    this.size = 0;
    return { data, packed: kind === ChunkPacked };
  }
}

/** Decompresses a frame. The promise is rejected when it is damaged, or too large. */
export async function unpack(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
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

function join(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
