import assert from "node:assert/strict";
import { test } from "node:test";
import { damaged } from "./css.js";
import { statements } from "./sources.js";

test("CSS text is cut into its statements", () => {
  for (const [css, want] of [
    ["a{b:c}d{e:f}", ["a{b:c}", "d{e:f}"]],
    ["@layer x;@media (y){a{b:c}d{}}e{&:hover{f:g}}", ["@layer x;", "@media (y){a{b:c}d{}}", "e{&:hover{f:g}}"]],
    ["/*}*/a{b:'}';c:\\}}d{}", ["/*}*/a{b:'}';c:\\}}", "d{}"]],
    ["a{b:c", ["a{b:c"]],
  ] as const) assert.deepEqual([...statements(css)], want);
});

test("a text that lacks a shorthand is told from others", () => {
  for (const css of [".a { padding-top: ; padding-left: 2px; }", ".a { color: red; top:  !important; }"]) assert.match(css, damaged);
  for (const css of [".a { --x: ; color: red; }", ".a { padding: var(--x); }", "a:hover { color: red; }"]) assert.doesNotMatch(css, damaged);
});
