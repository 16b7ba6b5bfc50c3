import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogTitle, lookOf, position, primaryColor } from "./look.js";

const isColour = (text: string): boolean => text !== "blurple";

test("of each field of the look the last holds that is valid", () => {
  const given = [
    undefined, null, "text", { branding: { primaryColor: "#0af", dialogTitle: "Help", zIndex: 5, font: "Inter" } }, { branding: "blue" },
    { branding: { primaryColor: "blurple", dialogTitle: "", zIndex: -1, font: "x;}", position: "top-left", cornerRadius: "4px" } },
  ];
  assert.deepEqual(lookOf(given, isColour), { primaryColor: "#0af", dialogTitle: "Help", zIndex: 5, font: "Inter", position: "top-left", cornerRadius: "4px" });
});

test("the defaults apply to what is not set", () => {
  assert.deepEqual(lookOf([], isColour), {});
  assert.equal(dialogTitle({}, "en"), "Get support");
  assert.equal(dialogTitle({}, "de"), "Hilfe anfordern");
  assert.equal(primaryColor({}), "#0b57d0");
  assert.equal(position({}, "ltr"), "bottom-right");
  assert.equal(position({}, "rtl"), "bottom-left");
  assert.equal(position({ position: "top-left" }, "rtl"), "top-left");
});
