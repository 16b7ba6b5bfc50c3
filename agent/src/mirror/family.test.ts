import assert from "node:assert/strict";
import { test } from "node:test";
import { Family, type Member, type Weight } from "./family.js";
import { maxFrames, maxInstances, maxNodes, maxText } from "./limits.js";

class Page implements Member {
  weight: Weight = { nodes: 0, text: 0, rules: 0, steps: 0, instances: 0, bytes: 0, assets: 0 };
  given = 0;

  constructor(family: Family, weight: Partial<Weight> = {}) {
    this.weight = { ...this.weight, ...weight };
    family.add(this);
  }

  giveUp(): void {
    this.given++;
    this.weight = { nodes: 0, text: 0, rules: 0, steps: 0, instances: 0, bytes: 0, assets: 0 };
  }
}

test("pages that are together within the limits stay", () => {
  const family = new Family();
  const pages = [new Page(family, { nodes: maxNodes / 2 }), new Page(family, { nodes: maxNodes / 2, text: maxText })];
  family.weigh();
  assert.deepEqual(pages.map(({ given }) => given), [0, 0]);
});

test("the heaviest go, the others stay", () => {
  const family = new Family();
  const pages = [0.1, 0.7, 0.4, 0.2].map((part) => new Page(family, { nodes: part * maxNodes }));
  family.weigh();
  assert.deepEqual(pages.map(({ given }) => given), [0, 1, 0, 0]);
  const texts = new Page(family, { text: 0.9 * maxText });
  const more = new Page(family, { text: 0.2 * maxText });
  family.weigh();
  assert.deepEqual([...pages, texts, more].map(({ given }) => given), [0, 1, 0, 0, 1, 0]);
});

test("what browsers make of what is referred to counts together, too", () => {
  const family = new Family();
  const pages = [0.3, 0.6, 0.2].map((part) => new Page(family, { instances: part * maxInstances }));
  family.weigh();
  assert.deepEqual(pages.map(({ given }) => given), [0, 1, 0]);
});

test("what is gone does not count", () => {
  const family = new Family();
  const pages = Array.from({ length: maxFrames }, () => new Page(family, { nodes: maxNodes / maxFrames }));
  assert.ok(family.full);
  family.delete(pages[0]!);
  assert.ok(!family.full);
  const last = new Page(family, { nodes: maxNodes / maxFrames });
  family.weigh();
  assert.equal(last.given, 0);
});
