/** A frame as it is sent. */
export interface Packed {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether data is compressed (RFC 1951). */
  readonly packed: boolean;
}

const least = 1 << 10; // bytes of a frame that is worth it
const format = "deflate-raw";

// A frame for several agents is compressed once.
const known = new WeakMap<Uint8Array, Promise<Packed>>();

/** Whether a frame is worth compressing, and this browser can. */
export const isWorth = (frame: Uint8Array): boolean => frame.length >= least && typeof CompressionStream === "function";

/** Compresses a frame. One that becomes no smaller stays as it is. */
export function pack(frame: Uint8Array<ArrayBuffer>): Promise<Packed> {
  let packing = known.get(frame);
  if (!packing) {
    packing = deflate(frame).then(
      (data) => (data.length < frame.length ? { data, packed: true } : { data: frame, packed: false }),
      () => ({ data: frame, packed: false }),
    );
    known.set(frame, packing);
  }
  return packing;
}

async function deflate(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([frame]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
