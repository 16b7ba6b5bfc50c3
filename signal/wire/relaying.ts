import { bytes, decapsulate, encapsulate, exported, open, seal, type Context, type Direction } from "./hpke.js";
import { base64Of, base64url, fingerprint } from "./key.js";
import { info, SealError, type Place, type PrivateKey } from "./place.js";

type Bytes = Uint8Array<ArrayBuffer>;

const purpose = "qwelp/1 relay";
const openingBytes = 77; // fingerprint 8, encapsulated key 65, epoch 4
const none = bytes();

/** Relaying seals and opens the packets of one link that go over the server: docs/protocol.md section 2.3. Calls of one method must not overlap. */
export class Relaying {
  private constructor(
    private opening: Bytes,
    private readonly own: Direction,
    private readonly other: Direction,
  ) {}

  /** Makes the sender's end, with a fresh key. point is the public key of the company or the agent; ephemeral is for tests. */
  static async offer(point: Bytes, place: Place, ephemeral?: CryptoKeyPair): Promise<Relaying> {
    const { enc, context } = await encapsulate(point, info(purpose, place), ephemeral);
    const opening = bytes(base64Of(await fingerprint(point))!, enc, four(place.epoch));
    return new Relaying(opening, await exported(context, "sender relay"), await exported(context, "agent relay"));
  }

  /** Makes the agent's end, from a first box, which is to be opened then. Throws SealError. */
  static async accept(keys: readonly PrivateKey[], place: Omit<Place, "epoch">, box: Bytes): Promise<Relaying> {
    const { opening, epoch } = openingOf(box);
    if (opening.length === 0) throw new SealError("missing");
    const name = base64url(opening.subarray(0, 8));
    const own = keys.find((key) => key.fingerprint === name);
    if (!own) throw new SealError("no key");
    let context: Context;
    try {
      context = await decapsulate(opening.slice(8, 73), own.key, own.point, info(purpose, { ...place, epoch }));
    } catch {
      throw new SealError("broken");
    }
    return new Relaying(none, await exported(context, "agent relay"), await exported(context, "sender relay"));
  }

  /** Seals a packet. */
  async seal(packet: Bytes): Promise<Bytes> {
    const { opening, own } = this;
    const number = four(own.next);
    return bytes([opening.length], opening, number, await seal(own, none, packet));
  }

  /** Gives the packet in a box of the other end; each once, and none that is older than one before. Throws SealError. */
  async open(box: Bytes): Promise<Bytes> {
    const { opening } = openingOf(box);
    const at = 1 + opening.length;
    const next = new DataView(box.buffer, box.byteOffset).getUint32(at);
    if (next < this.other.next) throw new SealError("replayed");
    try {
      const packet = await open({ ...this.other, next }, none, box.subarray(at + 4));
      this.other.next = next + 1;
      this.opening = none; // the other end has it
      return packet;
    } catch {
      throw new SealError("broken");
    }
  }
}

/** What a box begins with. Throws SealError. */
export function openingOf(box: Bytes): { opening: Bytes; epoch: number } {
  const length = box[0] ?? 0;
  if ((length !== 0 && length !== openingBytes) || box.length < 1 + length + 4) throw new SealError("broken");
  const opening = box.subarray(1, 1 + length);
  return { opening, epoch: length > 0 ? new DataView(box.buffer, box.byteOffset).getUint32(74) : 0 };
}

function four(n: number): readonly number[] {
  return [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
}
