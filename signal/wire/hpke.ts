/**
 * HPKE in base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, on WebCrypto: what the Go package crypto/hpke does.
 * Checked against the vectors of the RFC's authors and against Go's.
 */

type Bytes = Uint8Array<ArrayBuffer>;

/** Direction seals, or opens, messages in their order: each is numbered by itself. */
export interface Direction {
  readonly key: CryptoKey;
  readonly nonce: Bytes;
  /** Number of the next message. */
  next: number;
}

/** What both ends have in common once the recipient knows the encapsulated key. */
export interface Context {
  /** From the one who encapsulated. */
  readonly direction: Direction;
  /** Secret bytes for another use (RFC 9180 section 5.3). */
  export(label: string, length: number): Promise<Bytes>;
}

/** Texts and bytes, each after its length in two bytes. */
export function prefixed(...parts: readonly (string | Uint8Array)[]): Bytes {
  let all = bytes();
  for (const part of parts) {
    const { length } = bytes(part);
    all = bytes(all, [length >> 8, length & 255], part);
  }
  return all;
}

const curve = { name: "ECDH", namedCurve: "P-256" };
const secretBits = 256;
const empty = bytes();
const kem = bytes("KEM", [0, 16]);
const suite = bytes("HPKE", [0, 16, 0, 1, 0, 2]);

/** Puts texts (in UTF-8) and bytes together. */
export function bytes(...parts: readonly (string | Uint8Array | readonly number[])[]): Bytes {
  const all = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
  let size = 0;
  for (const { length } of all) size += length;
  const joined = new Uint8Array(size);
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Makes the sender's end for the holder of a public key, given as its point. ephemeral is for tests. */
export async function encapsulate(point: Bytes, info: Bytes, ephemeral?: CryptoKeyPair): Promise<{ enc: Bytes; context: Context }> {
  const recipient = await importPoint(point);
  const pair = ephemeral ?? (await crypto.subtle.generateKey(curve, true, ["deriveBits"]));
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { enc, context: await schedule(await agree(pair.privateKey, recipient, enc, point), info) };
}

/** Makes the recipient's end. point is the public half of its key. The promise is rejected when enc is no point of the curve. */
export async function decapsulate(enc: Bytes, key: CryptoKey, point: Bytes, info: Bytes): Promise<Context> {
  return schedule(await agree(key, await importPoint(enc), enc, point), info);
}

/** Imports an uncompressed point. The promise is rejected when it is none of the curve. */
export function importPoint(point: Bytes): Promise<CryptoKey> {
  // Browsers differ in whether they take compressed points.
  if (point.length !== 65 || point[0] !== 4) return Promise.reject(new Error("not an uncompressed point"));
  return crypto.subtle.importKey("raw", point, curve, true, []);
}

/** Makes a direction that HPKE itself does not have, as from recipient to sender, of what both ends can export (RFC 9180 section 9.8). */
export async function exported(context: Context, label: string): Promise<Direction> {
  return direction(await context.export(`${label} key`, 32), await context.export(`${label} nonce`, 12));
}

/** Seals the next message. */
export async function seal(d: Direction, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(d.key, d.nonce, d.next++, aad), d.key, plaintext));
}

/** Opens the next message. The promise is rejected when it is not that one, or was changed; then the number stays. */
export async function open(d: Direction, aad: Bytes, box: Bytes): Promise<Bytes> {
  const plaintext = await crypto.subtle.decrypt(parameters(d.key, d.nonce, d.next, aad), d.key, box);
  d.next++;
  return new Uint8Array(plaintext);
}

function parameters({ algorithm: { name } }: CryptoKey, base: Bytes, number: number, additionalData: Bytes): AesGcmParams {
  const iv = base.slice();
  const view = new DataView(iv.buffer);
  view.setUint32(8, view.getUint32(8) ^ number);
  return { name, iv, additionalData };
}

async function direction(key: Bytes, nonce: Bytes): Promise<Direction> {
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]), nonce, next: 0 };
}

/** The shared secret of both keys (RFC 9180 section 4.1). */
async function agree(own: CryptoKey, other: CryptoKey, enc: Bytes, point: Bytes): Promise<Bytes> {
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, secretBits));
  return expand(kem, await extract(kem, empty, "eae_prk", dh), "shared_secret", bytes(enc, point), 32);
}

/** The key schedule (RFC 9180 section 5.1) in base mode: no pre-shared key. */
async function schedule(shared: Bytes, info: Bytes): Promise<Context> {
  const context = bytes([0], await extract(suite, empty, "psk_id_hash", empty), await extract(suite, empty, "info_hash", info));
  const secret = await extract(suite, shared, "secret", empty);
  const exporter = await expand(suite, secret, "exp", context, 32);
  return {
    direction: await direction(await expand(suite, secret, "key", context, 32), await expand(suite, secret, "base_nonce", context, 12)),
    export: (label, length) => expand(suite, exporter, "sec", bytes(label), length),
  };
}

/** LabeledExtract of RFC 9180 section 4. */
function extract(id: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> {
  return mac(salt, bytes("HPKE-v1", id, label, ikm));
}

/** LabeledExpand of RFC 9180 section 4, with HKDF-Expand (RFC 5869). */
async function expand(id: Bytes, key: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const labelled = bytes([length >> 8, length & 255], "HPKE-v1", id, label, info);
  let block = empty;
  let all = bytes();
  for (let i = 1; all.length < length; i++) {
    block = await mac(key, bytes(block, labelled, [i]));
    all = bytes(all, block);
  }
  return all.slice(0, length);
}

async function mac(key: Bytes, data: Bytes): Promise<Bytes> {
  // WebCrypto takes no empty key; zeros are the same to HMAC.
  const imported = await crypto.subtle.importKey("raw", key.length > 0 ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}
