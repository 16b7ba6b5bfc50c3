import { hook, type PageListener } from "./hooks.js";
import { listen, type InputSink } from "./input.js";
import type { Part } from "./part.js";
import { discover } from "./secret.js";
import type { Tree } from "./tree.js";

/** Listening listens, in every document and shadow root the mirror has, to what happens there. */
export class Listening implements Part {
  /** The roots the mirror has, with what stops listening to them. */
  readonly roots = new Map<Document | ShadowRoot, () => void>();

  constructor(
    private readonly tree: Tree,
    private readonly sink: InputSink & PageListener,
  ) {}

  reset(): void {
    this.stop();
  }

  stop(): void {
    for (const stop of this.roots.values()) stop();
    this.roots.clear();
  }

  rooted(root: Document | ShadowRoot): void {
    discover(root);
    this.roots.get(root)?.();
    const stops = [listen(root, this.sink)];
    const view = root !== document && (root as Document).defaultView;
    if (view) stops.push(hook(view as Window & typeof globalThis, this.sink));
    this.roots.set(root, () => stops.forEach((stop) => stop()));
  }

  /** Leaves the roots that the mirror does not have any more. */
  look(all: boolean): void {
    if (!all) return;
    for (const [root, stop] of this.roots) {
      if (this.tree.id(root)) continue;
      stop();
      this.roots.delete(root);
    }
  }
}
