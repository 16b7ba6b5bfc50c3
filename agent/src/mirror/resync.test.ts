import assert from "node:assert/strict";
import { test } from "node:test";
import { Resync } from "./resync.js";

test("the first request goes out at once, the next ever later, and none after the page has come", (t) => {
  let now = 0;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now);
  const pass = (ms: number): void => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const asked: number[] = [];
  const resync = new Resync(() => asked.push(now));
  const badPage = (): void => {
    resync.met();
    resync.need("refused");
  };

  resync.need("gap");
  badPage();
  badPage();
  pass(499);
  assert.deepEqual(asked, [0]);
  pass(1);
  assert.deepEqual(asked, [0, 500]);
  badPage();
  pass(1000);
  assert.deepEqual(asked, [0, 500, 1500]);
  badPage();
  resync.met();
  pass(60_000);
  assert.deepEqual(asked, [0, 500, 1500]);
  resync.need("gap");
  assert.deepEqual(asked, [0, 500, 1500, now], "after a good while, all is forgiven");
});
