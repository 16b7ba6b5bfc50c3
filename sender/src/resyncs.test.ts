import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "./resyncs.js";

test("what is asked for as soon as it came is waited for ever longer", () => {
  const pace = new Pace();
  let now = 1_000;
  const pauses = Array.from({ length: 8 }, () => {
    const pause = pace.next(now);
    now += pause;
    return pause;
  });
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test("what has not been asked for a while comes soon again", () => {
  const pace = new Pace();
  assert.deepEqual([0, 1_000, 2_000].map((now) => pace.next(now)), [250, 500, 1_000]);
  assert.equal(pace.next(2_000 + 1_000 + 5_000), 2_000);
  assert.equal(pace.next(8_000 + 2_000 + 5_001), 250);
});
