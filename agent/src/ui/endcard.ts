import { strings } from "../strings.js";
import { button, el } from "./el.js";

/** EndCard says that a session is over, and why. */
export class EndCard {
  readonly element: HTMLElement;
  private readonly title = el("h1", { tabindex: "-1" });
  private readonly text = el("p");
  private readonly lasted = el("p", { class: "hint" });

  constructor(another: () => void) {
    const again = button("primary wide", strings.another);
    again.addEventListener("click", another);
    this.element = el("main", { class: "centre" }, el("div", { class: "card" }, this.title, this.text, this.lasted, again));
  }

  show(title: string, text: string, lasted: string): void {
    this.title.textContent = title;
    this.text.textContent = text;
    this.lasted.textContent = lasted;
    this.title.focus();
  }
}
