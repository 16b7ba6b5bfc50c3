import { backwards, bytes, decapsulate, encapsulate, open, seal, type Direction } from "./hpke.js";
import { base64Of, base64url, fingerprint } from "./key.js";
import type { Sealed } from "./wire.gen.js";

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

const bySender = bytes("sender sealed");
const byAgent = bytes("agent sealed");

/** Sealing seals and opens what one end of a link says and hears. Calls must not overlap. */
export class Sealing {
  private constructor(
    private readonly link: string,
    private first: Partial<Sealed>,
    private readonly own: Direction,
    private readonly mine: Bytes,
    private readonly other: Direction,
    private readonly theirs: Bytes,
  ) {}

  /** Makes the sender's end, with a fresh key. point is the company's public key; ephemeral is for tests. */
  static async offer(point: Bytes, place: Place, ephemeral?: CryptoKeyPair): Promise<Sealing> {
    const { enc, context } = await encapsulate(point, info(place), ephemeral);
    const first = { key: await fingerprint(point), enc: base64url(enc), epoch: place.epoch };
    return new Sealing(place.link, first, context.direction, bySender, await backwards(context), byAgent);
  }

  /** Makes the agent's end, from the first message that the sender says about the link; open is to be called with it then. Throws SealError. */
  static async accept(keys: readonly PrivateKey[], place: Omit<Place, "epoch">, first: Sealed): Promise<Sealing> {
    const own = keys.find((key) => key.fingerprint === first.key);
    if (!own) throw new SealError("no key");
    try {
      const context = await decapsulate(base64Of(first.enc ?? "")!, own.key, own.point, info({ ...place, epoch: first.epoch ?? 0 }));
      return new Sealing(place.link, {}, await backwards(context), byAgent, context.direction, bySender);
    } catch {
      throw new SealError("broken");
    }
  }

  /** Seals the text of a message to a member. */
  async seal(to: string, text: string): Promise<Sealed> {
    const { first, own, link } = this;
    this.first = {};
    const seq = own.next;
    return { type: "sealed", to, link, ...first, seq, box: base64url(await seal(own, this.mine, bytes(text))) };
  }

  /** Gives the text that the other end has sealed: each once, in the order in which they were sealed. Throws SealError. */
  async open({ link, seq, box }: Sealed): Promise<string> {
    if (seq !== this.other.next) throw new SealError(seq < this.other.next ? "replayed" : "missing");
    const data = base64Of(box);
    if (!data || link !== this.link) throw new SealError("broken");
    try {
      return new TextDecoder().decode(await open(this.other, this.theirs, data));
    } catch {
      throw new SealError("broken");
    }
  }
}

/** The info of RFC 9180 section 5.1: each text after its length. */
export function info({ session, agent, link, epoch }: Place): Bytes {
  const prefixed = [session, agent, link].flatMap((text) => {
    const data = bytes(text);
    return [[data.length >> 8, data.length & 255], data];
  });
  return bytes("qwelp/1", ...prefixed, [epoch >>> 24, (epoch >> 16) & 255, (epoch >> 8) & 255, epoch & 255]);
}
