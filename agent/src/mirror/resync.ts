import type { ResyncReason } from "../../../signal/wire/wire.gen.js";

const first = 500; // ms until the second request in a row
const longest = 30_000;
const patience = 5_000; // ms of good frames after which all is forgiven

/**
 * Resync asks for new snapshots: at once, but ever more slowly when the new one is no better, so that a page the mirror cannot show
 * does not keep its customer's browser busy.
 */
export class Resync {
  private tries = 0;
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (reason: ResyncReason) => void) {}

  need(reason: ResyncReason): void {
    if (this.timer !== undefined) return;
    if (performance.now() - this.last > patience + this.wait) this.tries = 0;
    const delay = Math.max(0, this.last + this.wait - performance.now());
    if (delay === 0) this.now(reason);
    else this.timer = setTimeout(() => this.now(reason), delay);
  }

  /** A page has begun: what was asked for, or better. */
  met(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private get wait(): number {
    return this.tries === 0 ? 0 : Math.min(longest, first * 2 ** (this.tries - 1));
  }

  private now(reason: ResyncReason): void {
    this.timer = undefined;
    this.tries++;
    this.last = performance.now();
    this.ask(reason);
  }
}
