import { strings } from "../strings.js";
import { button, el } from "./el.js";

const patience = 5_000; // ms for a way back

/**
 * Ending is the way back after the button that ends the session was pressed, for five seconds. A second press ends it at once; so does whatever may keep the page from counting: it is
 * hidden, when timers may sleep, or goes.
 */
export class Ending {
  /** Is shown meanwhile. */
  readonly element: HTMLElement;
  private readonly count = el("span", { role: "timer" });
  private begun = 0; // when it was pressed; 0: it was not
  private timers: ReturnType<typeof setTimeout>[] = [];

  /** changed is called when the way back begins, and when it is over; undone when the agent has taken it; end ends the session. */
  constructor(
    press: HTMLButtonElement,
    private readonly changed: (ending: boolean) => void,
    undone: () => void,
    private readonly end: () => void,
  ) {
    const undo = button("", strings.undo);
    undo.setAttribute("aria-label", strings.undoEnd);
    undo.addEventListener("click", () => {
      this.stop();
      press.focus();
      undone();
    });
    this.element = el("div", { class: "ending" }, this.count, undo);
    this.element.hidden = true;
    press.addEventListener("click", ({ detail }) => {
      if (detail > 1) return; // a double click is one press
      if (this.begun) this.now();
      else this.begin();
    });
    press.addEventListener("keydown", (event) => {
      if (event.repeat) event.preventDefault(); // a key that is held is one press, too
    });
    document.addEventListener("keydown", ({ key }) => {
      if (this.begun && key === "Escape") undo.click();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.now());
    window.addEventListener("pagehide", () => this.now());
  }

  /** The session goes on, or has ended otherwise. */
  stop(): void {
    if (!this.begun) return;
    this.begun = 0;
    for (const timer of this.timers) clearTimeout(timer);
    this.element.hidden = true;
    this.changed(false);
  }

  private begin(): void {
    this.begun = performance.now();
    this.element.hidden = false;
    const left = (): number => Math.ceil((this.begun + patience - performance.now()) / 1_000);
    const show = (): void => {
      this.count.textContent = strings.endsIn(left());
    };
    show();
    this.timers = [setInterval(show, 250), setTimeout(() => this.now(), patience)];
    this.changed(true);
  }

  /** Ends the session now, if it is about to. */
  now(): void {
    if (!this.begun) return;
    this.stop();
    this.end();
  }
}
