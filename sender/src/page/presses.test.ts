import assert from "node:assert/strict";
import { test } from "node:test";
import { createPresses } from "./presses.js";

type Press = [button: string, label: string, at: number];

const series: [name: string, presses: Press[], want: boolean[]][] = [
  ["a first press counts at once", [["start", "Start", 0]], [true]],
  ["a second click does not press what has come into the place", [["support", "Get support", 5000], ["start", "Start", 5150]], [true, false]],
  ["nor a third", [["support", "Get support", 5000], ["start", "Start", 5150], ["start", "Start", 5300]], [true, false, false]],
  ["nor the same button when it says something else", [["pause", "Pause", 5000], ["pause", "Resume", 5150]], [true, false]],
  ["whoever means the next button is heard", [["support", "Get support", 5000], ["start", "Start", 5400]], [true, true]],
  ["the same button is pressed as often as one likes", [["move", "Move", 5000], ["move", "Move", 5100], ["move", "Move", 5200]], [true, true, true]],
  ["what did not count makes nobody wait longer", [["support", "Get support", 5000], ["start", "Start", 5350], ["start", "Start", 5450]], [true, false, true]],
];
for (const [name, presses, want] of series) {
  test(name, () => {
    const counts = createPresses();
    assert.deepEqual(presses.map(([button, label, at]) => counts(button, label, at)), want);
  });
}
