import { hook, type PageListener } from "./hooks.js";
import { listen, type InputSink } from "./input.js";
import { typeOf } from "./nodes.js";
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

  private readonly elements = new Map<Document, Element | null>(); // of documents, as they were when we began to listen

  reset(): void {
    this.stop();
  }

  stop(): void {
    for (const stop of this.roots.values()) stop();
    this.roots.clear();
    this.elements.clear();
  }

  rooted(root: Document | ShadowRoot): void {
    discover(root);
    this.hear(root);
  }

  private hear(root: Document | ShadowRoot): void {
    this.roots.get(root)?.();
    const stops = [listen(root, this.sink)];
    if (typeOf(root) === Node.DOCUMENT_NODE) this.elements.set(root as Document, (root as Document).documentElement);
    const view = root !== document && (root as Document).defaultView;
    if (view) stops.push(hook(view as Window & typeof globalThis, this.sink));
    this.roots.set(root, () => stops.forEach((stop) => stop()));
  }

  /** Leaves the roots that the mirror does not have any more. */
  look(all: boolean): void {
    // document.open() takes all listeners away, and has the page write another root.
    for (const [doc, element] of this.elements) {
      if (!this.tree.id(doc)) this.elements.delete(doc);
      else if (doc.documentElement !== element) this.hear(doc);
    }
    if (!all) return;
    for (const [root, stop] of this.roots) {
      if (this.tree.id(root)) continue;
      stop();
      this.roots.delete(root);
    }
  }
}
