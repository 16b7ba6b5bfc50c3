import { test } from "node:test";
import assert from "node:assert/strict";
import { isDark, type Around } from "./scheme.js";

const page: Around = { given: undefined, schemes: "normal", background: undefined, prefersDark: true };

for (const [name, around, want] of [
  ["a page that says nothing is light, whatever the customer prefers", {}, false],
  ["only light", { schemes: "only light" }, false],
  ["light", { schemes: "light" }, false],
  ["both, of which the customer prefers dark", { schemes: "light dark" }, true],
  ["both, of which the customer prefers light", { schemes: "dark light", prefersDark: false }, false],
  ["dark", { schemes: "dark", prefersDark: false }, true],
  ["painted dark", { background: [17, 24, 39], prefersDark: false }, true],
  ["painted light", { background: [250, 250, 250] }, false],
  ["painted dark, but said to be light", { schemes: "light", background: [0, 0, 0] }, false],
  ["what the app says comes first", { given: "light", schemes: "dark" }, false],
  ["dark by the app", { given: "dark", schemes: "only light", prefersDark: false }, true],
] as const) test(`the dialog's scheme: ${name}`, () => assert.equal(isDark({ ...page, ...around } as Around), want));
