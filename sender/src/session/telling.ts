import type { Message, Resumed, Started } from "../../../signal/wire/wire.gen.js";
import type { QwelpSettings } from "../settings.gen.js";
import { redactPath } from "./path.js";

const pause = 1_000; // ms between two messages about metaData
const lookEvery = 1_000; // ms between looks at the path, where no event tells that it is another

/** What may be said of the customer on this page. */
export interface Known {
  readonly metaData: QwelpSettings["metaData"];
  /** What the app's server has signed of it. */
  readonly signed: string | undefined;
}

/** What is known here now. A page that replaces its head, as Turbo does, has its newest tag last. */
export function knownHere({ metaData }: QwelpSettings): Known {
  const tags = document.querySelectorAll<HTMLElement>("script[data-qwelp-settings]");
  return { metaData, signed: tags[tags.length - 1]?.dataset["qwelpSigned"] };
}

/** Known as messages have it. */
export const fieldsOf = ({ metaData, signed }: Known): { metaData?: NonNullable<Known["metaData"]>; signed?: string } => ({
  ...(metaData && { metaData }), ...(signed && { signed }),
});

const navigation = (): EventTarget | undefined => (window as { readonly navigation?: EventTarget }).navigation;

/** Telling keeps the server's word on metaData and page up to date while a session runs. */
export class Telling {
  private said = "";
  private saidAt = -pause;
  private later = 0;
  private path = "";
  private visits = false;
  private watching = 0;
  private readonly look = (): void => {
    this.visit();
    this.changed();
  };

  /** send: false, when the server does not get the message. */
  constructor(
    private readonly settings: () => QwelpSettings,
    private readonly send: (message: Message) => boolean,
  ) {}

  /** The server has given the session its place. known is what it was told when the session started. */
  seated(message: Started | Resumed, known: Known): void {
    this.visits = message.visits ?? false;
    if (message.type === "started") {
      this.said = JSON.stringify(fieldsOf(known));
      this.path = "";
    }
    const events = navigation();
    events?.addEventListener("currententrychange", this.look);
    this.watching ||= window.setInterval(this.look, events ? 60_000 : lookEvery);
    this.look();
  }

  /** The page's settings, or its tag, may be others. */
  changed(): void {
    const fields = fieldsOf(knownHere(this.settings()));
    const text = JSON.stringify(fields);
    if (text === this.said || text === "{}") return;
    const wait = this.saidAt + pause - performance.now();
    if (wait > 0) {
      this.later ||= window.setTimeout(() => {
        this.later = 0;
        this.changed();
      }, wait);
    } else if (this.send({ type: "tell", ...fields })) {
      this.said = text;
      this.saidAt = performance.now();
    }
  }

  /** The session is over, or goes on on another page. */
  stop(): void {
    clearTimeout(this.later);
    clearInterval(this.watching);
    navigation()?.removeEventListener("currententrychange", this.look);
    this.later = this.watching = 0;
    this.said = this.path = "";
  }

  private visit(): void {
    // What an address says of a page that is private, the app may not want kept.
    const path = this.settings().privacy?.default === "private" ? "/:private" : redactPath(location.pathname);
    if (this.visits && path !== this.path && this.send({ type: "visit", path })) this.path = path;
  }
}
