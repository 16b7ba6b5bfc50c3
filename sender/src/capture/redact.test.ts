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

const lost: [css: string, want: string][] = [
  ["a { counter-reset: ada 47114711 x; counter-increment: ada 1; }", "a { counter-reset: c1 c2; counter-increment: c1 1; }"],
  ["a { counter-set: ada var(--n) }", "a {}"],
  ["a::after { content: counter(ada) counters(x, '.', ada) }", "a::after { content: counter(c1) counters(c2, '.', ada) }"],
  ["ol { counter-reset: reversed(ada) !important }", "ol { counter-reset: c1 !important}"],
  ["@counter-style ada { symbols: Ada; suffix: 'Ada'; prefix: '→' }", `@counter-style ada { suffix: ${dots}; prefix: '→' }`],
  ["@property --a { syntax: '<string>'; inherits: true; initial-value: 'Ada' }", `@property --a { syntax: '<string>'; inherits: true; initial-value: ${dots} }`],
  ["a { hyphenate-character: 'Ada'; text-overflow: 'Ada'; text-emphasis: 'A' }", `a { hyphenate-character: ${dots}; text-overflow: ${dots}; text-emphasis: ${dots} }`],
  ["@function --f(--x: 'Ada') { result: 'Ada' }", `@function --f(--x: ${dots}) { result: ${dots} }`],
  ["a { --n: 47114711; --w: 700; --rgb: 13, 110, 253; --z: 9999; --l: 1.5rem; --big: 47114711px; --e: 4711e4; --hsl: 222.2 47.4% 11.2%; --c: #123456 }",
    "a { --n: 0; --w: 700; --rgb: 13, 110, 253; --z: 9999; --l: 1.5rem; --big: 0px; --e: 0; --hsl: 222.2 47.4% 11.2%; --c: #123456 }"],
  ["@container style(--x: 'Ada') or style(--n: 47114711) { a { color: red } }", `@container style(--x: ${dots}) or style(--n: 0) { a { color: red } }`],
  ["a { content: image-set('x.png' type('image/png'), 'y.png' 2x) / 'Ada' }", `a { content: image-set('x.png' type('image/png'), 'y.png' 2x) / ${dots} }`],
  ["a { background: url(it's.png); content: 'Ada' }", `a { background: url(it's.png); content: ${dots} }`],
  ["a { unheard-of: Ada; color: red }", "a { color: red }"],
  ["@unheard-of ada { a { color: red } } b { color: red }", "@media not all{} b { color: red }"],
  ["@page { @top-left { content: 'Ada' } } b { color: red }", "@media not all{} b { color: red }"],
  ["@font-feature-values Ada { @styleset { ada: 1 } }", "@media not all{}"],
  ["@import 'ada.css'; b { color: red }", " b { color: red }"],
  ["a { font-feature-settings: 'liga' 1, 'adax'; font-family: 'Ada' }", `a { font-feature-settings: 'liga' 1, ${dots}; font-family: 'Ada' }`],
  ["a { --x: { content: 'Ada'; } ; color: red }", `a { --x: { content: ${dots}; } ; color: red }`],
  ["content: 'Ada'; color: red", `content: ${dots}; color: red`],
  [".a\\:b { .c:hover & { content: \"Ada\" } color: red }", `.a\\:b { .c:hover & { content: ${dots} } color: red }`],
  ["a { c\\6fntent: 'Ada'; background: \\75rl(a\"b) ; content: \"Ada\"; color: red }", "a {"],
  ["a { clip-path: path('Ada'); d: path('M A T'); offset-path: path('M0 0 M'); --p: path('M1 2') }", `a { clip-path: path(${dots}); d: path(${dots}); offset-path: path(${dots}); --p: path('M1 2') }`],
  ["a { content: 'Ada\nb; color: red }", `a { content: ${dots}\nb; color: red }`],
];
for (const [css, want] of lost) {
  test(`${css} loses what it should`, () => {
    assert.equal(wordless(css), want);
  });
}

for (const css of [
  "@media (min-width: 400px) { .a > b::before { inset: 0 auto; margin: -1px calc(100% - var(--x, 2rem)) } }",
  "@supports (display: grid) { a { grid-template-areas: 'head head' 'main side'; transition: color .2s ease-in-out } }",
  "@font-face { font-family: 'Inter'; src: url(a.woff2) format('woff2'); unicode-range: U+0-FF; font-display: swap }",
  "@layer base, components; @layer base { :root { --shadow: 0 1px 2px rgb(0 0 0 / 5%) } }",
  "@keyframes spin { from { transform: rotate(0) } 50% { opacity: .5 } to { transform: rotate(360deg) } }",
  ":root { --sans: 'Inter', ui-sans-serif, sans-serif; --tint: hue-rotate(169deg) saturate(4223%); content-visibility: auto }",
  "a { clip-path: path('M0 0H10.5v-1e1L.5.5,3-4a1 2 0 0 1 9 9Z'); d: path(\"m 1,2 3,4z\"); offset-path: path(evenodd, 'M0,0 C1 2 3 4 5 6') }",
  "a { background: url( 'it(s.png' ); clip-path: url(#a) }",
  "input[type='checkbox']:checked + label::after { content: '✓'; -webkit-font-smoothing: antialiased }",
]) {
  test(`${css} stays`, () => {
    assert.equal(wordless(css), css);
  });
}

// A regular expression that remembers each of them has no stack for them.
test("millions of escapes in a string, a URL or a name overflow no stack", () => {
  const escapes = "\\41".repeat(3e6);
  for (const css of [`a{content:"${escapes}"}`, `a{content:'${escapes}`, `a{background:url(${escapes})}`, `a{background:url("${escapes}")}`, `.${escapes}{color:red}`, `a{--x:${escapes}}`]) wordless(css);
});

// More than in proportion to the text, none of these would end.
test("wordless takes time in proportion to the text", () => {
  for (const part of ["(", "url(", "a{", "--x:{", "'", "\"a", "/*", "@scope ", "[", "--x:(", "counter(", "\\", "a:'x';", "1 ", "}"]) {
    wordless(`a{content:${part.repeat(300_000)}`);
  }
});
