import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { Element: class {} });
const { mayMask, noticeAnimation } = await import("./masked.js");

// Chromium animates no such property.
test("an animation of script that masks letters is noticed, by itself or by its effect", () => {
  const effect = (frame: object): object => ({ getKeyframes: () => [{ offset: 0, ...frame }] });
  for (const other of [undefined, null, {}, { effect: null }, { effect: effect({ opacity: "1" }) }]) noticeAnimation(other);
  assert.equal(mayMask(), false);
  noticeAnimation({ effect: effect({ WebkitTextSecurity: "disc" }) });
  assert.equal(mayMask(), true);
  noticeAnimation(effect({ webkitTextSecurity: "disc" }));
});
