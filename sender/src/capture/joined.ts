import type { QwelpSettings } from "../settings.gen.js";
import type { Frames } from "./frames.js";

/** Joined loads the code for pages of other origins in frames when a page has one that may join. Without it they stay empty. */
export class Joined {
  private frames: Promise<Frames> | undefined;

  constructor(
    private readonly settings: () => QwelpSettings,
    private readonly make: (type: typeof Frames) => Frames,
  ) {}

  /** Has the page in an iframe that the mirror has just got captured by its own sender, if both want it. */
  add(element: Element): void {
    if (!this.settings().frames) return;
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
