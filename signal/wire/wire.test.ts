import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ByteReader, FrameError } from "./bytes.js";
import { WireError } from "./decode.js";
import { FrameWriter, readOps, type FrameSink } from "./frame.gen.js";
import { decodeControl, decodeMessage, MaxInterned } from "./wire.gen.js";

type Field = string | number | boolean | readonly string[] | readonly number[] | { hex: string };
type Op = [name: string, ...fields: Field[]];
type FrameVector = { name: string; frames: { seq: number; ops: Op[]; hex: string }[] };
type BadVector = { name: string; hex: string[] };
type PointerVector = { seq: number; x: number; y: number; hex: string };

const folder = new URL("./testdata/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), "utf8");
const json = (path: string): unknown => JSON.parse(read(path));
const files = (path: string): string[] => readdirSync(new URL(path, folder)).filter((name) => name.endsWith(".json"));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

const families = [
  { path: "messages/", decode: decodeMessage },
  { path: "controls/", decode: decodeControl },
] as const;

for (const { path, decode } of families) {
  test(`good ${path} are read and written again as they were`, () => {
    for (const name of files(path)) {
      const text = read(path + name);
      assert.equal(JSON.stringify(decode(text)), JSON.stringify(JSON.parse(text)), name);
    }
  });

  test(`bad ${path} are refused for their reason`, () => {
    for (const name of files(path + "bad/")) {
      const { why, reason, text } = json(`${path}bad/${name}`) as { why: string; reason: string; text: string };
      if (reason === "unknown type") assert.equal(decode(text), undefined, `${name}: ${why}`);
      else assert.throws(() => decode(text), WireError, `${name}: ${why}`);
    }
  });
}

test("an error names the field and never its value", () => {
  const text = '{"type":"memberJoined","member":{"id":"m1","role":"hunter2"}}';
  assert.throws(() => decodeMessage(text), (error: Error) => /memberJoined\.member\.role/.test(error.message) && !/hunter2/.test(error.message));
});

test("keys of metaData reach no prototype", () => {
  const message = decodeMessage(read("messages/resumed-agent.json"));
  assert.ok(message?.type === "resumed");
  assert.equal(Object.getPrototypeOf(message.metaData), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(message.metaData, "__proto__")?.value, "just a key");
});

/** Calls the sink's method of each operation, by name. */
function call(sink: FrameSink, ops: readonly Op[]): void {
  for (const [name, ...fields] of ops) {
    const method = (sink as unknown as Record<string, (...fields: unknown[]) => void>)[name];
    assert.ok(method, `no operation ${name}`);
    method.apply(sink, fields.map((f) => (typeof f === "object" && "hex" in f ? bytes(f.hex) : f)));
  }
}

/** A sink that notes its calls as vectors do. */
function notes(ops: Op[]): FrameSink {
  return new Proxy({} as FrameSink, {
    get: (_, name) => (...fields: Field[]) => ops.push([String(name), ...fields.map((f) => (f instanceof Uint8Array ? { hex: hex(f) } : f))]),
  });
}

test("frames encode to the bytes of their vectors", () => {
  for (const { name, frames } of json("frames.json") as FrameVector[]) {
    const writer = new FrameWriter();
    for (const frame of frames) {
      writer.begin(frame.seq);
      call(writer, frame.ops);
      assert.equal(writer.length, frame.hex.length / 2, name);
      assert.equal(hex(writer.take()), frame.hex, name);
    }
  }
});

test("frames decode to the calls of their vectors", () => {
  for (const { name, frames } of json("frames.json") as FrameVector[]) {
    const known: string[] = [];
    for (const frame of frames) {
      const reader = new ByteReader(bytes(frame.hex), known);
      const ops: Op[] = [];
      assert.equal(reader.header(), frame.seq, name);
      readOps(reader, notes(ops));
      assert.deepEqual(ops, frame.ops, name);
    }
  }
});

test("bad frames are refused", () => {
  const decode = (data: Uint8Array, known: string[]): void => {
    const reader = new ByteReader(data, known);
    reader.header();
    readOps(reader, notes([]));
  };
  for (const { name, hex } of json("bad_frames.json") as BadVector[]) {
    const known: string[] = [];
    const last = hex.pop()!;
    for (const frame of hex) decode(bytes(frame), known);
    assert.throws(() => decode(bytes(last), known), FrameError, name);
  }
});

test("pointer moves have the bytes of their vectors", () => {
  for (const { seq, x, y, hex: want } of json("pointers.json") as PointerVector[]) {
    const writer = new FrameWriter();
    writer.pointerMove(seq, x, y);
    assert.equal(hex(writer.take()), want);
    const reader = new ByteReader(bytes(want));
    assert.deepEqual([reader.uint(), reader.int(), reader.int(), reader.more()], [seq, x, y, false]);
  }
});

test("half of a surrogate pair becomes U+FFFD and is not remembered", () => {
  const writer = new FrameWriter();
  writer.begin(1);
  for (const text of ["\ud83d", "a\udd8a", "\ud83d", "\ufffd", "b", "b"]) writer.text(text);
  const known: string[] = [];
  const ops: Op[] = [];
  const reader = new ByteReader(writer.take(), known);
  reader.header();
  readOps(reader, notes(ops));
  assert.deepEqual(ops.map(([, text]) => text), ["\ufffd", "a\ufffd", "\ufffd", "\ufffd", "b", "b"]);
  assert.deepEqual(known, ["\ufffd", "b"]);
});

test("no more strings are remembered than the limit says", () => {
  const writer = new FrameWriter();
  writer.begin(1);
  for (let i = 0; i < MaxInterned + 10; i++) writer.text(String(i));
  const known: string[] = [];
  const reader = new ByteReader(writer.take(), known);
  reader.header();
  readOps(reader, notes([]));
  assert.equal(known.length, MaxInterned);
});
