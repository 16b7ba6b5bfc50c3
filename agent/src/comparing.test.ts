import assert from "node:assert/strict";
import { test } from "node:test";
import { commitment, comparisonCode, nonce } from "../../signal/wire/comparing.js";
import type { Description } from "../../signal/wire/wire.gen.js";
import { Comparing } from "./comparing.js";

function begin(): { comparing: Comparing; told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  return { comparing: new Comparing(() => Promise.resolve("K"), (digits) => told.push(digits)), told };
}

const offer = (commit: string, link = "k.0"): Description => ({ type: "description", link, kind: "offer", sdp: "a=fingerprint:sha-256 AB", commit });
const answer = (link = "k.0"): Description => ({ type: "description", to: "c", link, kind: "answer", sdp: "a=fingerprint:sha-256 CD" });

test("both ends get the same digits", async () => {
  const { comparing, told } = begin();
  const sender = nonce();
  comparing.heard(offer(await commitment(sender)));
  const said = comparing.said(answer()) as Description;
  await comparing.reveal({ type: "reveal", link: "k.0", nonce: sender });
  assert.deepEqual(told, [await comparisonCode({ offer: "a=fingerprint:sha-256 AB", answer: "a=fingerprint:sha-256 CD", key: "K", sender, agent: said.nonce! })]);
  const again = answer();
  assert.equal(comparing.said(again), again, "a restart of ICE is not compared again");
});

test("a number that is not the one announced is told, as is one that is none", async () => {
  for (const revealed of [nonce(), "?"]) {
    const { comparing, told } = begin();
    comparing.heard(offer(await commitment(nonce())));
    comparing.said(answer());
    await comparing.reveal({ type: "reveal", link: "k.0", nonce: revealed });
    assert.deepEqual(told, [undefined]);
  }
});

test("who reveals before the answer, twice or without an announcement gets nowhere", async () => {
  const { comparing, told } = begin();
  const sender = nonce();
  await comparing.reveal({ type: "reveal", link: "k.0", nonce: sender });
  comparing.heard(offer(await commitment(sender)));
  await comparing.reveal({ type: "reveal", link: "k.0", nonce: sender });
  assert.deepEqual(told, []);
  comparing.said(answer());
  await comparing.reveal({ type: "reveal", link: "k.0", nonce: sender });
  await comparing.reveal({ type: "reveal", link: "k.0", nonce: nonce() });
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^\d{4}$/);
});

test("links that do not compare are left as they are", () => {
  const { comparing } = begin();
  const plain = answer();
  assert.equal(comparing.said(plain), plain);
});
