import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { hasAttribute } from "./methods.js";
import type { Part } from "./part.js";
import type { Tree } from "./tree.js";

/**
 * Asked knows which attributes style sheets ask for. What only says by its name that it is there, as frameworks mark elements, is told of
 * what is redacted where a sheet asks for it, and not before.
 */
export class Asked implements Part {
  private readonly names = new Set<string>();
  private readonly waiting = new Map<string, Set<Element>>();

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
  ) {}

  reset(): void {
    this.names.clear();
    this.waiting.clear();
  }

  look(): void {}

  /** Takes note of what a style sheet asks for. */
  sheet(css: string): void {
    for (const [, name] of css.matchAll(/\[\s*([a-z]\w*-[-\w]*)/gi)) {
      if (this.names.has(name!)) continue;
      this.names.add(name!);
      for (const element of this.waiting.get(name!) ?? []) {
        if (this.tree.get(element)?.policy && hasAttribute.call(element, name!)) this.writer.setAttribute(this.tree.id(element), name!, "");
      }
      this.waiting.delete(name!);
    }
  }

  /** Whether a sheet asks for an attribute; if one does so later, it is told of the element then. */
  for(element: Element, name: string): boolean {
    if (this.names.has(name)) return true;
    const waiting = this.waiting.get(name);
    if (waiting) waiting.add(element);
    else this.waiting.set(name, new Set([element]));
    return false;
  }
}
