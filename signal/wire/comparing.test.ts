import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commitment, comparisonCode, nonce, type Compared } from "./comparing.js";

const vectors = JSON.parse(readFileSync(new URL("../../internal/seal/testdata/comparison.json", import.meta.url), "utf8")) as (Compared & { commitment: string; code: string })[];

test("both languages compare alike", async () => {
  for (const v of vectors) {
    assert.equal(await commitment(v.sender), v.commitment);
    assert.equal(await comparisonCode(v), v.code);
  }
});

test("nonces have 16 bytes, and none comes twice", () => {
  const all = Array.from({ length: 100 }, nonce);
  assert.equal(new Set(all).size, 100);
  assert.ok(all.every((text) => /^[\w-]{22}$/.test(text)));
});
