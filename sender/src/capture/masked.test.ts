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

test("rules that blur or leave only shadows are noticed, by variables too", async () => {
  const rule = (style: object, cssText = ""): CSSRule => ({ cssText, style: { getPropertyValue: () => "", filter: "", textShadow: "", color: "", webkitTextFillColor: "", ...style } }) as unknown as CSSRule;
  for (const [i, [style, cssText, want]] of ([
    [{ filter: "blur(4px)" }, "", true], [{ filter: "var(--tw-blur) var(--tw-contrast)" }, ".blur { --tw-blur: blur(8px); filter: var(--tw-blur) var(--tw-contrast) }", true],
    [{ filter: "var(--tw-blur)" }, ".grey { --tw-grayscale: grayscale(1); filter: var(--tw-grayscale) }", false], [{ filter: "grayscale(1)" }, "", false],
    [{ textShadow: "0 0 9px black", color: "transparent" }, "", true], [{ textShadow: "0 0 9px black", color: "red" }, "", false],
  ] as const).entries()) {
    const masked = (await import(`./masked.js?${i}`)) as typeof import("./masked.js");
    masked.noticeRules([rule(style, cssText)], false);
    assert.equal(masked.mayMask(), want, JSON.stringify(style));
  }
});
