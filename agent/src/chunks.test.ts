import assert from "node:assert/strict";
import { test } from "node:test";
import { MaxChunkBytes, MaxFrameBytes } from "../../signal/wire/wire.gen.js";
import { Chunks } from "./chunks.js";

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

test("a frame is complete with the chunk that says so", () => {
  const chunks = new Chunks();
  assert.deepEqual(chunks.add(bytes(0, 7, 8)), bytes(7, 8));
  assert.equal(chunks.add(bytes(1, 1, 2)), undefined);
  assert.equal(chunks.add(bytes(1)), undefined);
  assert.deepEqual(chunks.add(bytes(0, 3)), bytes(1, 2, 3));
  assert.deepEqual(chunks.add(bytes(0)), bytes());
});

test("what is no chunk is refused", () => {
  for (const chunk of [bytes(), bytes(2, 1), new Uint8Array(MaxChunkBytes + 1)]) assert.throws(() => new Chunks().add(chunk), RangeError);
});

test("a frame may not be larger than a frame may be", () => {
  const chunks = new Chunks();
  const chunk = new Uint8Array(MaxChunkBytes).fill(1, 0, 1);
  assert.throws(() => {
    for (let size = 0; size <= MaxFrameBytes; size += MaxChunkBytes - 1) chunks.add(chunk);
  }, RangeError);
});
