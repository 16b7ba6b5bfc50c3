import assert from "node:assert/strict";
import { test } from "node:test";
import { idle, isRunning, step, supportDuration, type Effect, type Input, type Session } from "./machine.js";
import type { Member, Message } from "../../../signal/wire/wire.gen.js";

const ana: Member = { id: "a1", role: "agent", name: "Ana" };
const started: Message = { type: "started", code: "123456789", codeExpires: 600_000, session: "s", member: "m", token: "t1", epoch: 1 };
const saved = { token: "t1", code: "123456789", codeExpires: 900_000, duration: 5_000, joinedAt: 100 };

function message(m: Message): Input {
  return { type: "message", message: m };
}

/** Takes a session through inputs, one second apart, and returns it with the effects of the last. */
function run(from: Session, ...inputs: Input[]): { session: Session; effects: readonly Effect[] } {
  let session = from;
  let effects: readonly Effect[] = [];
  inputs.forEach((input, i) => ([session, effects] = step(session, input, 1000 * (i + 1))));
  return { session, effects };
}

const start: Input[] = [
  { type: "start", metaData: undefined }, { type: "socketOpen" }, message({ type: "welcome", version: 1 }), message(started),
];
const connected: Input[] = [...start, message({ type: "memberJoined", member: ana }), { type: "linkOpen", member: "a1" }];

function sent(effects: readonly Effect[]): string[] {
  return effects.flatMap((e) => (e.do === "send" || e.do === "broadcast" ? [e.message.type] : [e.do]));
}

test("a session passes its states in order", () => {
  let session = idle;
  const states = connected.map((input) => (session = step(session, input, 0)[0]).state);
  assert.deepEqual(states, ["Signalling", "Signalling", "Signalling", "Waiting", "Connecting", "Connected"]);
  assert.equal(session.code, "123456789");
  assert.match(session.message, /Ana can see this page/);
});

test("a second start of a running session does nothing", () => {
  const { effects } = run(idle, ...start, { type: "start", metaData: undefined });
  assert.deepEqual(effects, []);
});

test("a lost link is opened again, each time after a longer wait", () => {
  const first = run(idle, ...connected, { type: "linkClosed", member: "a1" });
  assert.equal(first.session.state, "Reconnecting");
  assert.deepEqual(first.effects, [{ do: "openLink", member: "a1", delay: 0 }]);
  const second = run(first.session, { type: "linkClosed", member: "a1" });
  assert.deepEqual(second.effects, [{ do: "openLink", member: "a1", delay: 1000 }]);
  assert.equal(run(second.session, { type: "linkOpen", member: "a1" }).session.state, "Connected");
});

test("no link is opened to an agent who is away, until it is back", () => {
  const away = run(idle, ...connected, message({ type: "memberAway", member: "a1" }), { type: "linkClosed", member: "a1" });
  assert.deepEqual(away.effects, []);
  const back = run(away.session, message({ type: "memberBack", member: ana, epoch: 2 }));
  assert.deepEqual(back.effects, [{ do: "openLink", member: "a1", delay: 0 }]);
});

test("an open link outlives the agent's signalling connection", () => {
  const { session, effects } = run(idle, ...connected, message({ type: "memberAway", member: "a1" }), message({ type: "memberBack", member: ana, epoch: 2 }));
  assert.equal(session.state, "Connected");
  assert.deepEqual(effects, []);
});

test("either side ends it, and nothing is kept for the next page", () => {
  const endings: [string, Input, string[]][] = [
    ["You have ended", { type: "stop" }, ["bye", "end", "forget", "closeLinks", "disconnect"]],
    ["The agent has ended", message({ type: "ended", reason: "agent" }), ["forget", "closeLinks", "disconnect"]],
    ["The agent has ended", { type: "control", message: { type: "bye", reason: "agent" } }, ["end", "forget", "closeLinks", "disconnect"]],
    ["The agent has ended", message({ type: "memberLeft", member: "a1" }), ["end", "forget", "closeLinks", "disconnect"]],
  ];
  for (const [words, input, effects] of endings) {
    const ended = run(idle, ...connected, input);
    assert.equal(ended.session.state, "Stopped");
    assert.ok(ended.session.message.startsWith(words), ended.session.message);
    assert.deepEqual(sent(ended.effects), effects);
    assert.equal(isRunning(ended.session), false);
  }
});

test("an unused code that expires says so, and a new start works", () => {
  const { session } = run(idle, ...start, message({ type: "ended", reason: "timeout" }));
  assert.equal(session.message, "The support code has expired.");
  assert.equal(run(session, { type: "start", metaData: undefined }).session.state, "Signalling");
});

test("the next page takes up the session and links to the agents who are there", () => {
  const { session, effects } = run(
    idle, { type: "resume", saved }, { type: "socketOpen" }, message({ type: "welcome", version: 1 }),
    message({ type: "resumed", code: "123456789", session: "s", member: "m", token: "t2", epoch: 2, members: [ana, { id: "a2", role: "agent", away: true }] }),
  );
  assert.equal(session.state, "Reconnecting");
  assert.equal(session.token, "t2");
  assert.deepEqual(effects, [{ do: "started" }, { do: "send", message: { type: "pong" } }, { do: "openLink", member: "a1", delay: 0 }]);
});

test("the next page shows the code again when nobody has joined", () => {
  const { session } = run(idle, { type: "resume", saved }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [] }));
  assert.equal(session.state, "Waiting");
  assert.equal(session.code, "123456789");
});

test("a new page whose session is gone starts clean", () => {
  const { session, effects } = run(idle, { type: "resume", saved }, message({ type: "error", code: "gone", message: "" }));
  assert.equal(session.state, "Stopped");
  assert.deepEqual(sent(effects), ["forget", "closeLinks", "disconnect"]);
});

test("a server that forgot the session gives a new one, and who is linked is led into it", () => {
  const lost = run(idle, ...connected, { type: "socketClosed", final: false, code: 1006 });
  assert.equal(lost.session.state, "Connected");
  const anew = run(lost.session, { type: "socketOpen" }, message({ type: "welcome", version: 1 }), message({ type: "error", code: "gone", message: "" }));
  assert.deepEqual(sent(anew.effects), ["start"]);
  const again = run(anew.session, message({ ...started, code: "987654321", token: "t9" }));
  assert.equal(again.session.state, "Connected");
  assert.deepEqual(again.effects, [{ do: "broadcast", message: { type: "rejoin", code: "987654321" } }]);
  const joined = run(again.session, message({ type: "memberJoined", member: { ...ana, id: "b1" } }));
  assert.deepEqual(joined.effects, [{ do: "openLink", member: "b1", delay: 0 }]);
  const linked = run(joined.session, { type: "linkOpen", member: "b1" });
  assert.deepEqual(linked.session.links, ["b1"]);
  assert.deepEqual(linked.effects, [{ do: "closeLinks", members: ["a1"] }]);
});

test("a server that forgot a waiting session gives a new code", () => {
  const { session, effects } = run(idle, ...start, { type: "socketClosed", final: false, code: 1006 }, message({ type: "error", code: "gone", message: "" }), message({ ...started, code: "987654321" }));
  assert.equal(session.state, "Waiting");
  assert.equal(session.code, "987654321");
  assert.deepEqual(effects, []);
});

test("metaData the server refuses is left out", () => {
  const { effects } = run(idle, { type: "start", metaData: { a: 1 } }, message({ type: "error", code: "bad-metadata", message: "" }));
  assert.deepEqual(effects, [{ do: "send", message: { type: "start" } }]);
});

test("a final close code says what to do", () => {
  const cases: [number, string, RegExp][] = [[4409, "Stopped", /another tab/], [4410, "Stopped", /timed out/], [4501, "Failed", /Reload/], [4400, "Failed", /Try again/]];
  for (const [code, state, words] of cases) {
    const { session } = run(idle, ...connected, { type: "socketClosed", final: true, code });
    assert.equal(session.state, state);
    assert.match(session.message, words);
  }
});

test("a session that goes on in another tab stays stored for it", () => {
  const { effects } = run(idle, ...connected, { type: "socketClosed", final: true, code: 4409 });
  assert.ok(!sent(effects).includes("forget"));
});

test("the support duration counts the time the data channel is open, on all pages", () => {
  const [resumed] = step(idle, { type: "resume", saved }, 0);
  const [here] = step(resumed, message({ type: "resumed", session: "s", member: "m", token: "t", epoch: 2, members: [ana] }), 1_000);
  const [open] = step(here, { type: "linkOpen", member: "a1" }, 2_000);
  assert.equal(supportDuration(open, 5_000), 8_000);
  const [closed] = step(open, { type: "linkClosed", member: "a1" }, 6_000);
  assert.equal(supportDuration(closed, 60_000), 9_000);
});

test("a session that cannot be sealed fails, and its place is known to the links", () => {
  const { session } = run(idle, ...connected);
  assert.equal(session.place?.session, "s");
  assert.equal(session.place?.epoch, 1);
  assert.equal(run(session, { type: "unsealable" }).session.state, "Failed");
});

test("a support code that does not come in time fails with a way out", () => {
  const { session } = run(idle, { type: "start", metaData: undefined }, { type: "unreachable" });
  assert.equal(session.state, "Failed");
  assert.equal(run(idle, ...start, { type: "unreachable" }).session.state, "Waiting");
});

test("new credentials count for the links that come", () => {
  const iceServers = [{ urls: ["turn:shop.example"], username: "u2", credential: "c2" }];
  const { session, effects } = run(idle, ...connected, message({ type: "credentials", iceServers }));
  assert.deepEqual([session.state, session.iceServers, effects], ["Connected", iceServers, []]);
});
