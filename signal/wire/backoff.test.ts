import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "./backoff.js";

test("the wait is random below a limit that doubles from 0.25 s to 4 s", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((n) => backoff(n, 1));
  assert.deepEqual(longest, [250, 500, 1000, 2000, 4000, 4000, 4000, 4000, 4000]);
  assert.equal(backoff(3, 0.5), 1000);
  assert.equal(backoff(50, 0), 0);
});
