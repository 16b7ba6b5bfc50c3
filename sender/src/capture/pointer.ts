import { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Output } from "./output.js";

// Places get lost on their way, and are dropped where others wait to be sent. Where the pointer rests is sent again so long after it has come there.
const repeated = [200, 1_000]; // ms

/** Pointer sends where the customer's pointer is, at most once for each frame that is painted. */
export class Pointer {
  private readonly writer = new FrameWriter();
  private seq = 0;
  private at: [number, number] | undefined;
  private waiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** run calls what it gets unless nothing is captured any more. */
  constructor(
    private readonly output: Pick<Output, "pointer">,
    private readonly run: (send: () => void) => void,
  ) {}

  /** The pointer is at a place of the top viewport. */
  move(x: number, y: number): void {
    if (!this.waiting) requestAnimationFrame(() => this.send());
    this.waiting = true;
    this.at = [x, y];
  }

  private send(): void {
    this.waiting = false;
    this.rests();
  }

  /** Sends where the pointer rests, now and again: to whoever has come to see it, too. */
  rests(times = 0): void {
    clearTimeout(this.timer);
    if (!this.at) return;
    const [x, y] = this.at;
    this.run(() => {
      this.writer.pointerMove(++this.seq, x, y);
      this.output.pointer(this.writer.take());
      if (times < repeated.length) this.timer = setTimeout(() => this.rests(times + 1), repeated[times]);
    });
  }
}
