import assert from "node:assert/strict";
import { test } from "node:test";
import { Calm } from "./calm.js";

test("a loss is told when it lasts, and once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let told = 0;
  const calm = new Calm(() => told++);
  assert.equal(calm.set(true), false);
  assert.equal(calm.set(false), true);
  assert.equal(calm.set(false), false);
  t.mock.timers.tick(999);
  calm.set(true);
  t.mock.timers.tick(10_000);
  assert.deepEqual([told, calm.lost], [0, false]);
  calm.set(false);
  t.mock.timers.tick(1_000);
  assert.deepEqual([told, calm.lost, calm.set(false)], [1, true, false]);
  calm.set(true);
  assert.equal(calm.lost, false);
});
