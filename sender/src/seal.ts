import type { Post } from "./link/connection.js";
import { parsePublic } from "../../signal/wire/key.js";
import { SealError } from "../../signal/wire/place.js";
import { Sealing } from "../../signal/wire/sealing.js";
import type { Candidate, Description, Message, Sealed } from "../../signal/wire/wire.gen.js";

/** Seal keeps the server from reading what is said about one link. Nothing leaves, and nothing is taken, that is not sealed. */
export class Seal implements Post {
  private sealing: Sealing | undefined;
  private last: Promise<void> = Promise.resolve();

  /** key is the company's public one, as the settings have it; failed is told that it is none, so that nothing is sent. place is where the server has the session. */
  constructor(
    private readonly key: string,
    private readonly place: { readonly session: string; readonly epoch: number },
    private readonly decode: (text: string) => Message | undefined,
    private readonly signal: (message: Sealed) => void,
    private readonly failed: () => void,
  ) {}

  /** Sends a message of the link; the first says which link, and to whom. */
  send(message: Description | Candidate): void {
    this.next(async () => {
      this.sealing ??= await this.begin(message);
      const { to, ...rest } = message;
      this.signal(await this.sealing.seal(to!, JSON.stringify(rest)));
    });
  }

  /** Opens a message about the link; take gets what is inside. */
  open(message: Description | Candidate | Sealed, take: (message: Description | Candidate) => void): void {
    this.next(async () => {
      if (message.type !== "sealed" || !this.sealing) throw new SealError("unsealed");
      const inner = this.decode(await this.sealing.open(message));
      if ((inner?.type !== "description" && inner?.type !== "candidate") || inner.link !== message.link) throw new SealError("broken");
      take(inner);
    });
  }

  private async begin({ to, link }: Description | Candidate): Promise<Sealing> {
    const { session, epoch } = this.place;
    try {
      return await Sealing.offer(await parsePublic(this.key), { session, agent: to!, link, epoch });
    } catch (error) {
      this.failed();
      throw error;
    }
  }

  /** One after the other, in order. */
  private next(step: () => Promise<void>): void {
    this.last = this.last.then(step).catch((error: unknown) => console.error("qwelp: a message about the connection to the agent was refused:", (error as Error).message));
  }
}
