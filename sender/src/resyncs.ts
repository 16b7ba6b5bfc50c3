const shortest = 250; // ms until a snapshot that is asked for
const longest = 8_000;
const calm = 5_000; // ms beyond a pause, after which the next is the shortest again
const deepest = 8; // frames in frames, as consoles show them
const most = 200; // pages in frames, of all agents, for which one is due or was

/** Pace is how fast the same may be asked for: twice as slowly each time, until it is not asked for a while. */
export class Pace {
  private pause = 0;
  private last = -Infinity;

  /** Returns how long to wait, in milliseconds, at now. */
  next(now: number): number {
    this.pause = now - this.last > this.pause + calm ? shortest : Math.min(longest, 2 * this.pause);
    this.last = now;
    return this.pause;
  }
}

/**
 * Resyncs makes the snapshots that agents ask for, of the page or of one in a frame, each of which costs the customer's browser something: ever more slowly for an
 * agent that asks again and again, and once for all who ask meanwhile.
 */
export class Resyncs {
  private readonly asked = new Map<string, { readonly pace: Pace; timer: number }>(); // by agent and frames

  /** make makes a snapshot; frames are those of Resync, empty for the page. */
  constructor(private readonly make: (frames: readonly number[]) => void) {}

  ask(agent: string, frames: readonly number[]): void {
    const key = `${agent} ${frames}`;
    const one = this.asked.get(key) ?? { pace: new Pace(), timer: 0 };
    if (one.timer || frames.length > deepest || (this.asked.size === most && !this.asked.has(key))) return;
    this.asked.set(key, one);
    one.timer = window.setTimeout(() => {
      one.timer = 0;
      this.make(frames);
    }, one.pace.next(performance.now()));
  }

  /** The page is snapshotted, and what is in its frames: all have what they have asked for. */
  made(): void {
    for (const one of this.asked.values()) {
      clearTimeout(one.timer);
      one.timer = 0;
    }
  }

  /** The session is over. */
  forget(): void {
    this.made();
    this.asked.clear();
  }
}
