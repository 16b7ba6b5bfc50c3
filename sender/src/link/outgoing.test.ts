import assert from "node:assert/strict";
import { test } from "node:test";
import { readPacket, type Packet } from "../../../signal/wire/packet.js";
import { PacketControl, PacketFrame, PacketFrom, PacketMore, PacketPacked } from "../../../signal/wire/wire.gen.js";
import { Outgoing, type Path } from "./outgoing.js";

/** A path that lets nothing leave until it is told. */
class SlowPath implements Path {
  sent: Packet[] = [];
  buffered = 0;
  high = 1 << 20;
  window = 8 << 20;
  most = 64 << 10;

  send(data: Uint8Array<ArrayBuffer>): void {
    assert.ok(data.length <= this.most);
    this.sent.push(readPacket(data));
    this.buffered += data.length;
  }

  /** What it was given, shortened: kind and number. */
  get said(): string[] {
    return this.sent.map(({ kind, number }) => `${["frame", "more", "packed", "control", "pointer", "ack", "from"][kind]} ${number}`);
  }
}

function outgoing(): { out: Outgoing; events: string[]; clock: { now: number } } {
  const events: string[] = [];
  const clock = { now: 1 };
  const out = new Outgoing({ behind: () => events.push("behind"), overfull: () => events.push("overfull") }, () => clock.now);
  return { out, events, clock };
}

const frame = (size: number, fill = 0): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(fill);

test("a path begins with its number, and with a snapshot the first time", () => {
  const { out, events } = outgoing();
  out.frame(frame(10), false); // nobody sees it
  const path = new SlowPath();
  out.begin(path);
  assert.deepEqual(events, ["behind"]);
  out.frame(frame(10), false);
  assert.deepEqual(path.said, ["from 0", "frame 0"]);
  const other = new SlowPath();
  out.begin(other);
  assert.deepEqual(events, ["behind"]);
  assert.deepEqual(other.said, ["from 0", "frame 0"]);
  assert.equal(other.sent[0]!.also, 2);
});

test("what is acknowledged is not sent again on another path, and the rest is, in order", () => {
  const { out } = outgoing();
  const path = new SlowPath();
  out.begin(path);
  for (let i = 0; i < 5; i++) out.frame(frame(10, i), false);
  for (let i = 0; i < 3; i++) out.control(`${i}`);
  out.acknowledged(2, 1);
  const other = new SlowPath();
  out.begin(other);
  out.frame(frame(10, 5), false);
  assert.deepEqual(other.said, ["from 2", "control 1", "control 2", "frame 2", "frame 3", "frame 4", "frame 5"]);
  assert.deepEqual(other.sent.slice(3).map(({ data }) => data[0]), [2, 3, 4, 5]);
});

test("frames of any size come in chunks that fit, also when the path changes in the middle", () => {
  const { out } = outgoing();
  const path = new SlowPath();
  Object.assign(path, { most: 1_000, high: 2_000 });
  out.begin(path);
  const data = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251);
  out.frame(data, false);
  assert.deepEqual(path.said, ["from 0", "more 0", "more 0"]);
  const other = new SlowPath();
  Object.assign(other, { most: 2_005 });
  out.begin(other);
  assert.deepEqual(other.said, ["from 0", "more 0", "more 0", "frame 0"]);
  assert.deepEqual(other.sent.slice(1).flatMap((p) => [...p.data]), [...data]);
  out.acknowledged(1, 0);
  assert.equal(out.backlog, other.buffered);
});

test("no more is given to a path than it takes, nor than the agent has acknowledged", () => {
  const { out } = outgoing();
  const path = new SlowPath();
  Object.assign(path, { high: 30_000, window: 50_000 });
  out.begin(path);
  for (let i = 0; i < 20; i++) out.frame(frame(10_000), false);
  assert.equal(path.sent.length, 1 + 3);
  path.buffered = 0;
  out.pump();
  assert.equal(path.sent.length, 1 + 5);
  path.buffered = 0;
  out.pump();
  assert.equal(path.sent.length, 1 + 5);
  assert.equal(out.backlog, 150_000);
  out.acknowledged(4, 0);
  assert.equal(path.sent.length, 1 + 5 + 3);
});

test("a frame that is larger than what may be unacknowledged comes whole", () => {
  const { out } = outgoing();
  const path = new SlowPath();
  Object.assign(path, { high: 1_000, window: 2_000, most: 505 });
  out.begin(path);
  out.frame(frame(10_000), false);
  out.frame(frame(10), false);
  for (let i = 0; i < 20; i++) {
    path.buffered = 0;
    out.pump();
  }
  assert.equal(path.said.at(-1), "frame 0");
  out.acknowledged(1, 0);
  assert.equal(path.said.at(-1), "frame 1");
});

test("too long a queue is dropped whole, and a snapshot follows", () => {
  const { out, events } = outgoing();
  const path = new SlowPath();
  out.begin(path);
  for (let i = 0; i < 11; i++) out.frame(frame(3 << 20), false);
  assert.deepEqual(events, ["behind", "behind"]);
  assert.equal(path.said.at(-1), "from 11");
  path.buffered = 0;
  out.frame(frame(7), false);
  assert.equal(path.said.at(-1), "frame 11");
  out.acknowledged(12, 0);
  assert.equal(out.since, 0);
});

test("without a path less may wait, and then nothing until there is one", () => {
  const { out, events } = outgoing();
  out.begin(new SlowPath());
  out.begin(undefined);
  for (let i = 0; i < 9; i++) out.frame(frame(1 << 20), false);
  assert.deepEqual(events, ["behind"]);
  const path = new SlowPath();
  out.begin(path);
  assert.deepEqual(events, ["behind", "behind"]);
  out.frame(frame(7), false);
  assert.deepEqual(path.said, ["from 5", "frame 5"]);
});

test("it is known since when an answer is waited for", () => {
  const { out, clock } = outgoing();
  out.begin(new SlowPath());
  assert.equal(out.since, 0);
  clock.now = 5;
  out.frame(frame(1), false);
  clock.now = 6;
  out.control("x");
  assert.equal(out.since, 5);
  clock.now = 9;
  out.acknowledged(1, 0);
  assert.equal(out.since, 9);
  out.acknowledged(1, 1);
  assert.equal(out.since, 0);
});

test("acknowledgements that make no sense change nothing", () => {
  const { out } = outgoing();
  const path = new SlowPath();
  out.begin(path);
  out.frame(frame(10), false);
  for (const [frames, controls] of [[2, 0], [0, 1], [4_000_000_000, 0]]) out.acknowledged(frames!, controls!);
  const other = new SlowPath();
  out.begin(other);
  assert.deepEqual(other.said, ["from 0", "frame 0"]);
});

test("control messages that nobody acknowledges are not kept for ever", () => {
  const { out, events } = outgoing();
  for (let i = 0; i < 257; i++) out.control("x");
  assert.deepEqual(events, ["overfull"]);
});

test("frames that can be compressed are, and keep their order", async () => {
  const { out } = outgoing();
  const path = new SlowPath();
  out.begin(path);
  const text = new TextEncoder().encode("<p>a page is mostly words that come again</p>".repeat(2_000));
  const noise = crypto.getRandomValues(new Uint8Array(5_000));
  out.frame(text, true);
  out.frame(new Uint8Array([1, 2, 3]), true);
  out.frame(noise, true);
  out.frame(new Uint8Array([4]), false);
  assert.equal(path.sent.length, 1);
  while (path.sent.length < 5) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(path.sent.map(({ kind }) => kind), [PacketFrom, PacketPacked, PacketFrame, PacketFrame, PacketFrame]);
  assert.ok(path.sent[1]!.data.length < text.length / 20);
  const stream = new Blob([path.sent[1]!.data.slice()]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), text);
  assert.deepEqual([...path.sent[3]!.data], [...noise]);
  assert.ok(![PacketMore, PacketControl].includes(path.sent[4]!.kind));
});

test("what is captured while there is no way to the agent is of no use, once that is said: a snapshot follows on the next path", () => {
  const { out, events } = outgoing();
  out.begin(new SlowPath());
  out.lacks(); // there is a path
  assert.deepEqual(events, ["behind"]);
  out.begin(undefined);
  out.discard(); // the customer pauses
  out.lacks(); // and goes on
  out.frame(frame(10), false);
  const path = new SlowPath();
  out.begin(path);
  assert.deepEqual(events, ["behind", "behind"]);
  assert.deepEqual(path.said, ["from 0"]);
});
