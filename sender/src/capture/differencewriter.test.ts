import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader } from "../../../signal/wire/bytes.js";
import { readOps, type FrameSink } from "../../../signal/wire/frame.gen.js";
import { DifferenceWriter, differenceOf } from "./differencewriter.js";

const long = "A line of a log that grows. ".repeat(40);
const at = (text: string, from: number, gone: number, more: string): string => text.slice(0, from) + more + text.slice(from + gone);

for (const [name, before, now] of [
  ["the same", long, long],
  ["more at the end", long, `${long}more`],
  ["more at the begin", long, `more${long}`],
  ["less at the begin, more at the end", long, `${long.slice(100)}more`],
  ["something within", long, at(long, 500, 3, "something")],
  ["nothing left", long, ""],
  ["nothing before", "", long],
  ["repeated letters", "a".repeat(300), "a".repeat(299)],
  ["another half of a pair", `${long}🦊${long}`, `${long}🦉${long}`],
  ["another first half", `${long}\u{1F98A}${long}`, `${long}\u{2F98A}${long}`],
  ["a half that becomes a pair", `${long}\ud83e`, `${long}\ud83e\udd8a`],
  ["a half at the begin that becomes a pair", `\udd8a${long}`, `\ud83e\udd8a${long}`],
] as const) {
  test(`the difference of texts: ${name}`, () => {
    const { at: from, gone, text } = differenceOf(before, now);
    assert.equal(at(before, from, gone, text), now);
    for (const each of [before, now]) {
      assert.ok(from === 0 || !/[\ud800-\udbff]/.test(each[from - 1]!), "a pair is divided at the begin");
    }
    const end = from + gone;
    assert.ok(end >= before.length || !/[\udc00-\udfff]/.test(before[end]!), "a pair is divided at the end");
  });
}

/** Calls that a frame holds. */
function written(write: (writer: DifferenceWriter) => void): unknown[][] {
  const writer = new DifferenceWriter();
  writer.begin(1);
  write(writer);
  const calls: unknown[][] = [];
  const reader = new ByteReader(writer.take());
  reader.header();
  readOps(reader, new Proxy({} as FrameSink, { get: (_, name) => (...args: unknown[]) => void calls.push([name, ...args]) }));
  return calls;
}

function begin(writer: DifferenceWriter): void {
  writer.page("", "", false, 0, 0, 0); // 1
  writer.element(0, "p", ["class", "a", "style", long]); // 2
  writer.shadow(false); // 3
  writer.text(long); // 4
  writer.up(2);
  writer.text("short"); // 5
}

test("of a long text, attribute or value only the difference is written", () => {
  const calls = written((writer) => {
    begin(writer);
    writer.setText(4, `${long}more`);
    writer.setText(4, `${long}more and more`);
    writer.setAttribute(2, "style", at(long, 300, 1, "B"));
    writer.setAttribute(2, "class", "b");
    writer.setText(5, "shorter");
    writer.setValue(2, long);
    writer.setValue(2, `x${long}`);
  }).slice(-7);
  assert.deepEqual(calls, [
    ["splice", 4, "", long.length, 0, "more"],
    ["splice", 4, "", long.length + 4, 0, " and more"],
    ["splice", 2, "style", 300, 1, "B"],
    ["setAttribute", 2, "class", "b"],
    ["setText", 5, "shorter"],
    ["setValue", 2, long],
    ["splice", 2, "", 0, 0, "x"],
  ]);
});

test("what is short, new, removed, of another page or another text altogether is written whole", () => {
  const other = "x".repeat(600);
  const calls = written((writer) => {
    begin(writer);
    writer.setText(4, "short");
    writer.setText(4, long);
    writer.setText(4, other);
    writer.removeAttribute(2, "style");
    writer.setAttribute(2, "style", long);
    begin(writer);
    writer.setText(4, `${long}more`);
    writer.page("", "", false, 0, 0, 0);
    writer.setText(4, `${long}more`);
  });
  assert.deepEqual(calls.filter(([name]) => name !== "element" && /^(set|splice)/.test(String(name))).map(([name, , value]) => [name, value]), [
    ["setText", "short"], ["setText", long], ["setText", other], ["setAttribute", "style"], ["splice", ""], ["setText", `${long}more`],
  ]);
});

test("what is kept of texts is limited", () => {
  const writer = new DifferenceWriter();
  writer.begin(1);
  writer.page("", "", false, 0, 0, 0);
  const huge = "x".repeat(1 << 20);
  for (let i = 0; i < 20; i++) {
    writer.text(`${i} ${huge}`);
    writer.take();
  }
  assert.ok((writer as unknown as { units: number }).units <= 8 << 20);
});
