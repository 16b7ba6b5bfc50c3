import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, knownHere } from "./known.js";

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
  for (const identity of [() => { throw new Error("no login"); }, () => 5 as unknown as string, () => Promise.reject(new Error("offline"))]) {
    assert.deepEqual(fieldsOf(knownHere({ identity }, assert.fail)), { signed: "1.a.b" });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(warn.mock.callCount(), 3);
});
