import type { PageInfo } from "../mirror/picture.js";
import type { Status } from "../session.js";
import { strings } from "../strings.js";
import type { Known } from "./details.js";
import { duration } from "./duration.js";
import { button, el } from "./el.js";
import { Ending } from "./ending.js";
import { line } from "./line.js";
import type { Signs } from "./signs.js";
import { verifiedName } from "./verifiedname.js";
import { percent } from "./zoom.js";

const words: Readonly<Record<Status["state"], string>> = {
  connecting: strings.connecting,
  live: strings.live,
  paused: strings.onHold,
  loading: strings.loading,
  reconnecting: strings.reconnecting,
  gone: strings.away,
};

const ways: Readonly<Record<Status["way"], readonly [text: string, hint: string]>> = {
  direct: [strings.direct, strings.directHint],
  detour: [strings.detour, strings.detourHint],
  none: ["", ""],
};

/** What is shown of them, in characters. */
export const longestTitle = 200;
const longestURL = 500;
export const longestName = 64;

/** Header tells how it stands with the session, and ends it. */
export class Header {
  readonly element: HTMLElement;
  private readonly end = button("danger", strings.end);
  private readonly ending: Ending;
  private readonly state = el("span", { class: "state" });
  private readonly name = el("bdi");
  private readonly customer = el("span", { class: "customer" }, "✓ ", el("span", { class: "unseen" }, strings.verifiedCustomer), this.name);
  private readonly title = el("strong", { class: "page-title", dir: "auto" });
  private readonly url = el("span", { class: "page-url", dir: "ltr" });
  private readonly size = el("span", { class: "fact", title: strings.viewport });
  private readonly way = el("span");
  private readonly wayFact = el("span", { class: "fact way" }, el("span", { class: "unseen" }, strings.way), this.way);
  private readonly digits = el("span", { class: "fact digits", title: strings.digitsHint });
  private readonly time = el("span", { class: "fact", role: "timer", title: strings.time });
  private readonly others = el("span", { class: "fact others" });
  private readonly sign = el("span", { class: "fact sign" });
  private readonly facts = el("div", { class: "facts" });
  private viewport = "";
  private scale = percent(1);
  private timer: ReturnType<typeof setInterval> | undefined;
  private last: Status["state"] | undefined;
  private isFrozen = false;

  /**
   * tools are shown beside what there is to read. ending is called when the session is about to end, and when it is not any more; undone when it goes on; end ends it; signs says whether the customer may be stuck.
   */
  constructor(tools: readonly HTMLElement[], ending: (yes: boolean) => void, undone: () => void, end: () => void, private readonly signs: Signs) {
    this.ending = new Ending(this.end, (yes) => {
      this.facts.hidden = yes;
      ending(yes);
    }, undone, end);
    this.facts.append(this.digits, this.sign, this.time, this.wayFact, this.size, this.others);
    this.element = el("header", { class: "bar" },
      el("h1", { class: "unseen" }, strings.console),
      this.state,
      this.customer,
      el("div", { class: "page" }, this.title, this.url),
      this.facts, this.ending.element,
      el("div", { class: "tools" }, ...tools),
      this.end,
    );
  }

  start(since: number): void {
    this.page({ title: "", url: "", width: 0, height: 0 });
    const tick = (): void => {
      this.time.textContent = duration(Date.now() - since);
      this.showSign();
    };
    tick();
    this.timer = setInterval(tick, 1_000);
  }

  /** Ends the session now, if it is about to. */
  finish(): void {
    this.ending.now();
  }

  stop(): void {
    this.ending.stop();
    clearInterval(this.timer);
  }

  /** The picture does not move any more, or does again. */
  frozen(yes: boolean): void {
    this.isFrozen = yes;
    this.say();
  }

  status({ state, way, digits }: Status): void {
    this.last = state;
    this.say();
    [this.way.textContent, this.wayFact.title] = ways[way];
    this.wayFact.hidden = way === "none";
    this.digits.textContent = digits === undefined ? strings.tampered : digits && strings.digits(digits);
    this.digits.classList.toggle("bad", digits === undefined);
  }

  private showSign(): void {
    const now = performance.now();
    const idle = this.last === "live" ? this.signs.idle(now) : 0;
    const repeats = this.signs.repeats(now);
    this.sign.textContent = repeats > 0 ? strings.repeated(repeats) : idle > 0 ? strings.idle(duration(idle)) : "";
    this.sign.title = repeats > 0 ? strings.repeatedHint : strings.idleHint;
  }

  /** Shows who the customer is, if the app's server has verified it. */
  known({ verified }: Known): void {
    this.name.textContent = line(verifiedName(verified), longestName);
    this.customer.hidden = this.name.textContent === "";
    this.customer.title = `${this.name.textContent}\n${strings.verifiedHint}`;
  }

  agents(names: readonly string[]): void {
    this.others.textContent = names.length > 0 ? strings.others(names.map((name) => line(name, longestName)).join(", ")) : "";
  }

  page({ title, url, width, height }: Pick<PageInfo, "title" | "url" | "width" | "height">): void {
    this.title.textContent = line(title, longestTitle) || (url && strings.untitled);
    this.url.textContent = this.url.title = line(url, longestURL);
    this.viewport = width > 0 ? `${width} × ${height}` : "";
    this.showSize();
  }

  /** The page is shown at a scale. */
  scaled(scale: number): void {
    this.scale = percent(scale);
    this.showSize();
  }

  private showSize(): void {
    this.size.textContent = this.viewport && `${this.viewport} · ${this.scale}`;
  }

  private say(): void {
    if (!this.last) return;
    // What is seen then is of before.
    const stuck = this.isFrozen && this.last === "live";
    this.state.textContent = stuck ? strings.stuck : words[this.last];
    this.state.dataset["state"] = stuck ? "stuck" : this.last;
  }
}
