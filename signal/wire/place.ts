import { bytes, prefixed } from "./hpke.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the sealing of a link is bound to. */
export interface Place {
  readonly session: string;
  /** The agent's member id. */
  readonly agent: string;
  readonly link: string;
  /** The sender's. */
  readonly epoch: number;
}

/** A private key. */
export interface PrivateKey {
  readonly key: CryptoKey;
  /** Its public half. */
  readonly point: Bytes;
  readonly fingerprint: string;
}

/** Why a message is refused: as the errors of Go's internal/seal. */
export type Refusal = "no key" | "unsealed" | "replayed" | "missing" | "broken";

const words: Record<Refusal, string> = {
  "no key": "sealed to a key whose private key is not here",
  unsealed: "not sealed, although there is a key",
  replayed: "replayed, or out of order",
  missing: "a message before it is missing",
  broken: "changed on the way, or sealed for something else",
};

/** SealError says why a message is refused. */
export class SealError extends Error {
  constructor(readonly refusal: Refusal) {
    super(words[refusal]);
  }
}

/** The info of RFC 9180 section 5.1: each text after its length. */
export function info(version: string, { session, agent, link, epoch }: Place): Bytes {
  return bytes(version, prefixed(session, agent, link), [epoch >>> 24, (epoch >> 16) & 255, (epoch >> 8) & 255, epoch & 255]);
}
