import assert from "node:assert/strict";
import { test } from "node:test";
import { Sequence } from "./sequence.js";

test("frames count in order from a page on, and not at all after a gap until the next page", () => {
  const sequence = new Sequence();
  const frames: [number, boolean, string][] = [
    [4, false, "ignore"], [5, true, "apply"], [6, false, "apply"], [7, false, "apply"], [9, false, "gap"], [10, false, "ignore"],
    [8, false, "ignore"], [11, true, "apply"], [12, false, "apply"], [12, false, "gap"], [13, false, "ignore"], [2, true, "apply"],
  ];
  for (const [seq, page, want] of frames) assert.equal(sequence.judge(seq, page), want, `frame ${seq}`);
});

test("numbers go round", () => {
  const sequence = new Sequence();
  sequence.judge(0xffffffff, true);
  assert.equal(sequence.judge(0, false), "apply");
});

test("after a loss only a page counts", () => {
  const sequence = new Sequence();
  sequence.judge(1, true);
  sequence.lost();
  assert.equal(sequence.judge(2, false), "ignore");
});
