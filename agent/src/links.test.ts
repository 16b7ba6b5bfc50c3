import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { packet } from "../../signal/wire/packet.js";
import { PacketControl, PacketFrame, PacketFrom } from "../../signal/wire/wire.gen.js";
import { Links } from "./links.js";

/** Links to which everything comes over the relay, and what they tell. */
function begin(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  const links = new Links({
    signal: () => undefined,
    relay: (member, link, data) => told.push(`${["", "", "", "control", "", "ack"][data[0]!]} to ${member} ${link}`),
    opened: () => told.push("opened"),
    changed: () => told.push("changed"),
    frame: (data) => told.push(`frame ${data[0]}`),
    gap: () => told.push("gap"),
    control: ({ type }) => told.push(type),
    pointer: () => undefined,
    overload: () => told.push("overload"),
  });
  const from = (link: string, number: number, count: number): void => links.relayed("c", link, packet(PacketFrom, number, count));
  const frame = (link: string, number: number): void => links.relayed("c", link, packet(PacketFrame, number, new Uint8Array([number])));
  const loading = (link: string, number: number): void => links.relayed("c", link, packet(PacketControl, number, new TextEncoder().encode('{"type":"pageLoading"}')));
  return { links, from, frame, loading, said: () => told.splice(0) };
}

test("a link takes over when the sender goes on with it, and what comes late for the one before is dropped", (t) => {
  const s = begin(t);
  assert.equal(s.links.path, "none");
  s.loading("1", 0);
  assert.deepEqual(s.said(), []);
  s.from("1", 0, 1);
  assert.deepEqual([s.said(), s.links.path], [["opened", "pageLoading", "ack to c 1"], "relay"]);
  s.frame("1", 0);
  s.loading("2", 0);
  s.frame("1", 1);
  assert.deepEqual(s.said(), ["frame 0", "frame 1"]);
  s.from("2", 0, 1);
  assert.deepEqual(s.said(), ["opened", "pageLoading", "ack to c 2"]);
  s.frame("1", 2);
  s.from("1", 2, 5);
  s.frame("2", 0);
  assert.deepEqual(s.said(), ["frame 0"]);
});

test("a candidate that comes late, of a link that a page before this one had, ends none that begins", (t) => {
  const s = begin(t);
  s.loading("2", 0);
  s.links.take({ type: "candidate", from: "c", link: "1.0", candidate: "" });
  s.links.take({ type: "candidate", from: "c", link: "nonsense", candidate: "" });
  s.from("2", 0, 1);
  assert.deepEqual(s.said(), ["opened", "pageLoading", "ack to c 2"]);
});

test("over a new connection to the server, packets count only after the sender has gone on", (t) => {
  const s = begin(t);
  s.from("1", 0, 1);
  s.frame("1", 0);
  s.links.unseated();
  assert.equal(s.links.path, "none");
  s.frame("1", 2); // 1 was lost with the connection
  s.links.send({ type: "resync", reason: "gap" });
  s.said();
  s.from("1", 1, 2);
  assert.deepEqual([s.said(), s.links.path], [["changed", "control to c 1", "ack to c 1"], "relay"]);
  s.frame("1", 1);
  s.frame("1", 2);
  assert.deepEqual(s.said(), ["frame 1", "frame 2"]);
});

test("messages about no link's peer connection are dropped, and no more links begin than may", (t) => {
  const s = begin(t);
  for (const link of ["1", "1.", ".1", "1.x", "1.-1", "1.1e3", "1.9999999999"]) s.links.take({ type: "candidate", from: "c", link, candidate: "x" });
  for (let i = 0; i < 1_000; i++) s.frame(`old ${i}`, 0);
  s.from("1", 0, 1);
  assert.deepEqual(s.said(), []);
  s.links.close();
  s.from("1", 0, 1);
  assert.deepEqual(s.said(), ["opened", "ack to c 1"]);
});
