import assert from "node:assert/strict";
import { test } from "node:test";
import { caretForDeletion, digitsOf, groupCode } from "./code.js";

test("any separators are accepted", () => {
  for (const text of ["123456789", "123-456-789", " 123 456 789 ", "Code: 123.456/789.", "１２３４５６７８９", "123\u00a0456\u2009789"]) {
    assert.equal(digitsOf(text), "123456789", text);
  }
});

test("digits are grouped while they are typed, and the caret stays behind its digit", () => {
  const cases: [string, number, string, number][] = [
    ["", 0, "", 0],
    ["123", 3, "123", 3],
    ["1234", 4, "123 4", 5],
    ["123 4567", 8, "123 456 7", 9],
    ["9123 456", 1, "912 345 6", 1],
    ["123 9456", 5, "123 945 6", 5],
    ["12x3", 3, "123", 2],
    ["123456789", 9, "123 456 789", 11],
    ["123-456-789", 11, "123 456 789", 11],
    ["12 456 789", 2, "124 567 89", 2],
    ["12345678901234567890", 20, "123 456 789 012 345", 19],
  ];
  for (const [text, caret, want, wantCaret] of cases) assert.deepEqual(groupCode(text, caret), { text: want, caret: wantCaret }, text);
});

test("a deletion meets a digit, not a gap", () => {
  assert.equal(caretForDeletion("123 456", 4, false), 3);
  assert.equal(caretForDeletion("123 456", 3, true), 4);
  assert.equal(caretForDeletion("123 456", 2, false), 2);
});
