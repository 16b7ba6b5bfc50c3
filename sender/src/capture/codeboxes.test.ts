import assert from "node:assert/strict";
import { test } from "node:test";
import { boxesWith, inCodeBoxes } from "./codeboxes.js";

/** Fields beside each other, as much of them as is looked at. */
function fields(count: number, of: (i: number) => object): HTMLInputElement[] {
  const all: HTMLInputElement[] = [];
  const parentElement = { parentElement: null, querySelectorAll: () => all };
  const plain = { localName: "input", type: "text", value: "", className: "", name: "", id: "", placeholder: "", ariaLabel: null, labels: [], maxLength: -1, size: 20, pattern: "", offsetWidth: 40, offsetHeight: 40, getAttribute: () => null };
  for (let i = 0; i < count; i++) all.push({ ...plain, parentElement, ...of(i) } as unknown as HTMLInputElement);
  return all;
}

const boxed = (all: HTMLInputElement[]): boolean => inCodeBoxes(all[0]!, new WeakSet());

test("fields in a row that look as if they were for a character each are a code", () => {
  for (const of of [() => ({ maxLength: 1 }), () => ({}), () => ({ type: "tel", placeholder: "0" }), (i: number) => ({ ariaLabel: `Digit ${i}`, value: `${i}` }), (i: number) => ({ name: `c${i}`, offsetWidth: 48 })]) {
    const all = fields(6, of);
    assert.ok(boxed(all), String(of));
    assert.deepEqual(boxesWith(all[5]!), all);
  }
});

test("narrow fields that are for something else are none", () => {
  for (const of of [
    (i: number) => ({ ariaLabel: ["top", "right", "bottom", "left"][i] }), (i: number) => ({ labels: [{ textContent: "RGBA"[i] }] }), (i: number) => ({ name: "abcd"[i] }), () => ({ offsetWidth: 60 }), () => ({ value: "192" }),
    () => ({ offsetWidth: 0, offsetHeight: 0 }), () => ({ type: "checkbox" }),
  ]) assert.ok(!boxed(fields(4, of)), String(of));
  assert.ok(!boxed(fields(3, () => ({}))) && !boxed(fields(81, () => ({}))));
});
