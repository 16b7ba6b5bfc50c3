import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "../dialog/corner.js";
import { boxIn, freeSpot, type Room } from "./spots.js";

const room: Room = { width: 400, height: 600, wide: 50, high: 50, margin: 16 };
const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });
const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const among = (...taken: Box[]) => (at: Box): Box | undefined => taken.find((one) => meet(one, at));

const cases: [name: string, taken: Box[], want: unknown][] = [
  ["nothing is in the way", [], { corner: "bottom-right", gap: 0 }],
  ["a bar at the bottom: above it", [box(0, 540, 400, 600)], { corner: "bottom-right", gap: 52 }],
  ["a bar, and a button above it: above both", [box(0, 540, 400, 600), box(330, 470, 390, 530)], { corner: "bottom-right", gap: 122 }],
  ["a rail along the right: on the left", [box(340, 0, 400, 600)], { corner: "bottom-left", gap: 0 }],
  ["a bar that leaves only the top", [box(0, 100, 400, 600)], { corner: "top-right", gap: 0 }],
  ["the whole window: nowhere", [box(0, 0, 400, 600)], undefined],
];
for (const [name, taken, want] of cases) {
  test(name, () => assert.deepEqual(freeSpot("bottom-right", room, among(...taken)), want));
}

test("wherever it goes, it covers nothing and lies within the window", () => {
  let seed = 1;
  const random = (most: number): number => ((seed = (seed * 48271) % 2147483647) / 2147483647) * most;
  for (let i = 0; i < 2_000; i++) {
    const taken = Array.from({ length: 1 + random(6) }, () => {
      const [left, top] = [random(380), random(580)];
      return box(left, top, left + random(300), top + random(200));
    });
    const spot = freeSpot("top-left", room, among(...taken));
    if (!spot) continue;
    const at = boxIn(spot, room);
    assert.equal(among(...taken)(at), undefined);
    assert.ok(at.left >= 0 && at.top >= 0 && at.right <= room.width && at.bottom <= room.height);
  }
});

test("an obstacle that does not move on ends the search", () => {
  assert.equal(freeSpot("bottom-right", room, (at) => at), undefined);
});
