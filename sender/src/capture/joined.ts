import type { QwelpSettings } from "../settings.gen.js";
import { Frame } from "./kind.js";
import type { Part } from "./part.js";
import type { Entry } from "./tree.js";
import type { Frames } from "./frames.js";

/** Joined loads the code for pages of other origins in frames when a page has one that may join. Without it they stay empty. */
export class Joined implements Part {
  private frames: Promise<Frames> | undefined;

  constructor(
    private readonly settings: () => QwelpSettings,
    private readonly make: (type: typeof Frames) => Frames,
  ) {}

  reset(): void {}

  look(): void {
    this.run((frames) => frames.look());
  }

  /** Has the page in an iframe captured by its own sender, if both want it. */
  added(element: Element, { kind }: Entry): void {
    if (!(kind & Frame) || !this.settings().frames) return;
    this.frames ??= import("./frames.js").then(({ Frames }) => this.make(Frames));
    this.run((frames) => frames.add(element as HTMLIFrameElement));
  }

  /** Asks the page in a frame for a new snapshot: the frame by number, those in it behind it. */
  resync(path: readonly number[]): void {
    this.run((frames) => frames.resync(path));
  }

  end(): void {
    this.run((frames) => frames.end());
  }

  private run(use: (frames: Frames) => void): void {
    this.frames?.then(use).catch(() => undefined);
  }
}
