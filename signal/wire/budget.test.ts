import assert from "node:assert/strict";
import { test } from "node:test";
import { agentRates, Budget, senderRates } from "./budget.js";
import { packet } from "./packet.js";
import {
  ControlBurst, ControlRate, MaxPacketBytes, PacketAck, PacketControl, PacketFrame, PacketFrom, PacketMore, PacketPacked, PacketPointer, PointerBurst,
} from "./wire.gen.js";

/** How many of a kind a budget admits now. */
function admitted(budget: Budget<typeof senderRates>, what: "control" | "pointer"): number {
  let count = 0;
  while (budget.take(what)) count++;
  return count;
}

test("a budget holds its burst, refills by its rate, and never beyond the burst", () => {
  let now = 5_000;
  const budget = new Budget(senderRates, () => now);
  assert.equal(admitted(budget, "control"), ControlBurst);
  assert.equal(admitted(budget, "pointer"), PointerBurst, "kinds have budgets of their own");
  now += 1_000;
  assert.equal(admitted(budget, "control"), ControlRate);
  now += 86_400_000;
  assert.equal(admitted(budget, "control"), ControlBurst);
});

test("what does not fit spends nothing", () => {
  const budget = new Budget(senderRates, () => 0);
  assert.ok(!budget.take("control", ControlBurst + 1));
  assert.ok(budget.take("control", ControlBurst));
  assert.ok(!budget.take("control"));
});

test("packets count by their first byte, and by whether such an end sends them", () => {
  const [sender, agent] = [new Budget(senderRates), new Budget(agentRates)];
  const of = (kind: number): Uint8Array => packet(kind, 0, new Uint8Array(4));
  const all = [PacketFrame, PacketMore, PacketPacked, PacketControl, PacketPointer, PacketAck, PacketFrom];
  assert.deepEqual(all.map((kind) => sender.kindOf(of(kind))), ["frame", "frame", "frame", "control", "pointer", "ack", "from"]);
  assert.deepEqual(all.map((kind) => agent.kindOf(of(kind))), ["malformed", "malformed", "malformed", "control", "pointer", "ack", "malformed"]);
  for (const bad of [new Uint8Array(), new Uint8Array([7]), new Uint8Array([255, 0]), new Uint8Array(MaxPacketBytes + 1)]) assert.equal(sender.kindOf(bad), "malformed");
});

test("a customer may open a page a second for as long as the session lasts, and twenty at once", () => {
  let now = 0;
  const budget = new Budget(senderRates, () => now);
  const open = (): boolean => budget.take("connection") && budget.take("from") && budget.take("from") && budget.take("control", 5);
  for (let i = 0; i < 20; i++) assert.ok(open(), `page ${i} of those at once`);
  for (let i = 0; i < 3600; i++) {
    now += 1000;
    assert.ok(open(), `page ${i}`);
  }
});
