import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler, type Clock } from "./scheduler.js";

/** A clock that stands still until a test moves it. Frames are painted every 16 ms, unless the page is hidden. */
class Time implements Clock {
  at = 0;
  hidden = false;
  private last = 0;
  readonly planned = new Map<number, { at: number; run: () => void; frame: boolean }>();

  now(): number {
    return this.at;
  }

  after(ms: number, run: () => void, frame = false): number {
    this.planned.set(++this.last, { at: this.at + ms, run, frame });
    return this.last;
  }

  frame(run: () => void): number {
    return this.after(16, run, true);
  }

  cancel(timer: number): void {
    this.planned.delete(timer);
  }

  cancelFrame(frame: number): void {
    this.planned.delete(frame);
  }

  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const due = [...this.planned].filter(([, { at, frame }]) => at <= end && !(frame && this.hidden)).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.planned.delete(due[0]);
      this.at = Math.max(this.at, due[1].at);
      due[1].run();
    }
    this.at = end;
  }
}

function begin(): { time: Time; scheduler: Scheduler; looks: [number, boolean][]; state: { found: boolean; urgent: boolean; error: unknown; broken: boolean } } {
  const time = new Time();
  const looks: [number, boolean][] = [];
  const state = { found: false, urgent: false, error: undefined as unknown, broken: false };
  const scheduler = new Scheduler({
    look(all) {
      looks.push([time.at, all]);
      if (state.broken) throw new Error("broken");
      return state.found;
    },
    failed: (error) => (state.error = error),
    get urgent() { return state.urgent; },
  }, time);
  return { time, scheduler, looks, state };
}

test("at rest the looks become rarer, up to one in two seconds, and each of these is at everything", () => {
  const { time, scheduler, looks } = begin();
  scheduler.start();
  time.pass(10_000);
  assert.deepEqual(looks, [[100, false], [300, false], [700, false], [1_500, true], [3_100, true], [5_100, true], [7_100, true], [9_100, true]]);
});

test("what has happened is looked at before the next frame, once, and soon after", () => {
  const { time, scheduler, looks } = begin();
  scheduler.start();
  time.pass(9_000);
  looks.length = 0;
  scheduler.soon();
  scheduler.soon();
  time.pass(400);
  assert.deepEqual(looks.map(([at]) => at), [9_016, 9_116, 9_316]);
});

test("a page that paints nothing is looked at all the same", () => {
  const { time, scheduler, looks } = begin();
  time.hidden = true;
  scheduler.start();
  scheduler.soon();
  time.pass(60);
  assert.deepEqual(looks.map(([at]) => at), [50]);
});

test("while something happens all the time, everything is looked at once a second", () => {
  const { time, scheduler, looks } = begin();
  scheduler.start();
  for (let at = 0; at < 5_000; at += 16) {
    scheduler.soon();
    time.pass(16);
  }
  assert.equal(looks.filter(([, all]) => all).length, 4);
});

test("as long as looks find what nothing has reported, they stay frequent", () => {
  const { time, scheduler, looks, state } = begin();
  scheduler.start();
  time.pass(10_000);
  looks.length = 0;
  state.found = true;
  time.pass(3_000);
  assert.ok(looks.length >= 10, `${looks.length} looks`);
});

test("what is urgent is looked at every 200 ms", () => {
  const { time, scheduler, looks, state } = begin();
  state.urgent = true;
  scheduler.start();
  time.pass(10_000);
  assert.equal(looks.length, 50);
});

test("an error ends everything and is reported", () => {
  const { time, scheduler, looks, state } = begin();
  scheduler.start();
  state.broken = true;
  time.pass(10_000);
  assert.equal(looks.length, 1);
  assert.match(String(state.error), /broken/);
  assert.equal(time.planned.size, 0);
});

test("once it has been stopped nothing is planned", () => {
  const { time, scheduler } = begin();
  scheduler.start();
  scheduler.soon();
  scheduler.next(() => assert.fail());
  scheduler.stop();
  scheduler.soon();
  assert.equal(time.planned.size, 0);
});
