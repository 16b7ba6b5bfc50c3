import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionState } from "../api.js";
import { languages } from "../languages.js";
import { pick, titles } from "../page/tongue.js";
import { en } from "./language/en.js";
import { face, names, span, type View } from "./words.js";

const noon = 1_700_000_000_000;

function view(state: SessionState, more: Partial<View> = {}): View {
  return { state, reason: undefined, code: "", codeExpires: 0, agents: [], asking: [], since: 0, digits: [], paused: false, server: true, online: true, ...more };
}

/** Text without the marks that isolate names. */
const bare = (text: string): string => text.replace(/[\u2068\u2069]/g, "");

const headlines: [name: string, view: View, want: string][] = [
  ["before a session nothing is announced", view("Idle"), ""],
  ["a code is being fetched", view("Signalling"), "Getting your support code…"],
  ["a session that waits without a code fetches it", view("Waiting"), "Getting your support code…"],
  ["the code is to be read aloud", view("Waiting", { code: "123456789", codeExpires: noon + 1 }), "Read this code to your agent"],
  ["a code that is too old is not shown as one", view("Waiting", { code: "123456789", codeExpires: noon }), "Getting your support code…"],
  ["an agent joins", view("Connecting", { agents: ["Ana"] }), "Ana is joining…"],
  ["an agent without a name joins", view("Connecting", { agents: [""] }), "An agent is joining…"],
  ["two agents join", view("Connecting", { agents: ["Ana", "Ben"] }), "Ana and Ben are joining…"],
  ["an agent looks at the page", view("Connected", { agents: ["Ana"] }), "Ana is viewing this page"],
  ["two agents look at the page", view("Connected", { agents: ["Ana", "Ben"] }), "Ana and Ben are viewing this page"],
  ["an agent whose name is not known yet looks at the page", view("Connected"), "An agent is viewing this page"],
  ["an agent wants to look at the page", view("Connecting", { agents: ["Ana"], asking: ["Ana"] }), "Ana wants to see this website"],
  ["another agent wants to", view("Connected", { agents: ["Ana", "Ben"], asking: ["Ben"] }), "Ben wants to see this website"],
  ["the customer has paused", view("Connected", { agents: ["Ana"], paused: true }), "Sharing is paused"],
  ["the link is lost", view("Reconnecting", { agents: ["Ana"] }), "Reconnecting…"],
  ["the session is over", view("Stopped", { reason: "agent" }), "The session has ended"],
  ["the session has gone to another tab", view("Stopped", { reason: "otherTab" }), "The session goes on in another tab."],
  ["the session failed", view("Failed", { reason: "overload" }), "The session could not continue"],
  ["the session never began", view("Failed", { reason: "unreachable" }), "We couldn’t start a session"],
];
for (const [name, given, want] of headlines) {
  test(name, () => {
    assert.equal(bare(face(given, {}, noon, en).headline), want);
  });
}

test("a session that has gone to another tab is not said to be over", () => {
  assert.deepEqual(face(view("Stopped", { reason: "otherTab" }), {}, noon, en).lines, [en.nobodyMore]);
});

test("a name that is read from the other side changes nothing around it", () => {
  assert.equal(face(view("Connected", { agents: ["أنا"] }), {}, noon, en).headline, "\u2068أنا\u2069 is viewing this page");
  assert.equal(names(["أنا", "Ben"], en), "\u2068أنا\u2069 and Ben");
});

test("a long name is cut in its middle within a sentence, and stands whole below it", () => {
  const name = "Dr. Maximiliane Freifrau von Hohenstein-Zeil (Second line)";
  assert.equal(names([name], en), "Dr. Maximiliane F…cond line)");
  const { headline, lines } = face(view("Connected", { agents: [name, "Ben"], since: 1 }), {}, 1, en);
  assert.match(headline, /^Dr\. Maximiliane F…cond line\) and Ben are viewing this page$/);
  assert.deepEqual(lines, [`${name}, Ben`]);
  assert.deepEqual(face(view("Connected", { agents: ["Ana"], since: 1 }), {}, 1, en).lines, []);
  assert.equal(names(["م".repeat(40)], en), `\u2068${"م".repeat(17)}…${"م".repeat(10)}\u2069`);
});

test("who is asked for is told with the question, so that a question that grows is another", () => {
  assert.deepEqual(face(view("Connecting", { agents: ["Ana"], asking: ["Ana"] }), {}, noon, en).asks, ["Ana"]);
  assert.deepEqual(face(view("Connected", { agents: ["Ana"] }), {}, noon, en).asks, []);
});

test("the code is shown while it can be taken, and only while a session waits", () => {
  const code = { code: "123456789", codeExpires: noon + 1 };
  assert.equal(face(view("Waiting", code), {}, noon, en).code, "123456789");
  assert.equal(face(view("Waiting", code), {}, noon + 1, en).code, "");
  assert.equal(face(view("Connected", code), {}, noon, en).code, "");
});

test("how long the code is valid and how long an agent has looked are told by a clock", () => {
  assert.equal(face(view("Waiting", { code: "1", codeExpires: noon + 598_000 }), {}, noon, en).clock, "Valid for 9:58");
  assert.equal(face(view("Connected", { since: noon - 60_000 }), {}, noon, en).clock, "1:00");
  assert.equal(face(view("Connected"), {}, noon, en).clock, "");
});

const spans: [ms: number, want: string][] = [[-1, "0:00"], [0, "0:00"], [7_999, "0:07"], [720_000, "12:00"], [3_723_000, "1:02:03"]];
for (const [ms, want] of spans) {
  test(`a clock shows ${ms} ms as ${want}`, () => {
    assert.equal(span(ms), want);
  });
}

const ways: [name: string, view: View, want: string][] = [
  ["without a server while a code is read", view("Waiting", { code: "1", codeExpires: noon + 1, server: false }), en.serverGone],
  ["without a network while a code is read", view("Waiting", { code: "1", codeExpires: noon + 1, server: false, online: false }), en.offline],
  ["without a network at the start", view("Signalling", { server: false, online: false }), en.offline],
  ["without a server at the start, after a while", view("Signalling", { server: false, slow: true }), en.serverGone],
  ["with an agent who cannot be reached", view("Connecting", { agents: ["Ana"], slow: true }), en.blocked],
  ["while the connection is lost", view("Reconnecting"), en.reconnectingHint],
  ["while the network is lost", view("Reconnecting", { online: false }), en.offline],
  ["when the server cannot be reached", view("Failed", { reason: "unreachable" }), en.reasons.unreachable],
];
for (const [name, given, want] of ways) {
  test(`what to do is told ${name}`, () => {
    assert.equal(face(given, {}, noon, en).lines[0], want);
  });
}

test("while the customer has paused, agents are not said to look, and it can go on", () => {
  const got = face(view("Connected", { agents: ["Ana", "Ben"], paused: true }), {}, noon, en);
  assert.deepEqual([got.lines.map(bare), got.pause, got.may], [["Ana and Ben don’t see what happens on this page now."], "Resume sharing", ""]);
  assert.equal(got.short, "Sharing is paused");
  assert.equal(face(view("Connected", { agents: ["Ana"] }), {}, noon, en).pause, "Pause sharing");
  assert.equal(face(view("Reconnecting", { paused: true }), {}, noon, en).pause, "Resume sharing");
  assert.equal(face(view("Waiting"), {}, noon, en).pause, "");
});

test("who waited too long for an agent is offered a new code", () => {
  assert.equal(face(view("Stopped", { reason: "expired" }), {}, noon, en).start, "Get a new code");
});

const states: [state: SessionState, start: string, end: string, done: string][] = [
  ["Idle", "Start session", "", ""],
  ["Signalling", "", "Cancel", ""],
  ["Waiting", "", "Cancel", ""],
  ["Connecting", "", "End session", ""],
  ["Connected", "", "End session", ""],
  ["Reconnecting", "", "End session", ""],
  ["Stopped", "Start session", "", "Done"],
  ["Failed", "Try again", "", ""],
];
for (const [state, ...buttons] of states) {
  test(`${state} has the buttons ${buttons.filter(Boolean).join(", ")}`, () => {
    const { start, end, done } = face(view(state), {}, noon, en);
    assert.deepEqual([start, end, done], buttons);
  });
}

test("who ended the session is told, and that nobody looks any more", () => {
  const got = face(view("Stopped", { reason: "agent" }), {}, noon, en);
  assert.deepEqual(got.lines, ["The agent has ended the session.", "The agent can no longer see this page."]);
});

test("the app's own message takes the place of ours", () => {
  assert.deepEqual(face(view("Idle"), { supportMessage: "Call us." }, noon, en).lines, ["Call us."]);
  assert.deepEqual(face(view("Idle"), {}, noon, en).lines, [en.message]);
});

test("while nobody is there, the dialog says so and offers no session", () => {
  for (const state of ["Idle", "Stopped", "Failed"] as const) {
    const { start, phone } = face(view(state), { closedMessage: "We are back at 9." }, noon, en);
    assert.deepEqual([start, phone], ["", true], state);
  }
  assert.deepEqual(face(view("Idle"), { closedMessage: "We are back at 9." }, noon, en).lines, ["We are back at 9."]);
  assert.equal(face(view("Waiting"), { closedMessage: "We are back at 9." }, noon, en).end, "Cancel");
});

const lists: [agents: string[], want: string][] = [
  [[], "An agent"],
  [["Ana"], "Ana"],
  [[" "], "An agent"],
  [["Ana", "Ben"], "Ana and Ben"],
  [["Ana", ""], "Ana and an agent"],
  [["", "Ana"], "An agent and Ana"],
  [["Ana", "Ben", "Cleo"], "Ana, Ben and Cleo"],
  [["Ana", "Ben", "Cleo", "Dan"], "Ana, Ben and 2 others"],
];
for (const [agents, want] of lists) {
  test(`${JSON.stringify(agents)} is read as ${want}`, () => {
    assert.equal(bare(names(agents, en)), want);
  });
}

const counts: [agents: number, want: string][] = [[4, "Ana, Ana i 2 inne osoby"], [7, "Ana, Ana i 5 innych osób"], [24, "Ana, Ana i 22 inne osoby"]];
for (const [agents, want] of counts) {
  test(`${agents} people are counted as Polish does`, () => {
    assert.equal(bare(names(Array<string>(agents).fill("Ana"), languages.pl)), want);
  });
}

test("no line of French begins with a mark", () => {
  for (const text of [languages.fr.compare("1234"), languages.fr.blocked]) assert.doesNotMatch(text, / [:?;!]/);
});

test("every language says all there is to say, and writes lists and times", () => {
  const all = { en, ...languages };
  assert.deepEqual(Object.keys(all).sort(), Object.keys(titles).sort());
  /** Every text in a language, by its name. */
  const texts = (value: unknown, path: string): [string, string][] => {
    if (typeof value === "string") return [[path, value]];
    if (typeof value === "function") return [true, false].map((several) => [`${path} ${several}`, (value as (a: string, b: boolean) => string)("X7", several)]);
    return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
  };
  const keys = texts(en, "").map(([path]) => path);
  for (const [tag, language] of Object.entries(all)) {
    const own = texts(language, "");
    assert.deepEqual(own.map(([path]) => path), keys, tag);
    for (const [path, text] of own) assert.ok(text.trim() === text && text.length > 1, `${tag}${path}: ${JSON.stringify(text)}`);
    for (const [path, text] of own.filter(([path]) => / (true|false)$/.test(path))) assert.ok(text.includes("X7"), `${tag}${path} leaves out what it is about`);
    assert.match(names(["Ana", "Ben", "Cleo", "Dan"], language), /Ana.*Ben.*2/, tag);
    assert.equal(pick([language.locale]), tag);
    if (tag === "en") continue;
    const same = own.filter(([path, text]) => !/locale|dir/.test(path) && texts(en, "").some(([p, t]) => p === path && t === text));
    assert.deepEqual(same, [], `${tag} is English here`);
  }
});

const wishes: [wished: string[], want: string][] = [
  [[""], "en"], [["de-AT"], "de"], [["DE"], "de"], [["sv", "fr-CH", "de"], "fr"], [["zh-Hant-TW"], "zh"], [["pt_BR"], "pt-BR"], [["pt-PT"], "pt"], [["pt"], "pt"], [["pt-br-x-a"], "pt-BR"], [["den"], "en"], [["constructor", "x"], "en"], [["", "ar"], "ar"],
];
for (const [wished, want] of wishes) {
  test(`whoever wishes for ${JSON.stringify(wished)} gets ${want}`, () => {
    assert.equal(pick(wished), want);
  });
}

test("what stays hidden is said as it is: what the website hides besides, or that the rest can be seen", () => {
  for (const words of [en, ...Object.values(languages)]) {
    const [, secrets, more] = words.promises;
    const asked = view("Connecting", { agents: ["Ana"], asking: ["Ana"] });
    assert.ok(face(asked, {}, noon, words).notes.includes(secrets) && !face(asked, {}, noon, words).notes.includes(more), words.locale);
    assert.ok(face(asked, {}, noon, words, true).notes.includes(more) && !face(asked, {}, noon, words, true).notes.includes(secrets), words.locale);
    assert.notEqual(secrets, more);
  }
});
