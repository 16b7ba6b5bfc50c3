import { loadDetailsOpen, saveDetailsOpen } from "../store.js";
import { strings } from "../strings.js";
import { button, el } from "./el.js";
import { flatten } from "./flatten.js";
import { line } from "./line.js";

/** What is known about the customer. */
export interface Known {
  /** As the customer's page says, which nobody has verified. */
  readonly metaData: Readonly<Record<string, unknown>>;
  /** As the app's server has signed it. */
  readonly verified: Readonly<Record<string, unknown>>;
}

const beside = "(min-width: 1001px)"; // as in console.css: the list is beside the page, not over it
const longestKey = 200; // characters
const longestValue = 2_000;

/**
 * Details lists what is known about the customer: first what is verified, then what only the page says. It is open unless the agent has closed it in this browser, or would lie
 * over the page.
 */
export class Details {
  readonly element = el("aside", { class: "details", id: "details", "aria-label": strings.details });
  readonly toggle = button("", strings.details);
  private readonly list = el("dl");
  private any = false; // there is something to show

  constructor() {
    const close = button("", strings.close);
    close.addEventListener("click", () => {
      this.choose(false);
      this.toggle.focus();
    });
    this.element.append(
      el("header", {}, el("h2", {}, strings.details), close),
      el("p", { class: "hint" }, strings.verifiedHint),
      el("p", { class: "hint" }, strings.unverifiedHint),
      this.list,
    );
    for (const element of [this.element, this.toggle]) {
      element.addEventListener("keydown", ({ key }) => {
        if (key === "Escape" && !this.element.hidden) close.click();
      });
    }
    this.toggle.setAttribute("aria-controls", "details");
    this.toggle.addEventListener("click", () => this.choose(this.toggle.getAttribute("aria-expanded") === "false"));
    this.open(false);
  }

  /** Shows what is known. In a session that begins the list is as the agent wants it, in one that runs it stays as it is. */
  show({ metaData, verified }: Known, begins: boolean): void {
    const items = [...flatten(verified).map((item) => [...item, true] as const), ...flatten(metaData).map((item) => [...item, false] as const)];
    this.toggle.hidden = items.length === 0;
    if (begins || items.length === 0 || !this.any) this.open(items.length > 0 && loadDetailsOpen() && matchMedia(beside).matches);
    this.any = items.length > 0;
    this.list.replaceChildren(...items.map(([key, value, sure]) => el("div", {},
      el("dt", {}, el("bdi", {}, line(key, longestKey)), el("span", { class: sure ? "tag sure" : "tag" }, sure ? strings.verified : strings.unverified)),
      el("dd", { dir: "auto" }, line(value, longestValue)),
    )));
  }

  /** The agent has said so. */
  private choose(yes: boolean): void {
    saveDetailsOpen(yes);
    this.open(yes);
  }

  private open(yes: boolean): void {
    this.element.hidden = !yes;
    this.toggle.setAttribute("aria-expanded", String(yes));
  }
}
