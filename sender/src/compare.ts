import type { Post } from "./link/connection.js";
import { commitment, comparisonCode, nonce } from "../../signal/wire/comparing.js";
import type { Candidate, Description, Reveal, Sealed } from "../../signal/wire/wire.gen.js";

/** Comparison adds to what is said about one peer connection what both ends need for four digits that people compare. */
export class Comparison implements Post {
  private readonly own = nonce();
  private offer = "";
  private done = false;
  private last: Promise<unknown> = Promise.resolve();

  /** key is the agent's public one, as the server tells it; tell gets the digits. */
  constructor(
    private readonly post: Post,
    private readonly key: string,
    private readonly reveal: (message: Reveal) => void,
    private readonly tell: (digits: string) => void,
  ) {}

  send(message: Description | Candidate): void {
    this.last = this.last.then(async () => {
      if (message.type !== "description" || this.offer) return this.post.send(message);
      this.offer = message.sdp;
      this.post.send({ ...message, commit: await commitment(this.own) });
    });
    this.last.catch((error: unknown) => console.warn("qwelp: no session, since no comparison code can be made, for which browsers want HTTPS:", (error as Error).message));
  }

  open(message: Description | Candidate | Sealed, take: (inner: Description | Candidate | Sealed) => void): void {
    this.post.open(message, (inner) => {
      if (inner.type === "description" && inner.nonce !== undefined && !this.done) this.compare(inner.link, inner.sdp, inner.nonce);
      take(inner);
    });
  }

  private compare(link: string, answer: string, agent: string): void {
    this.done = true;
    this.reveal({ type: "reveal", link, nonce: this.own });
    void comparisonCode({ offer: this.offer, answer, key: this.key, sender: this.own, agent }).then(this.tell, () => undefined);
  }
}
