import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseAddress, reachOf } from "./address.js";

interface Vector {
  readonly text: string;
  readonly words: string;
  readonly reach?: string;
}

// Go's net/netip reads the same texts: agent/address_test.go, which writes them, mutated at random.
const vectors = JSON.parse(readFileSync(new URL("testdata/addresses.json", import.meta.url), "utf8")) as Vector[];

test("addresses are read as Go reads them", () => {
  for (const { text, words, reach } of vectors) {
    const read = parseAddress(text);
    assert.equal((read ?? []).map((word) => word.toString(16)).join(" "), words, text);
    assert.equal(read && reachOf(read), reach, text);
  }
});
