import assert from "node:assert/strict";
import { test } from "node:test";
import { createPresses } from "./presses.js";

type Press = [button: string, label: string, clicks: number];

const series: [name: string, presses: Press[], want: boolean[]][] = [
  ["a first click counts", [["start", "Start", 1]], [true]],
  ["and the second of a double click whose first met no button", [["start", "Start", 2]], [true]],
  ["a second click does not press what has come into the place", [["support", "Get support", 1], ["start", "Start", 2]], [true, false]],
  ["nor a third", [["support", "Get support", 1], ["start", "Start", 2], ["start", "Start", 3]], [true, false, false]],
  ["nor the same button when it says something else", [["pause", "Pause", 1], ["pause", "Resume", 2]], [true, false]],
  ["whoever clicks anew is heard at once", [["support", "Get support", 1], ["start", "Start", 1]], [true, true]],
  ["keys too", [["support", "Get support", 0], ["start", "Start", 0]], [true, true]],
  ["the same button is pressed as often as one likes", [["move", "Move", 1], ["move", "Move", 2], ["move", "Move", 3]], [true, true, true]],
];
for (const [name, presses, want] of series) {
  test(name, () => {
    const counts = createPresses();
    assert.deepEqual(presses.map(([button, label, clicks]) => counts({ button, label, clicks })), want);
  });
}
