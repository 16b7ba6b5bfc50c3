import { strings } from "../strings.js";
import { copyable } from "./copy.js";
import { button, el } from "./el.js";
import { Notes } from "./notes.js";

/** What is shown of a session that is over. */
export interface Summary {
  /** Its id; "" when there was none. */
  readonly session: string;
  /** Names and values, one line each. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** EndCard says that a session is over, and why; sums it up; and takes notes, where they are kept. */
export class EndCard {
  readonly element: HTMLElement;
  private readonly title = el("h1", { tabindex: "-1" });
  private readonly text = el("p");
  private readonly facts = el("dl", { class: "summary" });
  private readonly history = el("a", {}, strings.inHistory);
  private readonly notes: Notes | undefined;
  private warned = false; // that the notes are not kept

  /** historyOf returns the address of a session in the history; undefined where none is kept. */
  constructor(another: () => void, private readonly historyOf: ((session: string) => URL) | undefined) {
    if (historyOf) this.notes = new Notes();
    const again = button("primary wide", strings.another);
    again.addEventListener("click", () => void this.leave(another));
    const parts = this.notes ? [this.notes.element, this.history] : [];
    this.element = el("main", { class: "centre" }, el("div", { class: "card endcard" }, this.title, this.text, this.facts, ...parts, again));
  }

  /** Begins with a session that is over, or is about to be. */
  show(title: string, text: string, { session, facts }: Summary): void {
    this.say(title, text);
    this.facts.replaceChildren(
      ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { dir: "auto" }, value))),
      ...(session ? [el("div", {}, el("dt", {}, strings.sessionID), el("dd", {}, ...copyable(session)))] : []),
    );
    this.history.hidden = session === "";
    if (this.historyOf) this.history.href = this.historyOf(session).href;
    this.notes?.begin(session);
    this.warned = false;
  }

  /** Says that it is over, and why. */
  say(title: string, text: string): void {
    this.title.textContent = title;
    this.text.textContent = text;
  }

  focus(): void {
    if (!this.element.contains(document.activeElement)) this.title.focus();
  }

  /** Goes on when the notes are kept, or when the agent knows that they are not, and wants to. */
  private async leave(another: () => void): Promise<void> {
    if (this.notes && !(await this.notes.save()) && !this.warned) {
      this.warned = true;
      return;
    }
    if (this.element.isConnected) another(); // a second press may have been quicker
  }
}
