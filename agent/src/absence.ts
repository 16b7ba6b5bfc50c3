import type { Status } from "./session.js";

const long = 8_000; // ms after which a page that is gone may not come back soon

/** Absence knows how long there has been no page. */
export class Absence {
  private since = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** tell is called when there has been none for long. */
  constructor(private readonly tell: () => void) {}

  /** Returns the state; "gone" in place of one that lasts long. */
  lasting(state: Status["state"]): Status["state"] {
    if (state !== "loading" && state !== "reconnecting") {
      this.over();
      return state;
    }
    clearTimeout(this.timer);
    this.since ||= performance.now();
    const left = this.since + long - performance.now();
    if (left <= 0) return "gone";
    this.timer = setTimeout(this.tell, left);
    return state;
  }

  over(): void {
    clearTimeout(this.timer);
    this.since = 0;
  }
}
