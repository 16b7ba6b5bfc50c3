import { commitment, comparisonCode, nonce } from "../../signal/wire/comparing.js";
import type { Candidate, Description, Reveal } from "../../signal/wire/wire.gen.js";

/** What is known of one peer connection. */
interface Known {
  readonly offer: string;
  readonly commit: string;
  readonly agent: string;
  answer: string;
}

const most = 20; // peer connections that are remembered

/** Comparing finds the digits that customer and agent compare, of the newest peer connection: docs/protocol.md section 2.5. */
export class Comparing {
  private readonly known = new Map<string, Known>();

  /** key gives this page's public one; tell gets the digits, or undefined when somebody is in between. */
  constructor(
    private readonly key: () => Promise<string>,
    private readonly tell: (digits: string | undefined) => void,
  ) {}

  /** Notes what the sender says. */
  heard(message: Description | Candidate): void {
    if (message.type !== "description" || message.commit === undefined || this.known.has(message.link)) return;
    if (this.known.size === most) this.known.delete(this.known.keys().next().value!);
    this.known.set(message.link, { offer: message.sdp, commit: message.commit, agent: nonce(), answer: "" });
  }

  /** Gives a message of this end with what belongs into it. */
  said(message: Description | Candidate): Description | Candidate {
    const known = this.known.get(message.link);
    if (message.type !== "description" || !known || known.answer) return message;
    known.answer = message.sdp;
    return { ...message, nonce: known.agent };
  }

  /** Takes the sender's number; each counts once. */
  async reveal({ link, nonce: sender }: Reveal): Promise<void> {
    const known = this.known.get(link);
    if (!known?.answer) return;
    this.known.delete(link);
    const { offer, answer, agent, commit } = known;
    if ((await commitment(sender)) !== commit) return this.tell(undefined);
    this.tell(await comparisonCode({ offer, answer, key: await this.key(), sender, agent }));
  }

  /** Forgets all: the session is over. */
  clear(): void {
    this.known.clear();
  }
}
