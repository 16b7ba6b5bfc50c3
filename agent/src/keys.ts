import { base64Of, base64url, fingerprint } from "../../signal/wire/key.js";
import type { PrivateKey } from "../../signal/wire/place.js";
import { strings } from "./strings.js";

const curve = { name: "ECDH", namedCurve: "P-256" };

/** PrivateKeyError says, for people, why a text is not a private key that can be used. */
export class PrivateKeyError extends Error {}

/** Reads a private key, PKCS #8 in PEM or base64. What is returned cannot be taken out of the browser again. Rejects with PrivateKeyError. */
export async function readPrivateKey(text: string): Promise<PrivateKey> {
  const [, label, body] = /^\s*-----BEGIN ([A-Z ]+)-----([^-]*)-----END \1-----\s*$/.exec(text) ?? ["", "PRIVATE KEY", text];
  if (label === "PUBLIC KEY") throw new PrivateKeyError(strings.keyIsPublic);
  if (label !== "PRIVATE KEY") throw new PrivateKeyError(strings.keyNotPKCS8);
  const der = base64Of(body!);
  if (!der || der.length === 0) throw new PrivateKeyError(strings.keyUnreadable);
  try {
    // Only a key that may leave tells its public half; this one is forgotten at once.
    const open = await crypto.subtle.importKey("pkcs8", der, curve, true, ["deriveBits"]);
    const { x, y } = await crypto.subtle.exportKey("jwk", open);
    const key = await crypto.subtle.importKey("pkcs8", der, curve, false, ["deriveBits"]);
    const point = Uint8Array.from([4, ...base64Of(x!)!, ...base64Of(y!)!]);
    return { key, point, fingerprint: await fingerprint(point) };
  } catch {
    throw new PrivateKeyError(strings.keyUnreadable);
  }
}

/** Makes a key for as long as this page is there. Undefined: the browser has no cryptography here, as on plain HTTP. */
export async function pageKey(): Promise<PrivateKey | undefined> {
  try {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
    return { key: privateKey, point, fingerprint: await fingerprint(point) };
  } catch {
    return undefined;
  }
}

/** The public half as customerKey and the server want it. */
export const publicHalf = ({ point }: PrivateKey): string => base64url(point);

/** The private keys of this browser; none where it keeps nothing. */
export async function loadKeys(): Promise<readonly PrivateKey[]> {
  const database = await open().catch(() => undefined);
  return database ? done(database, "readonly", (keys) => keys.getAll() as IDBRequest<PrivateKey[]>) : [];
}

export async function saveKey(key: PrivateKey): Promise<void> {
  await done(await open(), "readwrite", (keys) => keys.put(key));
}

export async function removeKey(fingerprint: string): Promise<void> {
  await done(await open(), "readwrite", (keys) => keys.delete(fingerprint));
}

async function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open("qwelp.agent", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "fingerprint" });
  return new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function done<T>(database: IDBDatabase, mode: IDBTransactionMode, ask: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = database.transaction("keys", mode);
  const request = ask(transaction.objectStore("keys"));
  database.close(); // when the transaction is over
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}
