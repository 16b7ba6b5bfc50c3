import assert from "node:assert/strict";
import { test } from "node:test";
import { createListeners } from "./listeners.js";

function fail(error: unknown): void {
  assert.fail(`reported: ${error}`);
}

test("a listener receives the payload itself", () => {
  const listeners = createListeners(fail);
  const got: unknown[] = [];
  listeners.add("signallerState", (payload: unknown) => got.push(payload));
  listeners.add("stop", (payload: unknown) => got.push(payload));
  const payload = { connected: true, code: "123456789" };
  listeners.emit("signallerState", payload);
  listeners.emit("stop", undefined);
  assert.equal(got[0], payload);
  assert.deepEqual(got.slice(1), [undefined]);
});

test("listeners run in the order they were added, each once", () => {
  const listeners = createListeners(fail);
  const got: string[] = [];
  const first = (): unknown => got.push("first");
  listeners.add("stop", first);
  listeners.add("stop", () => got.push("second"));
  listeners.add("stop", first);
  listeners.emit("stop", undefined);
  assert.deepEqual(got, ["first", "second"]);
});

test("a listener that throws harms nobody else", () => {
  const reported: unknown[] = [];
  const listeners = createListeners((error) => reported.push(error));
  const error = new Error("the page's own");
  let ran = 0;
  listeners.add("start", () => {
    throw error;
  });
  listeners.add("start", () => ran++);
  listeners.emit("start", undefined);
  assert.equal(ran, 1);
  assert.deepEqual(reported, [error]);
});

test("a removed listener is not called, not even by the event under way", () => {
  const listeners = createListeners(fail);
  let ran = 0;
  const other = (): unknown => ran++;
  listeners.add("start", () => listeners.remove("start", other));
  listeners.add("start", other);
  listeners.emit("start", undefined);
  assert.equal(ran, 0);
});

test("a listener added by a listener waits for the next event", () => {
  const listeners = createListeners(fail);
  let ran = 0;
  listeners.add("start", () => listeners.add("start", () => ran++));
  listeners.emit("start", undefined);
  assert.equal(ran, 0);
  listeners.emit("start", undefined);
  assert.equal(ran, 1);
});

test("what is no function is not added", () => {
  const listeners = createListeners(fail);
  listeners.add("start", null as never);
  listeners.add("start", {} as never);
  listeners.remove("nothing", null as never);
  listeners.emit("start", undefined);
});
