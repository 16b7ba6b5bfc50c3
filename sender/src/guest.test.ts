import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.js";

test("a page around that asks for snapshot after snapshot gets them ever more slowly", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 10_000;
  t.mock.method(performance, "now", () => now);
  Object.assign(globalThis, { window: globalThis });
  const guest = new Guest(() => undefined, () => ({}));
  const made: number[] = [];
  const begun = now;
  // Stands for capture, which a browser loads.
  Object.assign(guest, { capture: { listen: () => undefined, snapshot: () => made.push(now - begun), settingsChanged: () => undefined } });
  const port = { onmessage: undefined as unknown as (event: { data: unknown }) => void, close: () => undefined };
  await guest.welcome(port as unknown as MessagePort);
  for (; now < begun + 10_000; now += 50) {
    port.onmessage({ data: { snapshot: [] } });
    t.mock.timers.tick(50);
  }
  const pauses = made.map((at, i) => at - (made[i - 1] ?? 0));
  assert.deepEqual(pauses.slice(0, 2).map((pause) => pause < 300), [true, true], `${pauses}`);
  assert.equal(pauses.length, 6, `${pauses}`); // the first at once; 250, 500 ms and so on until 10 s are over
  assert.deepEqual(pauses.slice(2), pauses.slice(2).sort((a, b) => a - b));
});
