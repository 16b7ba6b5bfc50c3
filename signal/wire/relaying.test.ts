import assert from "node:assert/strict";
import { createECDH, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { base64Of, base64url, fingerprint } from "./key.js";
import { info, SealError, type Place, type PrivateKey } from "./place.js";
import { Relaying } from "./relaying.js";

type Bytes = Uint8Array<ArrayBuffer>;
type Role = "sender" | "agent";
type GoPlace = Record<"Session" | "Agent" | "Link", string> & { Epoch: number };

interface Vectors {
  readonly recipient: string;
  readonly point: string;
  readonly ephemeral: string;
  readonly place: GoPlace;
  readonly info: string;
  readonly sent: readonly { by: Role; packet: string; box: string; lost?: boolean }[];
  readonly refused: readonly { why: string; to: Role; after: number; place?: Partial<GoPlace>; box: string; error: string }[];
}

const v = JSON.parse(readFileSync(new URL("../../internal/seal/testdata/relay.json", import.meta.url), "utf8")) as Vectors;
const hex = (text: string): Bytes => Uint8Array.from(Buffer.from(text, "hex"));
const toHex = (data: Uint8Array): string => Buffer.from(data).toString("hex");
const placeOf = (p: GoPlace): Place => ({ session: p.Session, agent: p.Agent, link: p.Link, epoch: p.Epoch });

/** The pair of a private scalar. */
async function pairOf(scalar: string): Promise<CryptoKeyPair> {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(scalar, "hex");
  const point = Uint8Array.from(ecdh.getPublicKey());
  const algorithm = { name: "ECDH", namedCurve: "P-256" };
  const jwk = { kty: "EC", crv: "P-256", x: base64url(point.slice(1, 33)), y: base64url(point.slice(33)), d: base64url(hex(scalar)) };
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("raw", point, algorithm, true, []),
  };
}

async function recipient(): Promise<PrivateKey> {
  const { d } = createPrivateKey(v.recipient).export({ format: "jwk" });
  const point = base64Of(v.point)!;
  return { key: (await pairOf(toHex(base64Of(d!)!))).privateKey, point, fingerprint: await fingerprint(point) };
}

/** Both ends after the first messages, and how either opens a box. */
async function after(count: number, place = v.place): Promise<Record<Role, (box: Bytes) => Promise<Bytes>>> {
  const keys = [await recipient()];
  const sender = await Relaying.offer(keys[0]!.point, placeOf(v.place), await pairOf(v.ephemeral));
  let agent: Relaying | undefined;
  const ends = {
    sender: (box: Bytes) => sender.open(box),
    agent: async (box: Bytes) => {
      const end = agent ?? (await Relaying.accept(keys, placeOf(place), box));
      const packet = await end.open(box);
      agent = end;
      return packet;
    },
  };
  for (const { by, packet, box, lost } of v.sent.slice(0, count)) {
    assert.equal(toHex(await (by === "sender" ? sender : agent!).seal(hex(packet))), box);
    if (!lost) assert.equal(toHex(await ends[by === "sender" ? "agent" : "sender"](hex(box))), packet);
  }
  return ends;
}

test("both languages relay alike", async () => {
  assert.equal(toHex(info("qwelp/1 relay", placeOf(v.place))), v.info);
  await after(v.sent.length);
});

for (const { why, to, after: count, place, box, error } of v.refused) {
  test(`a box is refused: ${why}`, async () => {
    const ends = await after(count, { ...v.place, ...place });
    await assert.rejects(ends[to](hex(box)), (e: unknown) => e instanceof SealError && `seal: ${e.message}` === error);
    // A refusal changes nothing for what follows.
    if (place) return;
    const following = v.sent[count];
    if (following && following.by !== to) assert.equal(toHex(await ends[to](hex(following.box))), following.packet);
  });
}
