import assert from "node:assert/strict";
import { test } from "node:test";
import { black, contrast, cssColour, mix, parseColour, readableOn, textOn, white, type Colour } from "./colour.js";

const parsed: [text: string, want: Colour | undefined][] = [
  ["#0b57d0", [11, 87, 208]],
  ["#FFFFFF", [255, 255, 255]],
  ["rgba(0, 0, 0, 0.5)", [128, 128, 128]],
  ["rgba(255, 0, 0, 0.004)", [255, 254, 254]],
  ["rgba(0, 0, 0, 0)", undefined],
  ["#fff", undefined],
  ["red", undefined],
  ["", undefined],
];
for (const [text, want] of parsed) {
  test(`${text || "nothing"} is read as ${want}`, () => {
    assert.deepEqual(parseColour(text), want);
  });
}

test("a colour survives its way through CSS", () => {
  assert.equal(cssColour([1, 2, 254]), "#0102fe");
  assert.deepEqual(parseColour(cssColour([11, 87, 208])), [11, 87, 208]);
});

test("contrast is WCAG's", () => {
  assert.equal(contrast(black, white), 21);
  assert.equal(contrast(white, white), 1);
  // The grey that WCAG's own documents name as the lightest for text on white.
  assert.equal(contrast([118, 118, 118], white).toFixed(2), "4.54");
});

const steps = [0, 17, 51, 85, 119, 136, 153, 187, 221, 255];
function* everyColour(): Generator<Colour> {
  for (const red of steps) for (const green of steps) for (const blue of steps) yield [red, green, blue];
}

test("text on any colour is readable", () => {
  for (const colour of everyColour()) {
    assert.ok(contrast(textOn(colour), colour) >= 4.5, cssColour(colour));
  }
});

test("any colour is made readable on our surfaces", () => {
  for (const surface of [white, [29, 32, 37] as Colour]) {
    for (const colour of everyColour()) {
      const got = readableOn(surface, colour, 4.5);
      assert.ok(contrast(got, surface) >= 4.5, `${cssColour(colour)} on ${cssColour(surface)}`);
    }
  }
});

test("a colour that is readable stays as it is", () => {
  assert.deepEqual(readableOn(white, [11, 87, 208], 4.5), [11, 87, 208]);
});

test("mixing ends at the ends", () => {
  assert.deepEqual(mix(black, white, 0), black);
  assert.deepEqual(mix(black, white, 1), white);
});
