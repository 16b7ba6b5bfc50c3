import { quietly } from "./quiet.js";

const shortest = 100; // ms until the first look after something has happened
const longest = 2_000; // ms between two looks at a page on which nothing happens
const everything = 1_000; // ms between two looks at all that nothing reports
const hidden = 50; // ms after which a page that paints no frames is looked at

/** What a scheduler runs. */
export interface Work {
  /** Sends what has changed, and returns whether anything had; all: also what no event, observer or hook reports. */
  look(all: boolean): boolean;
  /** Something has thrown; nothing runs any more. */
  failed(error: unknown): void;
  /** Whether something may have to be seen soon that nothing reports. */
  readonly urgent: boolean;
}

/** The time and the timers of a page. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
  /** Runs before the next frame is painted. */
  frame(run: () => void): number;
  cancelFrame(frame: number): void;
}

const browser: Clock = {
  now: () => performance.now(),
  after: (ms, run) => window.setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
  frame: (run) => requestAnimationFrame(run),
  cancelFrame: (frame) => cancelAnimationFrame(frame),
};

/**
 * Scheduler decides when a page is looked at: before the next frame is painted when something has happened, then ever more rarely as long
 * as nothing is found. What nothing reports is seen by these looks, after two seconds at most.
 */
export class Scheduler {
  private active = false;
  private frame = 0;
  private fallback = 0;
  private timer = 0;
  private slice = 0;
  private pause = shortest;
  private due = 0; // when everything is looked at next

  constructor(
    private readonly work: Work,
    private readonly clock: Clock = browser,
  ) {}

  /** Whether anything is captured. */
  get running(): boolean {
    return this.active;
  }

  start(): void {
    this.stop();
    this.active = true;
    this.due = this.clock.now() + everything;
    this.wait();
  }

  stop(): void {
    this.active = false;
    this.settle();
    this.clock.cancel(this.slice);
  }

  /** Something may have changed. */
  soon(): void {
    this.pause = shortest;
    if (this.frame || !this.active) return;
    const look = (): void => this.look(false);
    this.frame = this.clock.frame(look);
    // A page in the background paints no frames.
    this.fallback = this.clock.after(hidden, look);
  }

  /** Runs a slice of work once what waits to be run by the browser has been. */
  next(run: () => void): void {
    this.clock.cancel(this.slice);
    this.slice = this.clock.after(0, () => this.guard(run));
  }

  /** Runs what the browser calls. An error of ours is no error of the page's: it does not get to window.onerror. */
  guard(run: () => void): void {
    try {
      quietly(run);
    } catch (error) {
      this.stop();
      this.work.failed(error);
    }
  }

  private look(again: boolean): void {
    this.settle();
    const now = this.clock.now();
    const all = now >= this.due;
    if (all) this.due = now + everything;
    let found = !again;
    this.guard(() => {
      if (this.work.look(all)) found = true;
    });
    this.pause = found ? shortest : Math.min(2 * this.pause, longest);
    this.wait();
  }

  /** Nothing is planned any more. */
  private settle(): void {
    this.clock.cancelFrame(this.frame);
    for (const timer of [this.fallback, this.timer]) this.clock.cancel(timer);
    this.frame = 0;
  }

  private wait(): void {
    if (!this.active) return;
    this.clock.cancel(this.timer);
    this.timer = this.clock.after(this.work.urgent ? Math.min(this.pause, 2 * shortest) : this.pause, () => this.look(true));
  }
}
