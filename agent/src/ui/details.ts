import { strings } from "../strings.js";
import { button, el } from "./el.js";
import { flatten } from "./flatten.js";

/** Details lists what the customer's page says about the customer, none of which is verified. */
export class Details {
  readonly element = el("aside", { class: "details", id: "details", "aria-label": strings.details });
  readonly toggle = button("", strings.details);
  private readonly list = el("dl");

  constructor() {
    const close = button("", strings.close);
    close.addEventListener("click", () => {
      this.open(false);
      this.toggle.focus();
    });
    this.element.append(
      el("header", {}, el("h2", {}, strings.details), close),
      el("p", { class: "hint" }, strings.detailsHint),
      this.list,
    );
    for (const element of [this.element, this.toggle]) {
      element.addEventListener("keydown", ({ key }) => {
        if (key === "Escape" && !this.element.hidden) close.click();
      });
    }
    this.toggle.setAttribute("aria-controls", "details");
    this.toggle.addEventListener("click", () => this.open(this.toggle.getAttribute("aria-expanded") === "false"));
    this.open(false);
  }

  show(metaData: Readonly<Record<string, unknown>>): void {
    const items = flatten(metaData);
    this.toggle.hidden = items.length === 0;
    this.open(false);
    this.list.replaceChildren(...items.map(([key, value]) => el("div", {},
      el("dt", {}, el("bdi", {}, key), el("span", { class: "tag" }, strings.unverified)),
      el("dd", { dir: "auto" }, value),
    )));
  }

  private open(yes: boolean): void {
    this.element.hidden = !yes;
    this.toggle.setAttribute("aria-expanded", String(yes));
  }
}
