import { importPoint } from "./hpke.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** KeyError says why a text is not a key. Its words are those of Go's. */
export class KeyError extends Error {}

const isPrivate = "this is a PRIVATE key: never give it to the sender, and make a new pair, since this one was about to be published";

/** What stands before the point in the SubjectPublicKeyInfo of a P-256 key (RFC 5480). */
const spki = [48, 89, 48, 19, 6, 7, 42, 134, 72, 206, 61, 2, 1, 6, 8, 42, 134, 72, 206, 61, 3, 1, 7, 3, 66, 0];

/** Reads a public key as Go's internal/seal does, and gives its point. Throws KeyError. */
export async function parsePublic(given: string): Promise<Bytes> {
  let text = given.trim();
  if (text.includes("PRIVATE KEY") || (text.startsWith("{") && /"d"\s*:/.test(text))) throw new KeyError(isPrivate);
  if (text.startsWith("{")) throw new KeyError("a JWK: give the raw point, SPKI or PEM");
  if (text.startsWith("-----")) {
    const block = /^-----BEGIN PUBLIC KEY-----([\w+/=\s]+)-----END PUBLIC KEY-----$/.exec(text);
    if (!block) throw new KeyError("PEM of something else than one PUBLIC KEY");
    text = block[1]!;
  }
  let point = base64Of(text);
  if (spki.every((byte, i) => point?.[i] === byte)) point = point!.slice(spki.length);
  else refuse(point);
  try {
    await importPoint(point!);
  } catch {
    throw new KeyError("not a point on the curve P-256");
  }
  return point!;
}

/** Names a public key: the first 8 bytes of the SHA-256 of its point, in base64url. */
export async function fingerprint(point: Bytes): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", point)).slice(0, 8));
}

export function base64url(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** Decodes base64 and base64url, padded or not, whatever white space is in it; undefined: it is none. */
export function base64Of(text: string): Bytes | undefined {
  const plain = text.replace(/\s/g, "").replace(/=+$/, "").replace(/-/g, "+").replace(/_/g, "/");
  if (/[^\w+/]/.test(plain) || plain.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(plain), (c) => c.charCodeAt(0));
}

/** Throws unless data is the shape of an uncompressed point. */
function refuse(data: Bytes | undefined): void {
  if (!data) throw new KeyError("not a P-256 key in base64 or base64url: give the raw point, SPKI or PEM");
  const sequence = data[0] === 48;
  // A sequence that begins with the version, 0 (PKCS #8, PKCS #1) or 1 (SEC 1).
  const version = data.slice(2 + (data[1]! >= 128 ? data[1]! & 127 : 0));
  if ((sequence && version[0] === 2 && version[1] === 1 && version[2]! < 2) || data.length === 32) throw new KeyError(isPrivate);
  if (data.length === 33 && (data[0] === 2 || data[0] === 3)) throw new KeyError("a compressed point: give the uncompressed one, 65 bytes, or SPKI or PEM");
  if (data.length === 65 && data[0] === 4) return;
  throw new KeyError(sequence ? "not a key of the curve P-256" : "not a P-256 key in base64 or base64url: give the raw point, SPKI or PEM");
}
