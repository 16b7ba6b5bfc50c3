import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { anchored, atEdge, common, extent, inPixels, isEmpty, laserPacket, markPath, placed, readLaser, thinned, type Laser } from "./pointing.js";

test("the laser's packets have the bytes of their vectors", () => {
  const vectors = JSON.parse(readFileSync(new URL("testdata/lasers.json", import.meta.url), "utf8")) as (Laser & { hex: string })[];
  assert.ok(vectors.length > 0);
  for (const { hex, ...laser } of vectors) {
    assert.equal(Buffer.from(laserPacket(laser)).toString("hex"), hex);
    assert.deepEqual(readLaser(new Uint8Array(Buffer.from(hex, "hex"))), laser);
  }
  const good = laserPacket({ seq: 1, page: 1, node: 1, pixels: false, x: 0, y: 0 });
  for (const bad of [new Uint8Array(), good.subarray(1), new Uint8Array([...good, 0]), good.map((byte, i) => (i === 12 ? 2 : byte))]) assert.equal(readLaser(bad), undefined);
});

test("a mark on an element is at the same part of it in whatever size the element has", () => {
  const points = [110, 220, 160, 230];
  const narrow = { x: 100, y: 200, width: 100, height: 40 };
  const marked = anchored(points, narrow, false);
  assert.deepEqual(marked, [1000, 5000, 6000, 7500]);
  assert.deepEqual(placed(marked, narrow, false), [10, 20, 60, 30]);
  assert.deepEqual(placed(marked, { width: 300, height: 80 }, false), [30, 40, 180, 60]);
});

test("a mark on something larger than half of the window is at a distance from its corner", () => {
  const window = { width: 1000, height: 800 };
  const page = { x: 0, y: -3000, width: 1000, height: 9000 };
  assert.ok(inPixels(page, window));
  assert.ok(!inPixels({ x: 0, y: 0, width: 500, height: 800 }, window));
  assert.ok(inPixels({ x: 0, y: 0, width: 0, height: 10 }, window), "of nothing there are no parts");
  assert.deepEqual(placed(anchored([10, 20], page, true), { width: 400, height: 22_000 }, true), [10, 3020]);
});

test("paths", () => {
  const size = { width: 100, height: 50 };
  assert.equal(markPath("box", [80, 40, 10, 5], size), "M10 5h70v35h-70z", "whichever corner came first");
  assert.equal(markPath("highlight", [], size), "M-4 -4h108v58h-108z");
  assert.equal(markPath("pen", [1, 2], size), "M1 2L1 2", "a dot");
  assert.equal(markPath("pen", [0, 0, 10, 0, 20, 10], size), "M0 0Q10 0 15 5L20 10");
  assert.match(markPath("arrow", [0, 0, 100, 0], size), /^M0 0L100 0M87\.7 -6\.7L100 0L87\.7 6\.7$/);
  for (const kind of ["pen", "arrow", "box", "highlight", "press"] as const) {
    for (const points of [[], [1], [1, 2, 3]]) assert.doesNotMatch(markPath(kind, points, size), /NaN|undefined|Infinity/, `${kind} of ${points.length} numbers`);
  }
});

test("what a mark covers", () => {
  assert.deepEqual(extent([5, 40, 30, 10, 12, 12], { width: 1, height: 1 }), { x: 5, y: 10, width: 25, height: 30 });
  assert.deepEqual(extent([], { width: 10, height: 20 }), { x: -4, y: -4, width: 18, height: 28 });
});

test("points that are close together are left out, but not the last", () => {
  assert.deepEqual(thinned([0, 0, 1, 0, 2, 0, 3, 0, 3.5, 0], 2), [0, 0, 2, 0, 3.5, 0]);
  assert.deepEqual(thinned([7, 7], 2), [7, 7]);
});

test("what is common to two boxes", () => {
  assert.deepEqual(common({ x: 0, y: 0, width: 10, height: 10 }, { x: 5, y: -5, width: 10, height: 10 }), { x: 5, y: 0, width: 5, height: 5 });
  assert.ok(isEmpty(common({ x: 0, y: 0, width: 10, height: 10 }, { x: 10, y: 0, width: 10, height: 10 })));
});

test("an arrow at the edge points to where the mark is", () => {
  const window = { x: 0, y: 0, width: 400, height: 300 };
  const below = atEdge({ x: 190, y: 900, width: 20, height: 20 }, window, 24);
  assert.deepEqual([below.x, below.y, below.angle], [200, 276, Math.PI / 2]);
  const corner = atEdge({ x: -500, y: -500, width: 0, height: 0 }, window, 24);
  assert.deepEqual([corner.x, corner.y], [24, 24]);
  assert.ok(corner.angle < -Math.PI / 2);
  const tiny = atEdge({ x: 0, y: 900, width: 0, height: 0 }, { x: 0, y: 0, width: 20, height: 20 }, 24);
  assert.ok(Number.isFinite(tiny.x + tiny.y));
});
