import assert from "node:assert/strict";
import { test } from "node:test";
import { readRules, withoutRules } from "./rules.js";

const selectors = (css: string): string[] => readRules(css).rules.map((rule) => rule.selectors);

test("the rules of a sheet are found as browsers find them", () => {
  assert.deepEqual(selectors("a{} b , c {x:y} @media print{ d{} @supports (x:y){e{}} } @font-face{src:url(f{)} @keyframes k{from{}to{}} f{}"), ["a", "b , c", "d", "e", "f"]);
  assert.deepEqual(selectors("a { color: red; &:hover { x: y } b & { } @media print { c { } } --x: { y{} } }"), ["a", "&:hover", "b &", "c"]);
  assert.deepEqual(selectors(`/* a{ */ b{content:"}c{"} d[e="}"]{} f:is({g}){} \\{h{} @import "x{"; i{}`), ["b", 'd[e="}"]', "f:is({g})", "\\{h", "i"]);
  assert.deepEqual(selectors("a{} /* c */ /* d */ b{} } c{"), ["a", "b", "} c"]);
  assert.equal(readRules("a{b:c}").whole, true);
  for (const css of ["a{", "a{b:'", "a{} }", "/*", "a{b:url(", "a)"]) assert.equal(readRules(css).whole, false, css);
});

test("what is declared for a rule is its own, and what it refers to", () => {
  const { rules } = readRules("a { filter: blur(9px); b { mask: url(#m) } animation: x 1s } c { --f: url('#f'); } d { filter: var(--f) }");
  assert.deepEqual(rules.map(({ steps }) => steps > 0), [true, true, false, true]);
  assert.deepEqual(rules.map(({ refs }) => refs), [[], ["m"], ["f"], []]);
  assert.deepEqual(rules.map(({ uses }) => uses), [false, false, false, true]);
  assert.deepEqual(rules[2]!.variables, ["f"]);
});

test("rules are left out with what is in them", () => {
  const css = "a{x:y} @media print{b{ c{} } d{}} e{}";
  assert.equal(withoutRules(css, readRules(css).rules, new Set(["b", "e"])), "a{x:y} @media print{ d{}} ");
});

test("large texts that close nothing are read to their end", () => {
  for (const part of ["a{", "a{b:c}", "&{b;", "(", "/**/", "@x ", "@media{", "'\\n", "}", "x:{", "url(", "\\\\"]) readRules(part.repeat(200_000));
});
