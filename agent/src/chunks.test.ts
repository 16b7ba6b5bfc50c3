import assert from "node:assert/strict";
import { test } from "node:test";
import { MaxChunkBytes, MaxFrameBytes } from "../../signal/wire/wire.gen.js";
import { Chunks, unpack } from "./chunks.js";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const plain = (...values: number[]) => ({ data: bytes(...values), packed: false });

test("a frame is complete with the chunk that says so", () => {
  const chunks = new Chunks();
  assert.deepEqual(chunks.add(bytes(0, 7, 8)), plain(7, 8));
  assert.equal(chunks.add(bytes(1, 1, 2)), undefined);
  assert.equal(chunks.add(bytes(1)), undefined);
  assert.deepEqual(chunks.add(bytes(0, 3)), plain(1, 2, 3));
  assert.deepEqual(chunks.add(bytes(0)), plain());
  assert.deepEqual(chunks.add(bytes(2, 9)), { data: bytes(9), packed: true });
});

test("what is no chunk is refused", () => {
  for (const chunk of [bytes(), bytes(3, 1), new Uint8Array(MaxChunkBytes + 1)]) assert.throws(() => new Chunks().add(chunk), RangeError);
});

test("a frame may not be larger than a frame may be", () => {
  const chunks = new Chunks();
  const chunk = new Uint8Array(MaxChunkBytes).fill(1, 0, 1);
  assert.throws(() => {
    for (let size = 0; size <= MaxFrameBytes; size += MaxChunkBytes - 1) chunks.add(chunk);
  }, RangeError);
});

async function deflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

test("a compressed frame becomes what it was", async () => {
  const frame = new TextEncoder().encode("many words, many words, many words");
  assert.deepEqual(await unpack(await deflated(frame)), frame);
});

test("a frame that is damaged, or too large when decompressed, is refused", async () => {
  await assert.rejects(unpack(bytes(1, 2, 3)));
  await assert.rejects(unpack((await deflated(new Uint8Array(1_000))).slice(0, -2)));
  await assert.rejects(unpack(await deflated(new Uint8Array(MaxFrameBytes + 1))), RangeError);
});
