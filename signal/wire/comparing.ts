import { bytes, prefixed } from "./hpke.js";
import { base64Of, base64url } from "./key.js";

/** What both ends of a peer connection know: docs/protocol.md section 2.5. */
export interface Compared {
  /** The SDP of the first offer, and of the answer to it. */
  readonly offer: string;
  readonly answer: string;
  /** The agent's public key; "" if there is none. */
  readonly key: string;
  /** The nonces of sender and agent, in base64url. */
  readonly sender: string;
  readonly agent: string;
}

/** Makes a nonce. */
export const nonce = (): string => base64url(crypto.getRandomValues(new Uint8Array(16)));

/** Gives what commits to a nonce. */
export async function commitment(nonce: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", base64Of(nonce) ?? bytes())));
}

/** Gives the four digits that people compare. */
export async function comparisonCode({ offer, answer, key, sender, agent }: Compared): Promise<string> {
  const parts = prefixed(prints(offer), prints(answer), key, base64Of(sender)!, base64Of(agent)!);
  const hash = await crypto.subtle.digest("SHA-256", bytes("qwelp/1 comparison", parts));
  return String(new DataView(hash).getUint32(0) % 10_000).padStart(4, "0");
}

const prints = (sdp: string): string => (sdp.match(/^a=fingerprint:.*$/gm) ?? []).map((line) => line.slice(14).replace(/\r$/, "")).join("\n");
