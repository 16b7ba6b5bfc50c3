import assert from "node:assert/strict";
import { test } from "node:test";
import { Asked } from "./asked.js";

function asked(css: string): (name: string, value: string, element?: object, policy?: 0 | 1) => string | undefined {
  const all = new Asked(() => 0);
  all.sheet(css);
  return (name, value, element = { localName: "div" }, policy = 0) => all.value(element as Element, name, value, policy);
}

test("what a selector or attr() asks for is sent, and nothing else", () => {
  const value = asked("x-a[pill], [raised='3']{} [ covered ]{} td::before{content:attr(data-label) attr(data-author)} [\\@x]{}");
  const long = "x".repeat(300);
  for (const [name, text, want] of [
    ["pill", "", ""], ["raised", "3", "3"], ["covered", "yes", "yes"], ["data-label", long, long], ["data-author", "Ada", "Ada"], ["pill", long, ""], ["other", "1", undefined],
  ] as const) assert.equal(value(name, text), want, name);
});

test("secrets and code are not sent, though a sheet asks for them", () => {
  const value = asked("[data-csrf-token],[data-auth=x],[onclick],[srcdoc],[value]{content:attr(data-session-id) attr(data-tokens) attr(data-signature)}");
  for (const name of ["data-csrf-token", "data-auth", "onclick", "srcdoc", "data-session-id"]) assert.equal(value(name, "abc"), "", name);
  for (const name of ["data-tokens", "data-signature"]) assert.equal(value(name, "abc"), "abc", name);
  assert.equal(value("value", "duck", { localName: "input", type: "radio" }), "duck");
  assert.equal(value("value", "duck", { localName: "option" }), "duck");
  for (const type of ["text", "hidden", "password"]) assert.equal(value("value", "duck", { localName: "input", type }), undefined, type);
});

test("of an address no more is sent than sheets say themselves", () => {
  const value = asked("[src$='.svg'], [href*='?tab='], [href$='#pay'], [href='/a?b=1'], [href^='data:image/'], [src*='SECRET' i]{}");
  for (const [name, text, want] of [
    ["src", "/icon.svg?v=1", "/icon.svg?"], ["src", "/icon.svg", "/icon.svg"], ["href", "/x?tab=7&token=abc", "/x??tab="], ["href", "/x?t=abc#pay", "/x?#pay"], ["href", "/a?b=1", "/a?b=1"],
    ["href", "/a?b=2", "/a?"], ["href", "data:image/png,abc", "data:image/"], ["src", "https://ada:pw@shop.example/a?secretary=1", "https://shop.example/a?SECRET"],
  ] as const) assert.equal(value(name, text), want, text);
});

test("of what is redacted only marks of frameworks are sent", () => {
  const value = asked("[data-v-7ba5bd90],[pill],[data-label]{}");
  const redacted = (name: string, text: string): unknown => value(name, text, undefined, 1);
  assert.deepEqual([redacted("data-v-7ba5bd90", ""), redacted("pill", ""), redacted("data-label", "Ada")], ["", undefined, undefined]);
});
