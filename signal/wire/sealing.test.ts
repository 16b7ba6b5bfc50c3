import assert from "node:assert/strict";
import { createECDH, createHash, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bytes, decapsulate, encapsulate, open, seal } from "./hpke.js";
import { base64Of, base64url, fingerprint, KeyError, parsePublic } from "./key.js";
import { info, SealError, type Place, type PrivateKey } from "./place.js";
import { Sealing } from "./sealing.js";
import { decodeMessage, type Message, type Sealed } from "./wire.gen.js";

type Bytes = Uint8Array<ArrayBuffer>;

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../internal/seal/testdata/${name}`, import.meta.url), "utf8")) as T;
}

const hex = (text: string): Bytes => Uint8Array.from(Buffer.from(text, "hex"));
const toHex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

/** The pair of a private scalar. */
async function pairOf(scalar: string): Promise<CryptoKeyPair & { point: Bytes }> {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(scalar, "hex");
  const point = Uint8Array.from(ecdh.getPublicKey());
  const [x, y] = [point.slice(1, 33), point.slice(33)].map(base64url);
  const algorithm = { name: "ECDH", namedCurve: "P-256" };
  const jwk = { kty: "EC", crv: "P-256", x: x!, y: y!, d: base64url(hex(scalar)) };
  const privateKey = await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["deriveBits"]);
  return { privateKey, publicKey: await crypto.subtle.importKey("raw", point, algorithm, true, []), point };
}

test("hpke does what the published vector says", async () => {
  const v = vectors<Record<"info" | "skEm" | "skRm" | "pkRm" | "enc" | "encryptionsAccumulated" | "exportsAccumulated", string>>("rfc9180.json");
  const recipient = await pairOf(v.skRm);
  assert.equal(toHex(recipient.point), v.pkRm);
  const { enc, context } = await encapsulate(recipient.point, hex(v.info), await pairOf(v.skEm));
  assert.equal(toHex(enc), v.enc);
  const other = await decapsulate(enc, recipient.privateKey, recipient.point, hex(v.info));
  // What goes in is drawn from one stream, what comes out goes into a sum.
  const draws = (): (() => Bytes) => {
    const stream = createHash("shake128", { outputLength: 1 << 20 }).digest();
    let at = 0;
    return () => {
      const length = stream[at++]!;
      return Uint8Array.from(stream.subarray(at, (at += length)));
    };
  };
  let draw = draws();
  const boxes = createHash("shake128", { outputLength: 16 });
  for (let i = 0; i < 1000; i++) {
    const aad = draw();
    const plaintext = draw();
    const box = await seal(context.direction, aad, plaintext);
    boxes.update(box);
    if (i < 20) assert.deepEqual(await open(other.direction, aad, box), plaintext);
  }
  assert.equal(boxes.digest("hex"), v.encryptionsAccumulated);
  draw = draws();
  const exports = createHash("shake128", { outputLength: 16 });
  for (let length = 0; length < 1000; length++) {
    const label = draw();
    // The labels of the vector are any bytes, ours are text.
    exports.update(await (context.export as unknown as (label: Bytes, length: number) => Promise<Bytes>)(label, length));
  }
  assert.equal(exports.digest("hex"), v.exportsAccumulated);
});

interface Links {
  readonly recipient: string;
  readonly customerKey: string;
  readonly ephemeral: string;
  readonly place: Record<"Session" | "Agent" | "Link", string> & { Epoch: number };
  readonly info: string;
  readonly said: readonly { by: "sender" | "agent"; plain: Message; wire: Sealed }[];
  readonly refused: readonly { why: string; place?: Record<string, string>; wire?: Partial<Sealed>; error: string }[];
}

const v = vectors<Links>("links.json");

function placeOf(p: Links["place"]): Place {
  return { session: p.Session, agent: p.Agent, link: p.Link, epoch: p.Epoch };
}

async function recipientOf(): Promise<PrivateKey> {
  const { d } = createPrivateKey(v.recipient).export({ format: "jwk" });
  const { privateKey, point } = await pairOf(Buffer.from(d!, "base64url").toString("hex"));
  return { key: privateKey, point, fingerprint: await fingerprint(point) };
}

const fields = ({ to: _, ...rest }: Sealed & { to?: string }): unknown => rest;

test("both languages seal alike", async () => {
  const place = placeOf(v.place);
  assert.equal(toHex(info("qwelp/1", place)), v.info);
  const sender = await Sealing.offer(await parsePublic(v.customerKey), place, await pairOf(v.ephemeral));
  const agent = await Sealing.accept([await recipientOf()], place, v.said[0]!.wire);
  for (const { by, plain, wire } of v.said) {
    const [own, other] = by === "sender" ? [sender, agent] : [agent, sender];
    const text = JSON.stringify(plain);
    assert.deepEqual(fields(await own.seal("", text)), wire);
    assert.deepEqual(decodeMessage(await other.open(wire)), plain);
  }
});

for (const refused of v.refused) {
  test(`a first message is refused for ${refused.why}`, async () => {
    const first = { ...v.said[0]!.wire, ...refused.wire };
    const keys = [await recipientOf()];
    await assert.rejects(
      async () => (await Sealing.accept(keys, placeOf({ ...v.place, ...refused.place }), first)).open(first),
      (error: unknown) => error instanceof SealError && `seal: ${error.message}` === refused.error,
    );
  });
}

test("messages open once and in order", async () => {
  const place = placeOf(v.place);
  const recipient = await recipientOf();
  const sender = await Sealing.offer(recipient.point, place);
  const said = [await sender.seal("a", "0"), await sender.seal("a", "1"), await sender.seal("a", "2")] as const;
  const agent = await Sealing.accept([recipient], place, said[0]);
  const refuses = (message: Sealed, refusal: string): Promise<void> =>
    assert.rejects(agent.open(message), (error: unknown) => error instanceof SealError && error.refusal === refusal);
  assert.equal(await agent.open(said[0]), "0");
  await refuses(said[0], "replayed");
  await refuses(said[2], "missing");
  await refuses({ ...said[2], seq: 1 }, "broken");
  assert.equal(await agent.open(said[1]), "1");
  assert.equal(await agent.open(said[2]), "2");
  // What the agent said itself does not come back as the sender's.
  await refuses({ ...(await agent.seal("s", "3")), seq: 3 }, "broken");
});

for (const c of vectors<readonly { name: string; text: string; point?: string; reason?: string }[]>("keys.json")) {
  test(`a key: ${c.name}`, async () => {
    if (c.point !== undefined) assert.equal(toHex(await parsePublic(c.text)), c.point);
    else await assert.rejects(parsePublic(c.text), (error: unknown) => error instanceof KeyError && error.message === c.reason);
  });
}

test("base64url is the inverse of reading it", () => {
  for (const length of [0, 1, 2, 3, 64, 65]) {
    const data = crypto.getRandomValues(new Uint8Array(length));
    assert.deepEqual(base64Of(base64url(data)), data);
  }
  assert.deepEqual(bytes("a", [1], new Uint8Array([2])), new Uint8Array([97, 1, 2]));
});
