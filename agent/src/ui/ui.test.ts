import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "./duration.js";
import { flatten } from "./flatten.js";
import { fitting, isPhone } from "./scale.js";

test("durations read like a clock", () => {
  for (const [ms, want] of [[0, "0:00"], [7_900, "0:07"], [247_000, "4:07"], [3_847_000, "1:04:07"], [-5, "0:00"]] as const) {
    assert.equal(duration(ms), want);
  }
});

test("open values are listed as names and texts", () => {
  assert.deepEqual(flatten({ name: "Ana", cart: { total: 3, items: ["a", { id: 1 }] }, none: null, yes: true, empty: {} }), [
    ["name", "Ana"], ["cart › total", "3"], ["cart › items › 1", "a"], ["cart › items › 2 › id", "1"], ["none", "–"], ["yes", "true"], ["empty", "–"],
  ]);
  assert.deepEqual(flatten({}), []);
});

test("a page is shown as large as fits, but never larger than it is", () => {
  assert.equal(fitting(1000, 500, 500, 500), 0.5);
  assert.equal(fitting(1000, 500, 2000, 250), 0.5);
  assert.equal(fitting(400, 800, 2000, 2000), 1);
  assert.equal(fitting(0, 0, 100, 100), 1);
  assert.equal(fitting(1000, 1000, 0, 0), 0.05);
});

test("a phone is told from a window by its size", () => {
  for (const [width, height, want] of [[390, 844, true], [844, 390, true], [480, 1_000, true], [768, 1_024, false], [1_280, 400, false], [0, 0, false]] as const) {
    assert.equal(isPhone(width, height), want, `${width} × ${height}`);
  }
});
