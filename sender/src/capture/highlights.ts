import type { wrap } from "./hooks.js";
import { firstOf, nextOf, typeOf } from "./nodes.js";
import type { Captured } from "./rare.js";

const most = 10_000; // ranges
const moves = ["setStart", "setEnd", "setStartBefore", "setStartAfter", "setEndBefore", "setEndAfter", "collapse", "selectNode", "selectNodeContents"];

type Registry = Map<string, Highlight>;

/** What a document marks; not every browser can. */
export function registryOf(root: Document | ShadowRoot): Registry | undefined {
  return (root as { defaultView?: (Window & typeof globalThis) | null }).defaultView?.CSS.highlights as Registry | undefined;
}

/** Highlights sends what CSS.highlights marks, of which neither the document nor a style sheet says where it is: highlights.js, loaded when there is some. */
export class Highlights {
  private readonly sent = new Map<Document, Map<string, string>>();
  private readonly hooked = new Set<Window>();
  private readonly undo: (() => void)[] = [];

  constructor(private readonly captured: Pick<Captured, "writer" | "tree" | "asItIs" | "stated">, private readonly hook: typeof wrap) {}

  reset(): void {
    this.sent.clear();
  }

  end(): void {
    for (const each of this.undo.splice(0)) each();
    this.hooked.clear();
  }

  look(roots: Iterable<Document | ShadowRoot>): void {
    for (const root of roots) {
      const registry = registryOf(root);
      if (!registry || (registry.size === 0 && !this.sent.has(root as Document))) continue;
      this.hear((root as Document).defaultView!);
      this.send(root as Document, registry);
    }
  }

  /** A range that script moves is reported by nothing. */
  private hear(view: Window): void {
    if (this.hooked.has(view)) return;
    this.hooked.add(view);
    const { prototype } = (view as Window & typeof globalThis).Range;
    for (const name of moves) this.hook(this.undo, prototype, name, "value", () => this.captured.stated());
  }

  private send(root: Document, registry: Registry): void {
    const { writer, tree } = this.captured;
    const id = tree.id(root);
    let sent = this.sent.get(root);
    if (!sent) this.sent.set(root, (sent = new Map()));
    const now = new Map<string, Highlight>();
    registry.forEach((highlight, name) => {
      if (name.length <= 100) now.set(name, highlight);
    });
    // The order counts where priorities are the same.
    const stays = [...now.keys()].filter((name) => sent.has(name));
    let next = 0;
    for (const name of [...sent.keys()]) {
      if (stays[next] === name) next++;
      else {
        sent.delete(name);
        writer.highlight(id, name, "", 0, []);
      }
    }
    let room = most;
    now.forEach((highlight, name) => {
      const ranges: number[] = [];
      highlight.forEach((range) => {
        const start = this.place(range.startContainer, range.startOffset);
        const end = this.place(range.endContainer, range.endOffset);
        if (start && end && room-- > 0) ranges.push(...start, ...end, "setStart" in range ? 0 : 1);
      });
      const { type, priority } = highlight;
      const text = `${type} ${priority} ${ranges.join()}`;
      if (sent.get(name) === text) return;
      sent.set(name, text);
      writer.highlight(id, name, type, priority, ranges);
    });
  }

  /** Where something is in what the mirror has. */
  private place(node: Node, offset: number): readonly [number, number] | undefined {
    const { tree } = this.captured;
    if (!this.captured.asItIs(node)) return undefined;
    const { id, children } = tree.get(node)!;
    if (typeOf(node) === Node.TEXT_NODE) return [id, offset];
    let child = firstOf(node);
    for (let i = 0; child && (i < offset || !children.includes(child)); i++) child = nextOf(child);
    return [id, child ? children.indexOf(child) : children.length];
  }
}
