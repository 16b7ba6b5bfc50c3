import assert from "node:assert/strict";
import { test } from "node:test";
import { createQuestion } from "./question.js";

test("a question can be answered when it could be read, for as long as it is there", () => {
  const question = createQuestion();
  assert.equal(question.armed(10_000), false);
  question.about(["Ana"], 10_000);
  assert.equal(question.armed(10_499), false);
  question.about(["Ana"], 10_400); // shown again, as it was
  assert.equal(question.armed(10_500), true);
  question.about([], 11_000);
  assert.equal(question.armed(20_000), false);
});

test("a question that grows, or is about somebody else, has to be read anew", () => {
  const question = createQuestion();
  question.about(["Ana"], 1000);
  question.about(["Ana", "Ben"], 1600);
  assert.equal(question.armed(1601), false);
  question.about(["Ben"], 2200);
  assert.equal(question.armed(2300), false);
  assert.equal(question.armed(2700), true);
});

test("somebody without a name can be asked about as well", () => {
  const question = createQuestion();
  question.about([""], 1000);
  assert.equal(question.armed(1500), true);
});
