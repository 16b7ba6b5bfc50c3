import assert from "node:assert/strict";
import { test } from "node:test";
import { brandRules } from "./style.js";

test("an accent that reads well on white stays, and is lightened for the dark", () => {
  const rules = brandRules([11, 87, 208], undefined);
  assert.match(rules, /^:host { --edge: #0b57d0; --accent: #0b57d0; } @media \(prefers-color-scheme: dark\) { :host { --edge: #[0-9a-f]{6}; --accent: #[0-9a-f]{6}; } }/);
  assert.doesNotMatch(rules, /dark\) { :host { [^}]*--accent: #0b57d0/);
});

test("the head has a colour of its own only when the app gives one", () => {
  assert.doesNotMatch(brandRules([0, 0, 0], undefined), /--head/);
  assert.match(brandRules([0, 0, 0], [255, 215, 0]), /--head: #ffd700; --on-head: #000000;/);
});
