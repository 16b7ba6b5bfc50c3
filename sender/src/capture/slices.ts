import { quietly } from "./quiet.js";

const slice = 8; // ms of work at a time
const rest = 9; // times as long as a look took, nothing is looked at
const longestRest = 500; // ms
const later = 300; // ms after a change there is a last look: what begins with a change may end, or show, by itself

/** Slices runs looks, each a generator, in slices: one after something has changed, and one when that has come to rest. */
export class Slices {
  private running: Generator<void> | undefined;
  private due = false;
  private last = 0; // when the last look after a change is due; 0: not
  private spent = 0;
  private ready = 0; // when the next look may begin
  private timer = 0;

  constructor(private readonly begin: () => Generator<void>) {}

  changed(): void {
    this.due = true;
    this.last = performance.now() + later;
  }

  stop(): void {
    this.running = undefined;
    this.due = false;
    this.last = this.ready = 0;
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** Goes on with a look, or begins one if it is due. */
  run(): void {
    quietly(() => this.step());
  }

  private step(): void {
    const start = performance.now();
    if (!this.running) {
      if (!this.due) return;
      if (start < this.ready) return this.wait(this.ready - start);
      this.running = this.begin();
      this.due = false;
      this.spent = 0;
    }
    let done = false;
    let now = start;
    try {
      while (!done && now - start < slice) {
        done = !!this.running.next().done;
        now = performance.now();
      }
    } catch {
      done = true; // One thing that cannot be looked at costs this look, and nothing else.
    }
    this.spent += now - start;
    if (!done) return this.wait(this.last > now ? 0 : slice);
    this.running = undefined;
    this.ready = now + Math.min(longestRest, rest * this.spent);
    if (this.due) this.wait(this.ready - now);
    else if (this.last > 0) {
      this.wait(Math.max(this.last, this.ready) - now, true);
      this.last = 0;
    }
  }

  private wait(time: number, last = false): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (last) this.due = true;
      this.run();
    }, time);
  }
}
