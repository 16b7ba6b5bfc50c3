import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet } from "../../signal/wire/packet.js";
import { MaxFrameBytes, MaxPacketBytes, PacketFrame, PacketMore, PacketPacked } from "../../signal/wire/wire.gen.js";
import { Chunks, unpack } from "./chunks.js";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const plain = (...values: number[]) => ({ data: bytes(...values), packed: false });
const chunk = (kind: number, number: number, data: Uint8Array<ArrayBuffer>): Packet => ({ kind, number, also: 0, data });
const more = (number: number, ...values: number[]): Packet => chunk(PacketMore, number, bytes(...values));
const last = (number: number, ...values: number[]): Packet => chunk(PacketFrame, number, bytes(...values));

test("a frame is complete with the chunk that says so", () => {
  const chunks = new Chunks();
  assert.deepEqual(chunks.add(last(0, 7, 8)), plain(7, 8));
  assert.equal(chunks.add(more(1, 1, 2)), undefined);
  assert.equal(chunks.add(more(1)), undefined);
  assert.deepEqual(chunks.add(last(1, 3)), plain(1, 2, 3));
  assert.deepEqual(chunks.add(last(2)), plain());
  assert.deepEqual(chunks.add(chunk(PacketPacked, 3, bytes(9))), { data: bytes(9), packed: true });
});

test("chunks of another frame are forgotten", () => {
  const chunks = new Chunks();
  chunks.add(more(0, 1));
  assert.deepEqual(chunks.add(last(1, 2)), plain(2));
  assert.deepEqual(chunks.add(last(0, 3)), plain(3));
});

test("a frame may not be larger than a frame may be", () => {
  const chunks = new Chunks();
  const size = MaxPacketBytes - 5;
  const large = chunk(PacketMore, 0, new Uint8Array(size));
  for (let n = 0; n < Math.floor(MaxFrameBytes / size); n++) chunks.add(large);
  const rest = MaxFrameBytes % size;
  assert.throws(() => chunks.add(chunk(PacketFrame, 0, new Uint8Array(rest + 1))), RangeError);
  assert.deepEqual(chunks.add(last(1, 5)), plain(5));
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
