import assert from "node:assert/strict";
import { test } from "node:test";
import { redactedText, wordless } from "./redact.js";

test("a text is as long as any other", () => {
  assert.equal(redactedText("a"), redactedText("a longer text"));
  assert.equal(redactedText(" \n  "), " ");
  assert.equal(redactedText(""), "");
});

const dots = '"••••••••"';
const words: [css: string, want: string][] = [
  ["a::after { content: 'Ada' }", `a::after { content: ${dots} }`],
  ["a::after{content:\"4;7}1\" attr(x) 'B'}", `a::after{content:${dots} attr(x) ${dots}}`],
  ["a { --name: 'Ada'; color: red }", `a { --name: ${dots}; color: red }`],
  ["a::before { content: '\\41 da' }", `a::before { content: ${dots} }`],
  ["li { list-style-type: 'x'; quotes: 'a' 'b' }", `li { list-style-type: ${dots}; quotes: ${dots} ${dots} }`],
  ["a /* Ada */ { color: red }", "a   { color: red }"],
];
for (const [css, want] of words) {
  test(`${css} loses its words`, () => {
    assert.equal(wordless(css), want);
  });
}

for (const css of ["i::before { content: '\\f101'; font-family: \"Icons\" }", "i::before { content: '→' }", "a[data-x='Ada'] { grid-area: 'a b' }", "@charset 'utf-8';"]) {
  test(`${css} has none to lose`, () => {
    assert.equal(wordless(css), css);
  });
}

test("long values overflow no stack", () => {
  const long = `a{content:url(data:image/png,${"A".repeat(12e6)});background:url("data:,${"A".repeat(12e6)}")}`;
  assert.equal(wordless(long).length, long.length);
});
