import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { Element: class {}, Node: class { getRootNode() {} }, NodeFilter: {} });
const { CleanWriter } = await import("./cleanwriter.js");
const { held } = await import("./secret.js");

/** What a frame says of a secret after something was written. */
function written(write: (writer: InstanceType<typeof CleanWriter>) => void): string {
  const writer = new CleanWriter();
  writer.begin(1);
  write(writer);
  return new TextDecoder().decode(writer.take());
}

test("names of elements, attributes and states, and escapes, repeat no secret", () => {
  held.add("hunter2!x");
  held.add("correcthorse9");
  held.add("latest");
  for (const write of [
    (w) => w.element(0, "x-correcthorse9", []),
    (w) => w.element(0, "correcthorse9", []),
    (w) => w.element(0, "p", ["data-correcthorse9", "", "class", "a"]),
    (w) => w.setAttribute(1, "data-correcthorse9", "1"),
    (w) => w.removeAttribute(1, "data-correcthorse9"),
    (w) => w.pseudo("state(correcthorse9)", [1]),
    (w) => w.assetFailed(1, "http://a/correcthorse9"),
    (w) => w.sheetText(1, "a { --correcthorse9: 1; --\\63 orrecthorse9: 1 }"),
    (w) => w.sheetText(1, ".hunter2\\!x { content: 'hunter2\\21x'; content: \"\\68 unter2!x\" }"),
    (w) => w.sheetText(1, ".correct\\horse9, .\\000063orrecthorse9 { color: red }"),
    (w) => w.setAttribute(1, "style", "--a: '\\68 unter2!x'"),
    (w) => w.sheetText(1, "a { content: 'hunter' \"2!x\" } b { symbols: 'h' 'u' 'n' 't' \"e\" 'r' '2' '!' 'x' } c::before { content: 'correct' 'horse9' }"),
    (w) => w.sheetText(1, "a::before { content: 'hunter2'; -webkit-text-security: disc } b::before { -webkit-text-security:disc;content:\"orrecthorse9\" }"),
  ] as ((writer: InstanceType<typeof CleanWriter>) => void)[]) assert.doesNotMatch(written(write), /hunter2|unter2|orrecthorse9|horse9/i, String(write));
});

test("what is known by name stays, and code that only has escapes", () => {
  held.add("textarea");
  const css = ".md\\:w-1\\/2 { content: '\\f101' } .a\\.b { --x: '\\201C' }";
  const text = written((w) => (w.element(0, "textarea", ["data-latest", "1", "class", "a"]), w.sheetText(1, css)));
  for (const part of ["textarea", "data-latest", css]) assert.ok(text.includes(part), `${part} in ${text}`);
});

test("strings that no rule masks stay", () => {
  const css = "a::before { -webkit-text-security: none; content: 'a' \"b\" } b { quotes: '«' '»' '‹' '›' } c { content: 'c' }";
  assert.ok(written((w) => w.sheetText(1, css)).includes(css));
});

test("long strings overflow no stack", () => {
  const css = `a{content:"${"\\41".repeat(1e6)}${"x".repeat(1e7)}"}`;
  assert.ok(written((w) => w.sheetText(1, css)).length > 1e7);
});
