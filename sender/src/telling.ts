import type { Message, Started } from "../../signal/wire/wire.gen.js";
import { redactPath } from "./path.js";
import { fieldsOf, knownHere, type Known } from "./session/known.js";
import type { QwelpSettings } from "./settings.gen.js";

const pause = 1_000; // ms between two messages about metaData
const lookEvery = 1_000; // ms between looks at the path, where no event tells that it is another

const navigation = (): EventTarget | undefined => (window as { readonly navigation?: EventTarget }).navigation;

/** Telling keeps the server's word on metaData and page up to date while a session runs. telling.js is this class's module. */
export class Telling {
  private session = "";
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

  /** The session has its place at the server, and there may be something to tell. known is what the server was told when it started on this page. */
  at({ session, visits = false }: Pick<Started, "session" | "visits">, known: Known): void {
    this.visits = visits;
    if (session !== this.session) {
      this.session = session;
      this.said = JSON.stringify(fieldsOf(known));
      this.path = "";
    }
    const events = navigation();
    events?.addEventListener("currententrychange", this.look);
    this.watching ||= window.setInterval(this.look, events ? 60_000 : lookEvery);
    this.look();
  }

  /** The session is over, or goes on on another page. */
  stop(): void {
    clearTimeout(this.later);
    clearInterval(this.watching);
    navigation()?.removeEventListener("currententrychange", this.look);
    this.later = this.watching = 0;
    this.session = "";
  }

  private changed(): void {
    const fields = fieldsOf(knownHere(this.settings(), this.look));
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

  private visit(): void {
    // What an address says of a page that is private, the app may not want kept.
    const path = this.settings().privacy?.default === "private" ? "/:private" : redactPath(location.pathname);
    if (this.visits && path !== this.path && this.send({ type: "visit", path })) this.path = path;
  }
}
