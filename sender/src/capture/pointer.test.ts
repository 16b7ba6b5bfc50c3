import { test } from "node:test";
import assert from "node:assert/strict";
import { Pointer } from "./pointer.js";

test("where the pointer rests is sent again, in case that it got lost", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const frames: (() => void)[] = [];
  Object.assign(globalThis, { requestAnimationFrame: (run: () => void) => frames.push(run) });
  const sent: Uint8Array[] = [];
  let running = true;
  const pointer = new Pointer({ pointer: (data) => void sent.push(data) }, (send) => running && send());
  const painted = (): void => frames.splice(0).forEach((run) => run());
  pointer.rests();
  assert.equal(sent.length, 0, "it has been nowhere yet");

  for (const x of [1, 2, 3]) pointer.move(x, 5);
  assert.equal(frames.length, 1);
  painted();
  assert.equal(sent.length, 1);
  t.mock.timers.tick(150);
  pointer.move(4, 5);
  painted();
  t.mock.timers.tick(150);
  assert.equal(sent.length, 2, "it has moved on");
  for (let i = 0; i < 100; i++) t.mock.timers.tick(100);
  assert.equal(sent.length, 4, "and then no more");
  assert.deepEqual(sent.map((data) => data.slice(-2)), [sent[0]!.slice(-2), sent[1]!.slice(-2), sent[1]!.slice(-2), sent[1]!.slice(-2)]);
  pointer.rests();
  assert.equal(sent.length, 5, "somebody has come to see it");
  running = false;
  for (let i = 0; i < 100; i++) t.mock.timers.tick(100);
  pointer.rests();
  assert.equal(sent.length, 5, "nothing is captured any more");
});
