import assert from "node:assert/strict";
import { test } from "node:test";
import { freeCorner, keyCorner, nearestCorner, nextCorner, type Box, type Corner } from "./corner.js";

const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, right: left + width, bottom: top + height });

test("arrow keys lead to the corner in their direction, and stay where there is none", () => {
  assert.equal(keyCorner("bottom-right", "ArrowLeft"), "bottom-left");
  assert.equal(keyCorner("bottom-right", "ArrowUp"), "top-right");
  assert.equal(keyCorner("top-left", "ArrowDown"), "bottom-left");
  assert.equal(keyCorner("top-left", "ArrowLeft"), "top-left");
  assert.equal(keyCorner("top-left", "Enter"), undefined);
});

test("four steps lead around the window", () => {
  const seen = new Set<Corner>();
  let corner: Corner = "top-left";
  for (let i = 0; i < 4; i++) seen.add((corner = nextCorner(corner)));
  assert.equal(seen.size, 4);
  assert.equal(corner, "top-left");
});

test("what is dropped lies in the corner it is nearest to", () => {
  assert.equal(nearestCorner(box(700, 500, 200, 100), 1000, 700), "bottom-right");
  assert.equal(nearestCorner(box(10, 500, 200, 100), 1000, 700), "bottom-left");
  assert.equal(nearestCorner(box(300, 20, 200, 100), 1000, 700), "top-left");
});

const card = box(600, 560, 384, 124); // in the bottom right of 1000 by 700
const cases: [name: string, what: Box, want: Corner | undefined][] = [
  ["what is elsewhere makes it stay", box(10, 10, 100, 30), undefined],
  ["what is beside it makes it stay", box(400, 600, 200, 30), undefined],
  ["what is under it makes it go to the other side", box(700, 600, 100, 30), "bottom-left"],
  ["what fills the bottom makes it go up", box(0, 560, 1000, 120), "top-right"],
  ["what fills the right and the bottom has only one corner left", box(500, 0, 500, 700), "bottom-left"],
  ["what fills the window makes it stay", box(0, 0, 1000, 700), undefined],
];
for (const [name, what, want] of cases) {
  test(name, () => assert.equal(freeCorner("bottom-right", card, what, 1000, 700), want));
}
