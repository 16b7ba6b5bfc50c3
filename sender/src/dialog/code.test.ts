import assert from "node:assert/strict";
import { test } from "node:test";
import { groups } from "./code.js";

const cases: [code: string, want: string[]][] = [
  ["123456789", ["123", "456", "789"]],
  ["000000001", ["000", "000", "001"]],
  ["1234567", ["123", "456", "7"]],
  ["", []],
];
for (const [code, want] of cases) {
  test(`${code || "no code"} is read as ${want.join(" ") || "nothing"}`, () => {
    assert.deepEqual(groups(code), want);
  });
}
