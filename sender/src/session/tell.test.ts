import assert from "node:assert/strict";
import { test } from "node:test";
import { idle, type Session } from "./machine.js";
import { tell } from "./tell.js";

/** The events of one step, by name. */
function told(before: Session, after: Session): string[] {
  const events: string[] = [];
  tell((type) => events.push(type), before, after);
  return events;
}

const connected: Session = { ...idle, state: "Connected", message: "Ana can see this page.", code: "123456789", signalling: true, links: ["a"], channels: ["a"] };

test("a session that ends has stopped", () => {
  assert.deepEqual(told(connected, { ...connected, state: "Stopped", message: "", signalling: false, links: [], channels: [] }), ["signallerState", "connected", "status", "stop"]);
});

test("a session that goes on in another tab has not stopped", () => {
  assert.deepEqual(told(connected, { ...idle, message: "The session goes on in another tab." }), ["signallerState", "connected", "status"]);
});

test("what has not changed is not told", () => {
  assert.deepEqual(told(connected, { ...connected, duration: 7 }), []);
});

test("a lost link is a reconnect, once", () => {
  const lost: Session = { ...connected, state: "Reconnecting", links: [], channels: [] };
  assert.deepEqual(told(connected, lost), ["connected", "status", "reconnect"]);
  assert.deepEqual(told(lost, { ...lost, message: "Still trying" }), ["status"]);
});
