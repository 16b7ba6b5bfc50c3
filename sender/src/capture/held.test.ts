import assert from "node:assert/strict";
import { test } from "node:test";
import { Held } from "./held.js";

const dots = "••••••••";

function held(...values: string[]): Held {
  const all = new Held();
  for (const value of values) all.add(value);
  return all;
}

test("what a secret field holds is found wherever it stands in a text", () => {
  const all = held("hunter2!x");
  for (const [text, want] of [
    ["hunter2!x", dots], ["Your password is hunter2!x.", `Your password is ${dots}.`], ["HUNTER2!X", dots], ["xhunter2!xhunter2!xy", `x${dots}${dots}y`],
    ["/reset/hunter2!x", `/reset/${dots}`], ["hunter2", "hunter2"], ["", ""],
  ] as const) assert.equal(all.clean(text), want, text);
  assert.equal(all.clean(".a::before { content: \"hunter2!x\" }", true), `.a::before { content: "${dots}" }`);
  for (const text of ["correct\u00a0horse", "cor\u00adrect ho\u200brse", "CORRECT HORSE"]) assert.equal(held("correct horse").clean(`x ${text}!`), `x ${dots}!`, text);
  assert.equal(held("pa ss/wörd").clean("/p/pa%20ss%2Fw%C3%B6rd"), `/p/${dots}`);
});

test("every beginning of four characters and more that was typed is found", () => {
  const all = new Held();
  for (const value of ["w", "wi", "win", "wint", "winte", "winter", "winter2", "winter24", "winter2"]) all.add(value);
  for (const text of ["wint", "winter", "winter24", "winter 24"]) assert.equal(all.clean(text), text === "winter 24" ? `${dots} 24` : dots, text);
  assert.equal(all.clean("win"), "win");
  assert.equal(all.clean("winter245"), `${dots}5`);
});

test("letters that stand apart are found, and such as are written otherwise", () => {
  const all = held("Zoë4711x", "8305");
  for (const text of ["Z o ë 4 7 1 1 x", "Z-o-ë-4-7-1-1-x", "Z · o · ë · 4 · 7 · 1 · 1 · x", "Zoe\u03084711x", "Ｚｏë４７１１ｘ", "8 3 0 5", "8.3.0.5"]) assert.equal(all.clean(`It is ${text} now`), `It is ${dots} now`, text);
  for (const text of ["a b c d e", "8 3 0", "1-2-3-4", "Cafe\u0301 ½ ﬁ ™", "-".repeat(1e5), "- ".repeat(1e5), `${"a ".repeat(1e5)}bb`]) assert.equal(all.clean(text), text);
});

test("common words and numbers count where they stand alone, and never in code", () => {
  const all = held("test", "1234");
  for (const text of ["latest", "tests", "contested", "12345", "order 91234"]) assert.equal(all.clean(text), text);
  assert.equal(all.clean("a test of 1234"), `a ${dots} of ${dots}`);
  assert.equal(all.clean("code1234x"), `code${dots}x`);
  assert.equal(all.clean(".test { width: 1234px }", true), ".test { width: 1234px }");
});

test("the number of a card is found however it is parted", () => {
  for (const typed of ["4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1111"]) {
    const all = held(typed);
    for (const text of ["4111111111111111", "4111 1111 1111 1111", "Card 4111-1111-1111-1111, Visa"]) assert.ok(!/1111/.test(all.clean(text)), `${typed}: ${text}`);
    assert.ok(!/1111/.test(held("41111111").clean("4111 1111")));
  }
});

test("letters by themselves are found by what they are a part of", () => {
  const all = held("830517");
  assert.ok(all.has("830517", 0, 1) && all.has("Code: 830517", 7, 9) && !all.has("Code: 830517", 0, 4) && !all.has("830516", 0, 1));
});

test("what may be a part of a secret is known by what a field holds", () => {
  const all = held("Wolf1234!");
  assert.ok(all.contains("ol") && all.contains("WO") && all.contains("234") && !all.contains("lo"));
});

test("what is short, blank or no text is not looked for", () => {
  assert.ok(held("", "abc", "      ").none);
  assert.equal(held("a\ud800bcd").clean("x"), "x");
});
