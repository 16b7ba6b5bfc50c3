import assert from "node:assert/strict";
import { test } from "node:test";
import { line } from "./line.js";

// The same cases are in internal/visible/visible_test.go.
test("a line shows what it says", () => {
  for (const [text, want] of [
    ["Ann", "Ann"], ["  Ann \n\t Lee ", "Ann Lee"], ["Ann\u202eevil", "Annevil"], ["A\u200bn\u200dn\ufeff", "Ann"], ["\x00\x1b[31mAnn", "[31mAnn"],
    ["\u2066\u2800\u3164", ""], ["\u061ca\u2067b\u2069c\u00add", "abcd"], ["a\u2028b\u2029c\u0085d\u00a0e", "a b c d e"], ["José Ñandú 李雷", "José Ñandú 李雷"],
    ["Z\u0301\u0302\u0303\u0304a", "Z\u0301\u0302a"], ["Z\u0301\u200b\u0302\u200b\u0303", "Z\u0301\u0302"], ["x".repeat(1000), "x".repeat(64)],
    ["é".repeat(70) + "\u202e", "é".repeat(64)], [`${"x".repeat(63)} yz`, "x".repeat(63)], ["a\ue000b\u{f0000}c\u{e0041}d", "abcd"], ["<script>", "<script>"],
    ["\u{1f600} x\ud800y", "\u{1f600} xy"],
  ] as const) assert.equal(line(text, 64), want, JSON.stringify(text.slice(0, 80)));
});

test("of a text that is long or hides most of itself no more is read than shows", () => {
  let read = 0;
  const text = { *[Symbol.iterator]() { for (;;) { read++; yield "\u202e"; } } } as unknown as string;
  assert.equal(line(text, 100), "");
  assert.ok(read < 1_000, `${read} characters`);
});
