import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "./language/en.js";
import { withTexts } from "./texts.js";

function replaced(texts: object): [language: typeof en, warnings: string[]] {
  const warnings: string[] = [];
  return [withTexts(en, texts, (message) => warnings.push(message)), warnings];
}

test("the app's texts take the place of ours, the others stay", () => {
  const [language, warnings] = replaced({ start: "Los", asks: "{agents}: darf ich? ({agents})", viewing: "$& sieht zu" });
  assert.deepEqual(warnings, []);
  assert.equal(language.start, "Los");
  assert.equal(language.asks("Ana $&", false), "Ana $&: darf ich? (Ana $&)");
  assert.equal(language.viewing("Ana", false), "$& sieht zu");
  assert.equal(language.end, en.end);
});

const bad: [name: string, texts: object, warning: RegExp][] = [
  ["a text there is not", { starts: "Go" }, /texts\.starts is not a setting/],
  ["a name of every object's", { constructor: "Go" }, /texts\.constructor is not a setting/],
  ["a text that is not the app's to choose", { promises: "None" }, /texts\.promises is not a setting/],
  ["what is no text", { start: 7 }, /texts\.start is not valid/],
  ["a long text", { end: "x".repeat(301) }, /texts\.end is not valid/],
  ["control characters", { end: "a\u0000" }, /texts\.end is not valid/],
];
for (const [name, texts, warning] of bad) {
  test(`${name} is named and left out`, () => {
    const [language, warnings] = replaced(texts);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, warning);
    assert.deepEqual(language, en);
  });
}
