import { MaxChunkBytes, MaxFrameBytes } from "../../signal/wire/wire.gen.js";

/** Chunks puts frames together from the messages of the frames channel. */
export class Chunks {
  private parts: Uint8Array[] = [];
  private size = 0;

  /** Takes a chunk; gives the frame it completes, if it does. Throws RangeError on what no sender sends. */
  add(chunk: Uint8Array): Uint8Array | undefined {
    const more = chunk[0];
    if (more === undefined || more > 1 || chunk.length > MaxChunkBytes) throw new RangeError("not a chunk");
    const part = chunk.subarray(1);
    this.size += part.length;
    if (this.size > MaxFrameBytes) throw new RangeError("a frame is too large");
    this.parts.push(part);
    if (more === 1) return undefined;
    const frame = this.parts.length === 1 ? part : join(this.parts, this.size);
    this.parts = [];
    this.size = 0;
    return frame;
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
