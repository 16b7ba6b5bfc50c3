import { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Output } from "./output.js";

/** Pointer sends where the customer's pointer is, at most once for each frame that is painted. */
export class Pointer {
  private readonly writer = new FrameWriter();
  private seq = 0;
  private at: [number, number] | undefined;

  /** run calls what it gets unless nothing is captured any more. */
  constructor(
    private readonly output: Pick<Output, "pointer">,
    private readonly run: (send: () => void) => void,
  ) {}

  /** The pointer is at a place of the top viewport. */
  move(x: number, y: number): void {
    if (!this.at) requestAnimationFrame(() => this.send());
    this.at = [x, y];
  }

  private send(): void {
    const [x, y] = this.at!;
    this.at = undefined;
    this.run(() => {
      this.writer.pointerMove(++this.seq, x, y);
      this.output.pointer(this.writer.take());
    });
  }
}
