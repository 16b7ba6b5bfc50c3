import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf, FrameQueue } from "./queue.js";

/** A data channel that sends nothing until it is drained. */
class SlowChannel {
  readyState = "open" as const;
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow: (() => void) | null = null;
  sent: Uint8Array[] = [];

  send(data: Uint8Array): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
  }

  drain(): void {
    this.bufferedAmount = 0;
    this.onbufferedamountlow?.();
  }
}

/** Frames as the far side puts them together. */
function frames(chunks: Uint8Array[]): number[] {
  const sizes: number[] = [];
  let size = 0;
  for (const chunk of chunks) {
    size += chunk.length - 1;
    if (chunk[0] === 1) continue;
    sizes.push(size);
    size = 0;
  }
  return sizes;
}

function open(overflow = (): void => assert.fail("overflow")): { channel: SlowChannel; queue: FrameQueue } {
  const channel = new SlowChannel();
  return { channel, queue: new FrameQueue(channel as unknown as RTCDataChannel, overflow) };
}

test("frames of any size come out whole", () => {
  for (const size of [0, 1, 65_534, 65_535, 65_536, 300_000]) {
    const data = Uint8Array.from({ length: size }, (_, i) => i % 251);
    const chunks = chunksOf({ data, packed: false });
    assert.ok(chunks.every((chunk) => chunk.length <= 64 << 10));
    assert.deepEqual(chunks.flatMap((chunk) => [...chunk.subarray(1)]), [...data]);
    assert.deepEqual(frames(chunks), [size]);
  }
});

test("no more is given to the channel than it should hold, and the rest follows in order", () => {
  const { channel, queue } = open();
  for (let i = 1; i <= 40; i++) queue.push(new Uint8Array(100_000 + i));
  assert.ok(channel.bufferedAmount < 1.2 * (1 << 20));
  while (queue.backlog > 0) channel.drain();
  assert.deepEqual(frames(channel.sent), Array.from({ length: 40 }, (_, i) => 100_001 + i));
});

test("too long a queue is dropped whole, but for the frame that has begun", () => {
  let overflowed = 0;
  const { channel, queue } = open(() => overflowed++);
  while (overflowed === 0) queue.push(new Uint8Array(3_000_000));
  queue.push(new Uint8Array(7));
  while (queue.backlog > 0) channel.drain();
  assert.deepEqual(frames(channel.sent), [3_000_000, 7]);
});

test("frames that can be compressed are, and keep their order", async () => {
  const { channel, queue } = open();
  const text = new TextEncoder().encode("<p>a page is mostly words that come again</p>".repeat(2_000));
  const noise = crypto.getRandomValues(new Uint8Array(5_000));
  queue.push(text, true);
  queue.push(new Uint8Array([1, 2, 3]), true);
  queue.push(noise, true);
  queue.push(new Uint8Array([4]));
  assert.equal(channel.sent.length, 0);
  while (channel.sent.length < 4) await new Promise((resolve) => setTimeout(resolve));
  const [first, second, third, fourth] = channel.sent;
  assert.equal(first![0], 2);
  assert.ok(first!.length < text.length / 20);
  const stream = new Blob([first!.slice(1)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), text);
  assert.deepEqual([...second!], [0, 1, 2, 3]);
  assert.deepEqual([...third!], [0, ...noise]);
  assert.deepEqual([...fourth!], [0, 4]);
  channel.drain();
  assert.equal(queue.backlog, 0);
});
