import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceRules } from "./sourcerules.js";

/** Counts as a browser would the rules of texts in which all is right. */
function counting(): { rules: SourceRules; read: { units: number } } {
  const read = { units: 0 };
  return { rules: new SourceRules((css) => ((read.units += css.length), countOf(css))), read };
}

function countOf(css: string): number {
  let count = 0;
  let depth = 0;
  for (const char of css.replace(/\/\*[^]*?\*\/|"[^"]*"|url\([^)]*\)/g, "")) {
    if (char === "{") depth++;
    else if (char === "}" && --depth === 0) count++;
    else if (char === ";" && depth === 0) count++;
  }
  return count;
}

const read = (rules: SourceRules, css: string): readonly string[] | undefined => rules.read(css, countOf(css), (piece) => `<${piece}>`);

for (const [name, css, want] of [
  ["rules", "a { b: c } d{e:f}", ["<a { b: c }>", "<d{e:f}>"]],
  ["nothing", " \n", []],
  ["comments and strings", `/* } */ a { b: "}" } /* end */`, [`</* } */ a { b: "}" }>`]],
  ["statements and groups", `@layer a, b; @media all { a { b: c } d { e: f } }`, ["<@layer a, b;>", "<@media all { a { b: c } d { e: f } }>"]],
  ["nested rules", "a { b: c; & d { e: f } }", ["<a { b: c; & d { e: f } }>"]],
  ["braces in URLs", "a { b: url(data:,{;) } c { d: e }", ["<a { b: url(data:,{;) }>", "<c { d: e }>"]],
  ["escapes", String.raw`.a\{b { c: d } e { f: g }`, [String.raw`<.a\{b { c: d }>`, "<e { f: g }>"]],
  ["something open", "a { b: c } d { e: f", ["<a { b: c } d { e: f>"]],
  ["something closed too often", "a { b: c) } d { e: f }", ["<a { b: c) } d { e: f }>"]],
] as const) {
  test(`a source text is taken apart: ${name}`, () => assert.deepEqual(rulesOf(css), want));
}

function rulesOf(css: string): readonly string[] | undefined {
  const rules = new SourceRules(() => 1);
  return rules.read(css, 1, (piece) => `<${piece}>`);
}

test("rules that are not those of the text are not sent as its", () => {
  const { rules } = counting();
  assert.equal(rules.read("a { b: c }", 2, (css) => css), undefined);
  assert.deepEqual(read(rules, "a { b: c }"), ["<a { b: c }>"]);
  assert.equal(rules.read("a { b: c }", 2, (css) => css), undefined);
});

test("any change gives the same as the whole text", () => {
  const rule = (n: number): string => [`.a${n} { b: c${n} }`, `@layer x${n};`, `@media all { .d${n} { e: "}" } }`, `/* ${n} */ f { g: url(h{i) }\n`][n % 4]!;
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const { rules } = counting();
  let parts: string[] = [];
  for (let round = 0; round < 400; round++) {
    parts = [...parts];
    const at = random(parts.length + 1);
    parts.splice(at, random(3), ...Array.from({ length: random(4) }, () => rule(random(40))));
    if (parts.length > 30) parts.splice(random(10), 10);
    const css = parts.join(random(2) ? "\n" : "");
    const fresh = counting().rules;
    assert.deepEqual(read(rules, css), read(fresh, css), css);
  }
});

test("of a text that grows or changes only a part is read", () => {
  const { rules, read: counted } = counting();
  const lines = Array.from({ length: 3_000 }, (_, n) => `.r${n} { color: rgb(${n % 256} 0 0); padding: ${n}px }\n`);
  read(rules, lines.join(""));
  counted.units = 0;
  for (let n = 0; n < 100; n++) {
    if (n % 2) lines[n] = `.other${n} { left: ${n}px }\n`;
    else lines.push(`.more${n} { left: ${n}px }\n`);
    assert.equal(read(rules, lines.join(""))?.length, lines.length);
  }
  assert.ok(counted.units < 10_000, `${counted.units} units`);
});
