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
    const chunks = chunksOf(data);
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
