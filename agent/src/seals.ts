import { SealError, type PrivateKey } from "../../signal/wire/place.js";
import { Sealing } from "../../signal/wire/sealing.js";
import { decodeMessage, type Candidate, type Description, type Message, type Sealed } from "../../signal/wire/wire.gen.js";

/** What the seals tell their owner. */
export interface SealsEvents {
  /** Sends a signalling message to the sender. */
  send(message: Message): void;
  /** A message of the sender's, opened. */
  take(message: Description | Candidate): void;
  /** There can be no link: the key with that fingerprint is missing, or, when it is "", the sender does not seal although there are keys. */
  impossible(fingerprint: string): void;
}

const most = 1000; // peer connections of a session

/**
 * Seals keep the server from reading what is said about links. With a private key in this browser there is no way but the sealed one; without,
 * none but the open one.
 */
export class Seals {
  private readonly sealings = new Map<string, Sealing>();
  private last: Promise<void> = Promise.resolve();
  private session = "";
  private member = "";
  private epoch = 0;
  private known: Promise<readonly PrivateKey[]> = Promise.resolve([]);

  constructor(
    private readonly load: () => Promise<readonly PrivateKey[]>,
    private readonly events: SealsEvents,
  ) {}

  /** The server has told where this agent is. */
  at(session: string, member: string): void {
    if (session !== this.session) {
      this.epoch = 0;
      this.sealings.clear();
    }
    this.session = session;
    this.member = member;
    this.known = this.load();
  }

  /** Sends a message about a link, the way the offer of it came. */
  send(message: Description | Candidate): void {
    this.next(async () => {
      const sealing = this.sealings.get(message.link);
      const { to, ...rest } = message;
      if (sealing) this.events.send(await sealing.seal(to!, JSON.stringify(rest)));
      else if (await this.open()) this.events.send(message);
    });
  }

  /** Takes a message of the sender's. */
  take(message: Description | Candidate | Sealed): void {
    this.next(async () => {
      if (message.type !== "sealed") {
        if (await this.open()) this.events.take(message);
        else if (message.type === "description") this.events.impossible("");
        return;
      }
      const sealing = this.sealings.get(message.link) ?? (await this.begin(message));
      const inner = decodeMessage(await sealing.open(message));
      if ((inner?.type !== "description" && inner?.type !== "candidate") || inner.link !== message.link) throw new SealError("broken");
      this.events.take({ ...inner, ...(message.from !== undefined && { from: message.from }) });
    });
  }

  private async open(): Promise<boolean> {
    return (await this.known).length === 0;
  }

  private async begin(first: Sealed): Promise<Sealing> {
    if (first.enc === undefined) throw new SealError("missing");
    if (this.sealings.size === most) throw new Error("too many links");
    if ((first.epoch ?? 0) < this.epoch) throw new SealError("replayed");
    try {
      const sealing = await Sealing.accept(await this.known, { session: this.session, agent: this.member, link: first.link }, first);
      this.sealings.set(first.link, sealing);
      this.epoch = first.epoch ?? 0;
      return sealing;
    } catch (error) {
      if (error instanceof SealError && error.refusal === "no key") this.events.impossible(first.key ?? "?");
      throw error;
    }
  }

  /** One after the other, in order. */
  private next(step: () => Promise<void>): void {
    this.last = this.last.then(step).catch((error: unknown) => console.error("qwelp: a message about the connection to the customer was refused:", (error as Error).message));
  }
}
