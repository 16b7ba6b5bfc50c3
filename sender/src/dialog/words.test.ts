import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionState } from "../api.js";
import { defaultMessage, face, names, type View } from "./words.js";

const noon = 1_700_000_000_000;
const clock = (at: number): string => `noon${at < noon ? "-" : "+"}${Math.abs(at - noon) / 60_000}`;

function view(state: SessionState, more: Partial<View> = {}): View {
  return { state, message: "", code: "", codeExpires: 0, agents: [], since: 0, digits: [], ...more };
}

const headlines: [name: string, view: View, want: string][] = [
  ["before a session nothing is announced", view("Idle"), ""],
  ["a code is being fetched", view("Signalling"), "Getting your support code…"],
  ["a session that waits without a code fetches it", view("Waiting"), "Getting your support code…"],
  ["the code is to be read aloud", view("Waiting", { code: "123456789", codeExpires: noon + 1 }), "Read this code to your agent"],
  ["a code that is too old is not shown as one", view("Waiting", { code: "123456789", codeExpires: noon }), "The code is no longer valid"],
  ["an agent joins", view("Connecting", { agents: ["Ana"] }), "Ana is joining…"],
  ["an agent without a name joins", view("Connecting", { agents: [""] }), "An agent is joining…"],
  ["an agent looks at the page", view("Connected", { agents: ["Ana"] }), "Ana is viewing this page"],
  ["two agents look at the page", view("Connected", { agents: ["Ana", "Ben"] }), "Ana and Ben are viewing this page"],
  ["an agent whose name is not known yet looks at the page", view("Connected"), "An agent is viewing this page"],
  ["the link is lost", view("Reconnecting", { agents: ["Ana"] }), "Reconnecting…"],
  ["the session is over", view("Stopped", { message: "The agent has ended the session." }), "The session has ended"],
  ["the session failed", view("Failed", { message: "No connection." }), "The session could not go on"],
];
for (const [name, given, want] of headlines) {
  test(name, () => {
    assert.equal(face(given, "", noon, clock).headline, want);
  });
}

test("the code is shown while it can be taken, and only while a session waits", () => {
  const code = { code: "123456789", codeExpires: noon + 1 };
  assert.equal(face(view("Waiting", code), "", noon, clock).code, "123456789");
  assert.equal(face(view("Waiting", code), "", noon + 1, clock).code, "");
  assert.equal(face(view("Connected", code), "", noon, clock).code, "");
});

test("how long the code is valid and since when an agent looks are told as times", () => {
  assert.match(face(view("Waiting", { code: "1", codeExpires: noon + 900_000 }), "", noon, clock).lines[0]!, /^Valid until noon\+15\./);
  assert.deepEqual(face(view("Connected", { since: noon - 60_000 }), "", noon, clock).lines, ["Since noon-1."]);
  assert.deepEqual(face(view("Connected"), "", noon, clock).lines, []);
});

const states: [state: SessionState, start: string, end: boolean][] = [
  ["Idle", "Start session", false],
  ["Signalling", "", true],
  ["Waiting", "", true],
  ["Connecting", "", true],
  ["Connected", "", true],
  ["Reconnecting", "", true],
  ["Stopped", "Start session", false],
  ["Failed", "Try again", false],
];
for (const [state, start, end] of states) {
  test(`${state} can be ${end ? "ended" : "started"}`, () => {
    const got = face(view(state), "", noon, clock);
    assert.equal(got.start, start);
    assert.equal(got.end, end);
  });
}

test("who ended the session is told, and that nobody looks any more", () => {
  const got = face(view("Stopped", { message: "The agent has ended the session." }), "", noon, clock);
  assert.deepEqual(got.lines, ["The agent has ended the session.", "Nobody sees this page any more."]);
});

test("the app's own message takes the place of ours", () => {
  assert.deepEqual(face(view("Idle"), "Call us.", noon, clock).lines, ["Call us."]);
  assert.deepEqual(face(view("Idle"), "", noon, clock).lines, [defaultMessage]);
});

const lists: [agents: string[], want: string][] = [
  [[], "An agent"],
  [["Ana"], "Ana"],
  [[" "], "An agent"],
  [["Ana", "Ben"], "Ana and Ben"],
  [["Ana", "Ben", "Cleo"], "Ana, Ben and Cleo"],
  [["Ana", "Ben", "Cleo", "Dan"], "Ana, Ben and 2 others"],
];
for (const [agents, want] of lists) {
  test(`${JSON.stringify(agents)} is read as ${want}`, () => {
    assert.equal(names(agents), want);
  });
}
