import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { Budget, senderRates } from "../../signal/wire/budget.js";
import { packet, readPacket, type Packet } from "../../signal/wire/packet.js";
import {
  AckBurst, ControlBurst, ControlRate, DataBurst, FrameBurst, FromBurst, MalformedBurst, PointerBurst, RejoinBurst, MaxFrameBytes, MaxPacketBytes, PacketAck, PacketControl, PacketFrame, PacketFrom, PacketMore, PacketPacked, PacketPointer, type Control,
} from "../../signal/wire/wire.gen.js";
import { Incoming, type Path } from "./incoming.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** A path that keeps what the agent says. */
class FakePath implements Path {
  sent: Packet[] = [];

  send(data: Bytes): void {
    this.sent.push(readPacket(data));
  }

  /** What the agent has said, shortened. */
  get said(): string[] {
    return this.sent.splice(0).map(({ kind, number, also }) => (kind === PacketAck ? `ack ${number} ${also}` : `control ${number}`));
  }
}

function begin() {
  const clock = { now: 0 };
  const told: string[] = [];
  const frames: Bytes[] = [];
  const controls: Control[] = [];
  const budget = new Budget(senderRates, () => clock.now);
  const incoming: Incoming = new Incoming({
    turned: () => told.push("turned"),
    frame: (data) => frames.push(data as Bytes),
    gap: () => told.push("gap"),
    control: (message) => controls.push(message),
    pointer: (data) => told.push(`pointer ${data.length}`),
    over: () => told.push("over"),
    malformed: () => told.push("malformed"),
    overload: () => told.push("overload"),
  }, budget);
  const path = new FakePath();
  const take = (kind: number, number: number, data: Uint8Array | number, over = path): void => incoming.take(over, packet(kind, number, data));
  const say = (number: number, message: Control, over = path): void => take(PacketControl, number, new TextEncoder().encode(JSON.stringify(message)), over);
  return { clock, budget, incoming, told, frames, controls, path, take, say };
}

const bytes = (...values: number[]): Bytes => new Uint8Array(values);
const hidden: Control = { type: "visibility", hidden: true };
const resync: Control = { type: "resync", reason: "gap" };

test("a link begins with its first path, and frames count from there", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrame, 0, bytes(1));
  assert.deepEqual([s.told, s.frames, s.incoming.path, s.path.said], [[], [], undefined, []]);
  s.take(PacketFrom, 3, 1);
  assert.deepEqual([s.told, s.incoming.path, s.path.said], [["turned"], s.path, ["ack 3 0"]]);
  s.take(PacketFrame, 2, bytes(2));
  s.take(PacketFrame, 3, bytes(3));
  assert.deepEqual(s.frames, [bytes(3)]);
});

test("what comes is acknowledged at once after a rest, else when that is over, and whenever much has come", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrom, 0, 1);
  s.path.said;
  s.take(PacketFrame, 0, bytes(1));
  s.take(PacketFrame, 1, bytes(1));
  assert.deepEqual(s.path.said, []);
  t.mock.timers.tick(250);
  assert.deepEqual(s.path.said, ["ack 2 0"]);
  t.mock.timers.tick(1_000);
  assert.deepEqual(s.path.said, []);
  s.take(PacketFrame, 2, bytes(1));
  assert.deepEqual(s.path.said, ["ack 3 0"]);
  for (let i = 0; i < 4; i++) s.take(PacketMore, 3, new Uint8Array(32 << 10));
  assert.deepEqual(s.path.said, ["ack 3 0", "ack 3 0"]);
  s.say(0, hidden);
  t.mock.timers.tick(250);
  assert.deepEqual(s.path.said, ["ack 3 1"]);
});

test("control messages that overtake the first path wait for it", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.say(0, hidden);
  s.say(1, { type: "pageLoading" });
  assert.deepEqual(s.controls, []);
  s.take(PacketFrom, 0, 1);
  assert.deepEqual([s.controls, s.path.said], [[hidden, { type: "pageLoading" }], ["ack 0 2"]]);
  s.say(1, hidden);
  s.say(3, hidden);
  assert.equal(s.controls.length, 2);
});

test("what is said is said again on the next path until it is acknowledged", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.incoming.send(resync);
  s.take(PacketFrom, 0, 1);
  s.incoming.send(resync);
  s.incoming.send(resync);
  assert.deepEqual(s.path.said, ["control 0", "ack 0 0", "control 1", "control 2"]);
  s.take(PacketAck, 0, 2);
  s.take(PacketAck, 0, 1);
  s.take(PacketAck, 0, 9);
  const other = new FakePath();
  s.take(PacketFrom, 0, 2, other);
  assert.deepEqual([other.said, s.path.said], [["control 2", "ack 0 0"], []]);
  s.take(PacketFrom, 0, 1);
  s.incoming.send(resync);
  assert.deepEqual([other.said, s.path.said], [["control 3"], []], "a late path changes nothing");
  s.take(PacketFrom, 0, 3);
  assert.deepEqual(s.path.said, ["control 2", "control 3", "ack 0 0"]);
});

test("a link is over when the sender takes nothing of what is said", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrom, 0, 1);
  for (let i = 0; i < 300; i++) s.incoming.send(resync);
  s.take(PacketFrame, 0, bytes(1));
  assert.deepEqual([s.told, s.frames], [["turned", "over"], []]);
});

test("frames that are missing are told, and those behind count", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrom, 0, 1);
  s.take(PacketFrame, 1, bytes(1));
  s.take(PacketFrame, 0, bytes(0));
  s.take(PacketFrame, 2, bytes(2));
  assert.deepEqual([s.told, s.frames], [["turned", "gap"], [bytes(1), bytes(2)]]);
  // Those that the sender has dropped are none: a snapshot follows.
  s.take(PacketFrom, 9, 2);
  s.take(PacketFrame, 9, bytes(9));
  assert.deepEqual([s.told, s.frames.length], [["turned", "gap", "turned"], 3]);
});

test("chunks of a frame count only over one path", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  const other = new FakePath();
  s.take(PacketFrom, 0, 1);
  s.take(PacketMore, 0, bytes(1));
  s.take(PacketFrom, 0, 2, other);
  s.take(PacketMore, 0, bytes(1), other);
  s.take(PacketFrom, 0, 3);
  s.take(PacketMore, 0, bytes(1));
  s.take(PacketMore, 0, bytes(2), other);
  s.take(PacketFrame, 0, bytes(2));
  s.take(PacketFrame, 0, bytes(3), other);
  assert.deepEqual([s.frames, s.told], [[bytes(1, 2)], ["turned", "turned", "turned"]]);
});

test("what no sender sends is dropped", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrom, 0, 1);
  for (const data of [bytes(), bytes(7, 0, 0, 0, 0), bytes(0, 1), new Uint8Array(MaxPacketBytes + 1), bytes(6, 0, 0, 0, 0)]) s.incoming.take(s.path, data);
  s.take(PacketControl, 0, new TextEncoder().encode("{"));
  s.say(1, hidden);
  assert.deepEqual([s.controls, s.told.splice(0)], [[hidden], ["turned", ...Array<string>(6).fill("malformed")]]);
  for (let size = 0; size <= MaxFrameBytes; size += MaxPacketBytes - 5) s.take(PacketMore, 0, new Uint8Array(MaxPacketBytes - 5));
  s.take(PacketFrame, 0, bytes(1));
  s.take(PacketFrame, 1, bytes(2));
  s.take(PacketPointer, 0, bytes(3));
  assert.deepEqual([s.frames, s.told], [[bytes(2)], ["gap", "malformed", "pointer 1"]]);
});

async function deflated(data: Bytes): Promise<Bytes> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

test("frames keep their order while one is decompressed, and a damaged one is told", async () => {
  const s = begin();
  const [first, third, last] = await Promise.all([deflated(bytes(1, 1, 1)), deflated(bytes(3)), deflated(bytes(6))]);
  s.take(PacketFrom, 0, 1);
  s.take(PacketPacked, 0, first);
  s.take(PacketPacked, 1, bytes(1, 2, 3));
  s.take(PacketFrame, 2, bytes(2));
  s.take(PacketPacked, 3, third);
  s.take(PacketFrame, 4, bytes(4));
  assert.deepEqual(s.frames, []);
  while (s.frames.length < 4) await new Promise(setImmediate);
  s.take(PacketFrame, 5, bytes(5));
  assert.deepEqual([s.frames, s.told], [[bytes(1, 1, 1), bytes(2), bytes(3), bytes(4), bytes(5)], ["turned", "gap"]]);
  s.take(PacketPacked, 6, last);
  s.incoming.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(s.frames.length, 5);
});

/** A random number below n, the same for every run. */
function dice(seed: number): (n: number) => number {
  return (n) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 16) % n;
  };
}

/** A way on which packets are under way, in their order; lost are those on it when it breaks. */
class Way {
  private readonly queues: Bytes[][] = [[], []]; // what the frames channel carries, and the control channel
  readonly back: Path;
  constructor(private readonly incoming: Incoming, heard: (data: Packet) => void) {
    this.back = { send: (data) => heard(readPacket(data)) };
  }

  send(data: Bytes): void {
    this.queues[data[0] === PacketControl ? 1 : 0]!.push(data);
  }

  arrive(channel: number): void {
    const data = this.queues[channel]!.shift();
    if (data) this.incoming.take(this.back, data);
  }

  get busy(): boolean {
    return this.queues.some((queue) => queue.length > 0);
  }
}

/** Plays a sender that changes paths all the time, loses what is under way, and reads only some of what is acknowledged. */
function torture(seed: number): void {
  const roll = dice(seed);
  const frames: Bytes[] = [];
  const controls: Control[] = [];
  const gaps: string[] = [];
  let minutes = 0; // rates are no matter here
  const incoming: Incoming = new Incoming({
    turned: () => undefined, frame: (data) => frames.push(data as Bytes), gap: () => gaps.push("gap"), control: (message) => controls.push(message),
    pointer: () => undefined, over: () => gaps.push("over"), malformed: () => gaps.push("malformed"), overload: () => gaps.push("overload"),
  }, new Budget(senderRates, () => 60_000 * minutes++));
  const want = Array.from({ length: 60 }, (_, i) => new Uint8Array(1 + roll(40)).fill(i));
  const words = Array.from({ length: 20 }, (_, i): Control => ({ type: "reveal", link: `${i}`, nonce: "" }));
  const acknowledged = { frame: 0, control: 0 };
  let turns = 0;
  let [next, at, said] = [0, 0, 0];
  let way: Way;
  const old: Way[] = [];
  const turn = (): void => {
    // Back to a way that still has packets under way, or on to a fresh one; sometimes the old one breaks.
    const kept = roll(2) === 0 ? old[roll(old.length || 1)] : undefined;
    const last = way;
    way = kept ?? new Way(incoming, ({ kind, number, also }) => {
      if (kind !== PacketAck || roll(3) === 0) return;
      if (number > want.length || also > words.length) gaps.push("too much is acknowledged");
      acknowledged.frame = Math.max(acknowledged.frame, number);
      acknowledged.control = Math.max(acknowledged.control, also);
    });
    if (last && roll(3) === 0) old.splice(old.indexOf(last), old.includes(last) && last !== way ? 1 : 0);
    if (!old.includes(way)) old.push(way);
    [next, at, said] = [acknowledged.frame, 0, acknowledged.control];
    way.send(packet(PacketFrom, next, ++turns));
  };
  turn();
  for (let step = 0; frames.length < want.length || controls.length < words.length; step++) {
    assert.ok(step < 100_000 && gaps.length === 0, `seed ${seed}: ${gaps.join() || "it never ends"}`);
    const frame = want[next];
    switch (roll(8)) {
      case 0:
        if (roll(4) === 0) turn();
        break;
      case 1:
        if (said < words.length) way!.send(packet(PacketControl, said, new TextEncoder().encode(JSON.stringify(words[said++]))));
        break;
      case 2:
      case 3:
        if (!frame) break;
        if (at + 10 < frame.length) {
          way!.send(packet(PacketMore, next, frame.subarray(at, (at += 10))));
        } else {
          way!.send(packet(PacketFrame, next++, frame.subarray(at)));
          at = 0;
        }
        break;
      default:
        old[roll(old.length)]!.arrive(roll(2));
    }
    if (!frame && said === words.length && !old.some(({ busy }) => busy) && roll(10) === 0) turn();
  }
  incoming.close();
  assert.deepEqual([frames, controls, gaps], [want, words, []], `seed ${seed}`);
}

test("whatever paths break and change, every frame and control message comes once and in order", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (let seed = 1; seed <= 100; seed++) torture(seed);
});

/** How many packets are taken until it is too much. */
function flood(s: ReturnType<typeof begin>, send: (i: number) => void): number {
  for (let i = 0; i < 100_000; i++) {
    send(i);
    if (s.told.includes("overload")) return i;
  }
  return Infinity;
}

const floods: readonly [name: string, burst: number, send: (s: ReturnType<typeof begin>, i: number) => void][] = [
  ["control messages", ControlBurst, (s, i) => s.say(i, hidden)],
  ["control messages that have come before", ControlBurst, (s) => s.say(0, hidden)],
  ["codes to join with", RejoinBurst, (s, i) => s.say(i, { type: "rejoin", code: `${i}` })],
  ["acknowledgements", AckBurst, (s) => s.take(PacketAck, 0, 0)],
  ["frames", FrameBurst, (s, i) => s.take(PacketFrame, i, bytes(1))],
  ["chunks of a frame that never ends", FrameBurst, (s) => s.take(PacketMore, 0, bytes())],
  ["chunks of frames that never end", FrameBurst, (s, i) => s.take(PacketMore, i, bytes(1))],
  ["pointer moves", PointerBurst, (s) => s.take(PacketPointer, 0, bytes(1, 1, 1))],
  ["choices of a path", FromBurst - 1, (s, i) => s.take(PacketFrom, 0, 2 + i)],
  ["unknown packets", MalformedBurst, (s) => s.incoming.take(s.path, bytes(9))],
  ["empty packets", MalformedBurst, (s) => s.incoming.take(s.path, bytes())],
  ["packets that are too large", MalformedBurst, (s) => s.incoming.take(s.path, new Uint8Array(MaxPacketBytes + 1))],
  ["control messages that are none", MalformedBurst, (s, i) => s.take(PacketControl, i, bytes(1))],
  ["bytes", 8, (s, i) => {
    if (i === 0) s.budget.take("bytes", (DataBurst << 20) - 8 * 40_000);
    s.take(PacketFrame, i, new Uint8Array(40_000));
  }],
];

for (const [name, burst, send] of floods) {
  test(`a flood of ${name} ends the link, which both ends hear once`, (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const s = begin();
    s.take(PacketFrom, 0, 1);
    const taken = flood(s, (i) => send(s, i));
    assert.ok(taken >= burst && taken <= burst + 1, `${taken} of ${burst}`);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(s.path.sent.at(-1)!.data)), { type: "overload" });
    const [controls, frames] = [s.controls.length, s.frames.length];
    send(s, taken + 1);
    assert.deepEqual([s.told.filter((event) => event === "overload").length, s.controls.length, s.frames.length], [1, controls, frames]);
  });
}

test("what comes no faster than is allowed goes on for ever", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const s = begin();
  s.take(PacketFrom, 0, 1);
  for (let i = 0; i < 10 * ControlBurst; i++) {
    s.clock.now += 1000 / ControlRate;
    s.say(i, hidden);
    s.take(PacketPointer, 0, bytes(1, 1, 1));
    s.take(PacketFrame, i, bytes(1));
  }
  assert.ok(!s.told.includes("overload"));
});

test("frames that decompress to far more than they are end the link before memory does", async () => {
  const s = begin();
  s.take(PacketFrom, 0, 1);
  const packed = new Uint8Array(deflateRawSync(new Uint8Array(MaxFrameBytes)));
  assert.ok(packed.length < MaxPacketBytes);
  s.budget.take("bytes", (DataBurst << 20) - 2 * MaxFrameBytes);
  for (let i = 0; i < 4; i++) s.take(PacketPacked, i, packed);
  for (const end = Date.now() + 20_000; !s.told.includes("overload"); await new Promise(setImmediate)) assert.ok(Date.now() < end, "it does not come");
  assert.equal(s.frames.length, 2);
});
