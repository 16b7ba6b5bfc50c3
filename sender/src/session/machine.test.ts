import assert from "node:assert/strict";
import { test } from "node:test";
import { idle, isRunning, step, supportDuration, type Effect, type Input, type Session } from "./machine.js";
import type { Member, Message, Path } from "../../../signal/wire/wire.gen.js";

const ana: Member = { id: "a1", role: "agent", name: "Ana" };
const started: Message = { type: "started", code: "123456789", codeExpires: 600_000, session: "s", member: "m", token: "t1", epoch: 1 };
const saved = { token: "t1", code: "123456789", codeExpires: 900_000, duration: 5_000, joinedAt: 100, allowed: [], barred: [], paused: false };

const nothing = { metaData: undefined, signed: undefined };

function message(m: Message): Input {
  return { type: "message", message: m };
}

function path(member: string, name: Path): Input {
  return { type: "path", member, path: name };
}

/** Takes a session through inputs, one second apart, and returns it with the effects of the last. */
function run(from: Session, ...inputs: Input[]): { session: Session; effects: readonly Effect[] } {
  let session = from;
  let effects: readonly Effect[] = [];
  inputs.forEach((input, i) => ([session, effects] = step(session, input, 1000 * (i + 1))));
  return { session, effects };
}

const start: Input[] = [
  { type: "start", known: nothing }, { type: "socketOpen" }, message(started),
];
const connected: Input[] = [...start, message({ type: "memberJoined", member: ana }), path("a1", "channel")];

function sent(effects: readonly Effect[]): string[] {
  return effects.flatMap((e) => (e.do === "send" || e.do === "broadcast" ? [e.message.type] : [e.do]));
}

test("a session passes its states in order", () => {
  let session = idle;
  const states = connected.map((input) => (session = step(session, input, 0)[0]).state);
  assert.deepEqual(states, ["Signalling", "Signalling", "Waiting", "Connecting", "Connected"]);
  assert.equal(session.code, "123456789");
  assert.match(session.message, /Ana can see this page/);
});

test("a second start of a running session does nothing", () => {
  const { effects } = run(idle, ...start, { type: "start", known: nothing });
  assert.deepEqual(effects, []);
});

test("hello and what the page wants are said at once", () => {
  const { effects } = run(idle, { type: "start", known: nothing }, { type: "socketOpen" });
  assert.deepEqual(sent(effects), ["hello", "start"]);
  assert.deepEqual(sent(run(idle, { type: "resume", saved }, { type: "socketOpen" }).effects), ["hello", "resume"]);
});

test("an agent sees the page over the relay or the data channel, and only the channel counts as connected", () => {
  const relayed = run(idle, ...start, message({ type: "memberJoined", member: ana }), path("a1", "relay"));
  assert.deepEqual([relayed.session.state, relayed.session.links, relayed.session.channels, relayed.session.linkedSince], ["Connected", ["a1"], [], 0]);
  assert.deepEqual(relayed.effects, [{ do: "send", message: { type: "carried", member: "a1", path: "relay" } }]);
  const direct = run(relayed.session, path("a1", "channel"));
  assert.deepEqual([direct.session.state, direct.session.links, direct.session.channels, direct.session.linkedSince], ["Connected", ["a1"], ["a1"], 1000]);
  const back = run(direct.session, path("a1", "relay"));
  assert.deepEqual([back.session.state, back.session.channels, back.session.duration], ["Connected", [], 0]);
  const lost = run(back.session, path("a1", "none"));
  assert.equal(lost.session.state, "Reconnecting");
  assert.equal(run(lost.session, path("a1", "channel")).session.state, "Connected");
});

test("an agent who is back is told to the link, which knows whether it is the same page of the console", () => {
  const away = run(idle, ...connected, message({ type: "memberAway", member: "a1", within: 120_000 }));
  assert.deepEqual([away.session.state, away.session.members[0]?.away, away.effects], ["Connected", true, []]);
  const back = run(away.session, message({ type: "memberBack", member: { ...ana, key: "k2" }, epoch: 2 }));
  assert.equal(back.session.state, "Connected");
  assert.deepEqual(back.effects, [{ do: "openLink", member: { ...ana, key: "k2" } }]);
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

test("an unused code that is not renewed any more says so, and a new start works", () => {
  const { session } = run({ ...idle, renewals: 2 }, { type: "resume", saved: { ...saved, joinedAt: 0 } }, message(started));
  assert.equal(session.renewals, 0);
  const { session: over } = run({ ...session, renewals: 2 }, message({ type: "ended", reason: "timeout" }));
  assert.equal(over.message, "The support code has expired.");
  assert.equal(run(over, { type: "start", known: nothing }).session.state, "Signalling");
});

test("the next page takes up the session and links to the agents who are there", () => {
  const { session, effects } = run(
    idle, { type: "resume", saved }, { type: "socketOpen" },
    message({ type: "resumed", code: "123456789", session: "s", member: "m", token: "t2", epoch: 2, members: [ana, { id: "a2", role: "agent", away: true }] }),
  );
  assert.equal(session.state, "Reconnecting");
  assert.equal(session.token, "t2");
  assert.deepEqual(effects, [{ do: "started" }, { do: "send", message: { type: "pong" } }, { do: "openLink", member: ana }]);
});

test("the next page shows the code again when nobody has joined", () => {
  const { session } = run(idle, { type: "resume", saved }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [] }));
  assert.equal(session.state, "Waiting");
  assert.equal(session.code, "123456789");
});

test("who comes back after the last agent has left is told so, and is not given a code that is used up", () => {
  const left = run(idle, { type: "resume", saved: { ...saved, codeExpires: 0 } }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [] }));
  assert.deepEqual([left.session.state, left.session.reason], ["Stopped", "agent"]);
  assert.deepEqual(sent(left.effects), ["end", "forget", "closeLinks", "disconnect"]);
  // A session that the server had forgotten has a code by which the agent comes back.
  const anew = run(idle, { type: "resume", saved }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [] }));
  assert.equal(anew.session.state, "Waiting");
});

test("a new page whose session is gone starts clean", () => {
  const { session, effects } = run(idle, { type: "resume", saved }, message({ type: "error", code: "gone", message: "" }));
  assert.equal(session.state, "Stopped");
  assert.deepEqual(sent(effects), ["forget", "closeLinks", "disconnect"]);
});

test("a server that forgot the session gives a new one, and who is linked is led into it", () => {
  const lost = run(idle, ...connected, { type: "socketClosed", final: false, code: 1006 });
  assert.equal(lost.session.state, "Connected");
  const anew = run(lost.session, { type: "socketOpen" }, message({ type: "error", code: "gone", message: "" }));
  assert.deepEqual(sent(anew.effects), ["start"]);
  const again = run(anew.session, message({ ...started, code: "987654321", token: "t9" }));
  assert.equal(again.session.state, "Connected");
  assert.deepEqual(again.effects, [{ do: "broadcast", message: { type: "rejoin", code: "987654321" } }]);
  const joined = run(again.session, message({ type: "memberJoined", member: { ...ana, id: "b1" } }));
  assert.deepEqual(joined.effects, [{ do: "openLink", member: { ...ana, id: "b1" } }]);
  const linked = run(joined.session, path("b1", "relay"));
  assert.deepEqual(linked.session.links, ["b1"]);
  assert.deepEqual(linked.effects, [{ do: "closeLinks", members: ["a1"] }, { do: "send", message: { type: "carried", member: "b1", path: "relay" } }]);
});

test("a server that forgot a waiting session gives a new code", () => {
  const { session, effects } = run(idle, ...start, { type: "socketClosed", final: false, code: 1006 }, message({ type: "error", code: "gone", message: "" }), message({ ...started, code: "987654321" }));
  assert.equal(session.state, "Waiting");
  assert.equal(session.code, "987654321");
  assert.deepEqual(effects, []);
});

test("metaData the server refuses is left out", () => {
  const refused = message({ type: "error", code: "bad-metadata", message: "" });
  const { effects, session } = run(idle, { type: "start", known: { metaData: { a: 1 }, signed: "s" } }, refused);
  assert.deepEqual(effects, [{ do: "send", message: { type: "start", signed: "s" } }]);
  assert.deepEqual(run(session, refused).effects, [{ do: "send", message: { type: "start" } }]);
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
  const [open] = step(here, path("a1", "channel"), 2_000);
  assert.equal(supportDuration(open, 5_000), 8_000);
  const [closed] = step(open, path("a1", "none"), 6_000);
  assert.equal(supportDuration(closed, 60_000), 9_000);
});

test("a session that cannot be sealed fails, and its place is known to the links", () => {
  const { session } = run(idle, ...connected);
  assert.equal(session.place?.session, "s");
  assert.equal(session.place?.epoch, 1);
  assert.equal(run(session, { type: "unsealable" }).session.state, "Failed");
});

test("an agent over whose link too much came has none any more, on later pages neither", () => {
  const bob: Member = { id: "a2", role: "agent", name: "Bob" };
  const two = run(idle, ...connected, message({ type: "memberJoined", member: bob }), path("a2", "channel")).session;
  const { session, effects } = run(two, { type: "overload", member: "a1" });
  assert.deepEqual([session.state, session.members, session.links, session.barred], ["Connected", [bob], ["a2"], ["a1"]]);
  assert.deepEqual(effects, [{ do: "closeLinks", members: ["a1"] }]);
  for (const back of [{ type: "memberBack", member: ana, epoch: 1 }, { type: "memberJoined", member: ana }] as const) assert.deepEqual(run(session, message(back)).effects, []);
  assert.equal(run(session, message({ type: "memberLeft", member: "a1" })).session.state, "Connected");
  const next = run(idle, { type: "resume", saved: { ...saved, barred: session.barred } }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [ana, bob] }));
  assert.deepEqual([next.session.members, next.effects.filter((e) => e.do === "openLink")], [[bob], [{ do: "openLink", member: bob }]]);
});

test("a session whose only agent's link carried too much is over, for that reason", () => {
  const { session, effects } = run(idle, ...connected, { type: "overload", member: "a1" });
  assert.deepEqual([session.state, session.reason], ["Failed", "overload"]);
  assert.deepEqual(sent(effects), ["forget", "closeLinks", "disconnect"]);
});

test("a support code that does not come in time fails with a way out", () => {
  const { session } = run(idle, { type: "start", known: nothing }, { type: "unreachable" });
  assert.equal(session.state, "Failed");
  assert.equal(run(idle, ...start, { type: "unreachable" }).session.state, "Waiting");
});

test("new credentials count for the links that come", () => {
  const iceServers = [{ urls: ["turn:shop.example"], username: "u2", credential: "c2" }];
  const { session, effects } = run(idle, ...connected, message({ type: "credentials", iceServers }));
  assert.deepEqual([session.state, session.iceServers, effects], ["Connected", iceServers, []]);
});

const asking: Input[] = [
  { type: "start", known: nothing, ask: true }, { type: "socketOpen" }, message(started), message({ type: "memberJoined", member: { ...ana, key: "k1" } }),
];

test("who asks gets no link until the customer allows it", () => {
  const asked = run(idle, ...asking);
  assert.deepEqual([asked.session.state, asked.session.message, asked.effects], ["Connecting", "Ana wants to see this page.", []]);
  const allowed = run(asked.session, { type: "allow" });
  assert.deepEqual(allowed.effects, [{ do: "openLink", member: { ...ana, key: "k1" } }]);
  assert.equal(run(allowed.session, path("a1", "relay")).session.state, "Connected");
  assert.deepEqual(run(allowed.session, { type: "allow" }).effects, []);
});

test("declining the only agent ends the session, for that reason", () => {
  const { session, effects } = run(idle, ...asking, { type: "decline" });
  assert.deepEqual([session.state, session.reason], ["Stopped", "declined"]);
  assert.deepEqual(effects[0], { do: "send", message: { type: "end", reason: "declined" } });
  assert.ok(effects.some((effect) => effect.do === "forget"));
});

test("declining one agent of several ends nothing, and the one does not come back", () => {
  const ben = { id: "a2", role: "agent", name: "Ben", key: "k2" } as const;
  const both = run(idle, ...asking, { type: "allow" }, path("a1", "relay"), message({ type: "memberJoined", member: ben }));
  const { session, effects } = run(both.session, { type: "decline" });
  assert.deepEqual([session.state, session.members.map(({ id }) => id)], ["Connected", ["a1"]]);
  assert.deepEqual(effects, [{ do: "send", message: { type: "decline", member: "a2" } }]);
  assert.equal(run(session, message({ type: "memberLeft", member: "a2" })).session.state, "Connected");
  assert.deepEqual(run(session, message({ type: "memberBack", member: ben, epoch: 2 })).session.members.map(({ id }) => id), ["a1"]);
});

test("an agent who is away when it is allowed gets its link when it is back", () => {
  const allowed = run(idle, ...asking, message({ type: "memberAway", member: "a1", within: 120_000 }), { type: "allow" });
  assert.deepEqual(allowed.effects, []);
  assert.deepEqual(sent(run(allowed.session, message({ type: "memberBack", member: { ...ana, key: "k2" }, epoch: 2 })).effects), ["openLink"]);
});

test("consent holds for the same agent on another page of its console, under another id, and on the customer's next page", () => {
  const { session } = run(idle, ...asking, { type: "allow" }, message({ type: "memberBack", member: { ...ana, key: "k2" }, epoch: 2 }));
  assert.deepEqual(session.allowed, ["a1", "k1", "k2"]);
  const again = run(session, message({ type: "memberJoined", member: { ...ana, id: "b1", key: "k2" } }));
  assert.deepEqual(sent(again.effects), ["openLink"]);
  const next = (allowed: readonly string[]): string[] => sent(run(idle, { type: "resume", saved: { ...saved, allowed }, ask: true }, message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [ana] })).effects);
  assert.deepEqual(next(session.allowed), ["started", "pong", "openLink"]);
  assert.deepEqual(next([]), ["started", "pong"]);
});

test("another agent, or one without a key, asks anew", () => {
  const { session } = run(idle, ...asking, { type: "allow" });
  for (const member of [{ ...ana, id: "b1", key: "k9" }, { ...ana, id: "b2" }]) assert.deepEqual(run(session, message({ type: "memberJoined", member })).effects, []);
});

const expired: Message = { type: "ended", reason: "timeout" };

test("a code that nobody has taken is replaced by another, twice, and the page hears of one session", () => {
  let { session, effects } = run(idle, ...start, message(expired));
  assert.deepEqual([session.state, session.code, session.token], ["Signalling", "", ""]);
  assert.deepEqual(sent(effects), ["disconnect", "connect"]);
  ({ session, effects } = run(session, { type: "socketOpen" }, message({ ...started, code: "987654321" })));
  assert.deepEqual([session.state, session.code], ["Waiting", "987654321"]);
  assert.deepEqual(effects, []);
  ({ session } = run(session, message(expired), { type: "socketOpen" }, message(started), message(expired)));
  assert.deepEqual([session.state, session.reason], ["Stopped", "expired"]);
});

test("a session that an agent was in is not renewed", () => {
  const { session } = run(idle, ...connected, message(expired));
  assert.deepEqual([session.state, session.reason], ["Stopped", "timeout"]);
});

test("a pause is told and holds on the next page and for whoever comes, until it is over", () => {
  const paused = run(idle, ...connected, { type: "pause", paused: true });
  assert.deepEqual(paused.effects, [{ do: "broadcast", message: { type: "sharing", paused: true } }, { do: "share", paused: true }]);
  assert.deepEqual([paused.session.state, paused.session.message], ["Connected", "Sharing is paused."]);
  assert.deepEqual(run(paused.session, { type: "pause", paused: true }).effects, []);
  assert.match(run(paused.session, message({ type: "memberJoined", member: { id: "b1", role: "agent" } }), path("b1", "channel")).session.message, /paused/);
  assert.equal(run(idle, { type: "resume", saved: { ...saved, paused: true } }).session.paused, true);
  const over = run(paused.session, { type: "pause", paused: false });
  assert.deepEqual(sent(over.effects), ["sharing", "share"]);
  assert.match(over.session.message, /Ana can see this page/);
  assert.equal(run(paused.session, { type: "stop" }).session.paused, false);
});

test("the server that has lost sight of the links hears again which path they take", () => {
  const back = message({ type: "resumed", session: "s", member: "m", token: "t2", epoch: 2, members: [ana] });
  const { effects } = run(idle, ...connected, { type: "socketClosed", final: false, code: 1006 }, back);
  assert.deepEqual(effects[1], { do: "send", message: { type: "carried", member: "a1", path: "channel" } });
  const relayed = run(idle, ...connected, path("a1", "relay"), { type: "socketClosed", final: false, code: 1006 }, back);
  assert.deepEqual(relayed.effects[1], { do: "send", message: { type: "carried", member: "a1", path: "relay" } });
});

test("metaData that the server refuses in a session that runs changes nothing", () => {
  const { session } = run(idle, ...connected);
  assert.deepEqual(step(session, message({ type: "error", code: "bad-metadata", message: "" }), 0), [session, []]);
});
