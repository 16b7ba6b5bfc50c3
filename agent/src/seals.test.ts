import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import type { PrivateKey } from "../../signal/wire/place.js";
import { Sealing } from "../../signal/wire/sealing.js";
import type { Candidate, Description, Message, Sealed } from "../../signal/wire/wire.gen.js";
import { PrivateKeyError, readPrivateKey } from "./keys.js";
import { Seals } from "./seals.js";
import { strings } from "./strings.js";

const { recipient } = JSON.parse(readFileSync(new URL("../../internal/seal/testdata/links.json", import.meta.url), "utf8")) as { recipient: string };
const body = recipient.replace(/-----.*?-----/g, "");

const offer = (link: string): Description => ({ type: "description", from: "c", link, kind: "offer", sdp: "v=0" });
const inside = (link: string): string => JSON.stringify({ type: "description", link, kind: "offer", sdp: "v=0" });

/** Seals with these keys, and what they tell. */
function begin(...keys: PrivateKey[]) {
  const sent: Message[] = [];
  const taken: (Description | Candidate)[] = [];
  const impossible: string[] = [];
  const complaints = mock.method(console, "error", () => undefined).mock;
  const seals = new Seals(() => Promise.resolve(keys), {
    send: (message) => sent.push(message),
    take: (message) => taken.push(message),
    impossible: (fingerprint) => impossible.push(fingerprint),
  });
  seals.at("s", "a");
  const until = async (ready: () => boolean): Promise<void> => {
    for (const end = Date.now() + 5_000; !ready(); await new Promise(setImmediate)) assert.ok(Date.now() < end, "it does not come");
  };
  const complaint = async (n: number): Promise<string> => {
    await until(() => complaints.callCount() >= n);
    return String(complaints.calls[n - 1]!.arguments);
  };
  return { seals, sent, taken, impossible, until, complaint };
}

async function sender(key: PrivateKey, link: string, epoch: number): Promise<{ sealing: Sealing; first: Sealed }> {
  const sealing = await Sealing.offer(key.point, { session: "s", agent: "a", link, epoch });
  const { to: _, ...first } = await sealing.seal("a", inside(link));
  return { sealing, first: { ...first, from: "c" } };
}

test("without a key, messages go and come as they are", async () => {
  const s = begin();
  s.seals.take(offer("1"));
  await s.until(() => s.taken.length === 1);
  s.seals.send({ type: "candidate", to: "c", link: "1", candidate: "x" });
  await s.until(() => s.sent.length === 1);
  assert.deepEqual([s.taken, s.sent], [[offer("1")], [{ type: "candidate", to: "c", link: "1", candidate: "x" }]]);
});

test("with the key, both directions are sealed", async () => {
  const key = await readPrivateKey(recipient);
  const s = begin(key);
  const { sealing, first } = await sender(key, "1", 1);
  s.seals.take(first);
  await s.until(() => s.taken.length === 1);
  assert.deepEqual(s.taken, [offer("1")]);
  s.seals.send({ type: "description", to: "c", link: "1", kind: "answer", sdp: "v=1" });
  await s.until(() => s.sent.length === 1);
  assert.deepEqual(JSON.parse(await sealing.open(s.sent[0] as Sealed)), { type: "description", link: "1", kind: "answer", sdp: "v=1" });
});

test("what cannot be a link is told once and for all, what is no message of the sender's is dropped", async () => {
  const key = await readPrivateKey(recipient);
  const without = begin();
  const { sealing, first } = await sender(key, "1", 2);
  without.seals.take(first);
  await without.until(() => without.impossible.length === 1);
  assert.deepEqual(without.impossible, [key.fingerprint]);

  const s = begin(key);
  s.seals.take({ type: "candidate", from: "c", link: "1", candidate: "x" });
  s.seals.take(offer("1"));
  await s.until(() => s.impossible.length === 1);
  assert.deepEqual([s.impossible, s.taken], [[""], []]);
  s.seals.take(first);
  s.seals.take(first);
  assert.match(await s.complaint(1), /replayed/);
  s.seals.take((await sender(key, "of yesterday", 1)).first);
  assert.match(await s.complaint(2), /replayed/);
  s.seals.take({ ...(await sealing.seal("a", "{}")), link: "unknown" });
  assert.match(await s.complaint(3), /missing/);
  s.seals.send({ type: "candidate", to: "c", link: "never sealed", candidate: "x" });
  await new Promise(setImmediate);
  assert.deepEqual([s.taken.length, s.sent], [1, []]);
});

test("a private key is read once, and cannot be taken out again", async () => {
  for (const text of [recipient, recipient.replace(/\n/g, "\r\n"), body]) {
    const { key, fingerprint } = await readPrivateKey(text);
    assert.equal(key.extractable, false);
    assert.equal(fingerprint, "_2cZm2ENWEw");
    await assert.rejects(crypto.subtle.exportKey("pkcs8", key));
  }
});

const unreadable: [name: string, text: string, words: string][] = [
  ["a public key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", strings.keyIsPublic],
  ["SEC 1", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", strings.keyNotPKCS8],
  ["a password", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", strings.keyNotPKCS8],
  ["nothing", "", strings.keyUnreadable],
  ["a word", "hunter2", strings.keyUnreadable],
  ["half a key", recipient.slice(0, 80), strings.keyUnreadable],
];
for (const [name, text, words] of unreadable) {
  test(`no private key: ${name}`, async () => {
    await assert.rejects(readPrivateKey(text), (error: unknown) => error instanceof PrivateKeyError && error.message === words);
  });
}
