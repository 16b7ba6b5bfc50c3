import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { base64url, fingerprint } from "../../signal/wire/key.js";
import { Sealing } from "../../signal/wire/sealing.js";
import { decodeMessage, type Candidate, type Description, type Sealed } from "../../signal/wire/wire.gen.js";
import { Seal } from "./seal.js";

const place = { session: "s", epoch: 2 };
const offer: Description = { type: "description", to: "a", link: "l", kind: "offer", sdp: "v=0" };
const answer = JSON.stringify({ type: "description", link: "l", kind: "answer", sdp: "v=0" });

/** A seal with what it sends, what it takes, and what it says of the rest. */
async function sealed(text?: string) {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const own = { key: pair.privateKey, point, fingerprint: await fingerprint(point) };
  const sent: Sealed[] = [];
  const taken: (Description | Candidate | Sealed)[] = [];
  const complaints = mock.method(console, "error", () => undefined).mock;
  const failed = mock.fn();
  const seal = new Seal(text ?? base64url(point), place, decodeMessage, (message) => sent.push(message), failed);
  const settled = async (ready: () => boolean): Promise<void> => {
    while (!ready()) await new Promise(setImmediate);
  };
  return {
    seal, sent, taken, failed, settled,
    complaint: async (n: number) => {
      await settled(() => complaints.callCount() >= n);
      return String(complaints.calls[n - 1]!.arguments);
    },
    open: (message: Description | Candidate | Sealed) => seal.open(message, (inner) => taken.push(inner)),
    agent: async () => {
      await settled(() => sent.length > 0);
      return Sealing.accept([own], { session: "s", agent: "a", link: "l" }, sent[0]!);
    },
  };
}

test("what is said about a link leaves sealed and in order, and answers are taken", async () => {
  const s = await sealed();
  s.seal.send(offer);
  s.seal.send({ type: "candidate", to: "a", link: "l", candidate: "c1" });
  await s.settled(() => s.sent.length === 2);
  const agent = await s.agent();
  assert.deepEqual(s.sent.map(({ type, to, link, seq }) => [type, to, link, seq]), [["sealed", "a", "l", 0], ["sealed", "a", "l", 1]]);
  assert.deepEqual(JSON.parse(await agent.open(s.sent[0]!)), { type: "description", link: "l", kind: "offer", sdp: "v=0" });
  assert.equal(JSON.parse(await agent.open(s.sent[1]!)).candidate, "c1");
  s.open(await agent.seal("s", answer));
  await s.settled(() => s.taken.length > 0);
  assert.deepEqual(s.taken, [JSON.parse(answer)]);
});

test("nothing is taken but what the holder of the key has sealed for this link", async () => {
  const s = await sealed();
  s.seal.send(offer);
  const agent = await s.agent();
  s.open({ type: "description", from: "a", link: "l", kind: "answer", sdp: "v=0" });
  assert.match(await s.complaint(1), /not sealed, although there is a key/);
  const message = await agent.seal("s", JSON.stringify({ type: "end" }));
  s.open({ ...message, box: message.box.replace(/.$/, (c) => (c === "A" ? "Q" : "A")).replace(/^./, (c) => (c === "A" ? "B" : "A")) });
  assert.match(await s.complaint(2), /changed on the way/);
  s.open(message); // no description and no candidate
  assert.match(await s.complaint(3), /changed on the way/);
  s.open(message);
  assert.match(await s.complaint(4), /replayed/);
  s.open(await agent.seal("s", JSON.stringify({ ...JSON.parse(answer), link: "other" })));
  await s.complaint(5);
  assert.deepEqual(s.taken, []);
});

test("without a valid key nothing leaves, and the reason is told", async () => {
  const s = await sealed("shop-1");
  s.seal.send(offer);
  assert.match(await s.complaint(1), /not a P-256 key/);
  assert.equal(s.failed.mock.callCount(), 1);
  assert.deepEqual(s.sent, []);
});
