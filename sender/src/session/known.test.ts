import assert from "node:assert/strict";
import { test } from "node:test";
import { askAnew, fieldsOf, knownHere } from "./known.js";

const tags: { dataset: Record<string, string> }[] = [];
Object.assign(globalThis, { document: { querySelectorAll: () => tags } });

test("an identity takes the place of what the tag has, and a function's answer comes later", async () => {
  tags.push({ dataset: { qwelpSigned: "1.a.b" } });
  assert.deepEqual(fieldsOf(knownHere({}, assert.fail)), { signed: "1.a.b" });
  assert.deepEqual(fieldsOf(knownHere({ identity: "ey.a.b" }, assert.fail)), { signed: "ey.a.b" });
  let calls = 0;
  const identity = (): Promise<string> => Promise.resolve(`ey.${++calls}.b`);
  const came = new Promise<void>((resolve) => assert.deepEqual(fieldsOf(knownHere({ identity }, resolve)), { signed: "1.a.b" }));
  await came;
  assert.deepEqual(fieldsOf(knownHere({ identity }, assert.fail)), { signed: "ey.1.b" });
});

test("a function that fails, or answers no text, is named and harms nothing", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  for (const identity of [() => { throw new Error("no login"); }, () => 5 as unknown as string, () => "<!doctype html><title>Sign in</title>", () => `e.${"a".repeat(70_000)}.b`, () => "4711", () => Promise.reject(new Error("offline"))]) {
    assert.deepEqual(fieldsOf(knownHere({ identity }, assert.fail)), { signed: "1.a.b" });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(warn.mock.callCount(), 6);
});

test("nobody may have signed in, and a text may end in a line", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  for (const nobody of [undefined, null, ""] as undefined[]) {
    assert.deepEqual(fieldsOf(knownHere({ identity: () => nobody }, assert.fail)), { signed: "1.a.b" });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(fieldsOf(knownHere({ identity: " ey.a.b\n" }, assert.fail)), { signed: "ey.a.b" });
  const identity = (): string => "ey.a.b\n";
  await new Promise<void>((resolve) => knownHere({ identity }, resolve));
  assert.deepEqual(fieldsOf(knownHere({ identity }, assert.fail)), { signed: "ey.a.b" });
  assert.equal(warn.mock.callCount(), 0);
});

test("each session asks anew, since answers expire", async () => {
  let calls = 0;
  const identity = (): string => `ey.${++calls}.b`;
  const answer = async (): Promise<unknown> => {
    await new Promise<void>((resolve) => knownHere({ identity }, resolve));
    return fieldsOf(knownHere({ identity }, assert.fail));
  };
  askAnew();
  assert.deepEqual(await answer(), { signed: "ey.1.b" });
  askAnew();
  assert.deepEqual(await answer(), { signed: "ey.2.b" });
});
