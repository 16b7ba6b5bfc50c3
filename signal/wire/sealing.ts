import { bytes, decapsulate, encapsulate, exported, open, seal, type Direction } from "./hpke.js";
import { base64Of, base64url, fingerprint } from "./key.js";
import { info, SealError, type Place, type PrivateKey } from "./place.js";
import type { Sealed } from "./wire.gen.js";

type Bytes = Uint8Array<ArrayBuffer>;

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
    const { enc, context } = await encapsulate(point, info("qwelp/1", place), ephemeral);
    const first = { key: await fingerprint(point), enc: base64url(enc), epoch: place.epoch };
    return new Sealing(place.link, first, context.direction, bySender, await exported(context, "agent"), byAgent);
  }

  /** Makes the agent's end, from the first message that the sender says about the link; open is to be called with it then. Throws SealError. */
  static async accept(keys: readonly PrivateKey[], place: Omit<Place, "epoch">, first: Sealed): Promise<Sealing> {
    const own = keys.find((key) => key.fingerprint === first.key);
    if (!own) throw new SealError("no key");
    try {
      const context = await decapsulate(base64Of(first.enc ?? "")!, own.key, own.point, info("qwelp/1", { ...place, epoch: first.epoch ?? 0 }));
      return new Sealing(place.link, {}, await exported(context, "agent"), byAgent, context.direction, bySender);
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
