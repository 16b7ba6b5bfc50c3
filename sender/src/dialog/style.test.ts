import assert from "node:assert/strict";
import { test } from "node:test";
import { style } from "./style.js";

// What a browser can move without painting it may go on for ever; a session at rest must not have the customer's page painted all the time.
test("nothing goes on for ever but what turns", () => {
  const endless = Array.from(style.matchAll(/animation:([^;}]*infinite[^;}]*)/g), ([, value]) => value!.trim());
  assert.deepEqual(endless.map((value) => value.split(" ")[0]), ["turn"]);
  assert.match(style, /@keyframes turn \{ to \{ transform: rotate\(1turn\); \} \}/);
});
