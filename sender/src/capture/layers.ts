import { hasAttribute, matches } from "./methods.js";
import { nameOf } from "./nodes.js";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { TopLayerModal, TopLayerNone, TopLayerPopover } from "../../../signal/wire/wire.gen.js";
import { Layer } from "./kind.js";
import type { Part } from "./part.js";
import type { Entry, Tree } from "./tree.js";

/** Layers sends which dialogs and popovers are in the top layer. */
export class Layers implements Part {
  private readonly kinds = new Map<Element, number>();

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
  ) {}

  reset(): void {
    this.kinds.clear();
  }

  added(element: Element, { kind }: Entry): void {
    // What was sent of it before is gone.
    if (this.kinds.size > 0) this.kinds.delete(element);
    if (kind & Layer) this.add(element);
  }

  attributed(element: Element, _: Entry, name: string): void {
    if (name === "popover") this.add(element);
  }

  /** Watches a dialog or popover. */
  private add(element: Element): void {
    if (nameOf(element) !== "dialog" && !hasAttribute.call(element, "popover")) return;
    const id = this.tree.id(element);
    if (!id) {
      this.kinds.delete(element);
      return;
    }
    const kind = kindOf(element);
    if ((this.kinds.get(element) ?? 0) !== kind) this.writer.topLayer(id, kind);
    this.kinds.set(element, kind);
  }

  look(): void {
    for (const element of this.kinds.keys()) this.add(element);
  }
}

/** How an element is in the top layer by itself, as the operation topLayer tells it. */
function kindOf(element: Element): number {
  try {
    if (nameOf(element) === "dialog" && matches.call(element, ":modal")) return TopLayerModal;
    if (hasAttribute.call(element, "popover") && matches.call(element, ":popover-open")) return TopLayerPopover;
  } catch {
    // Older browsers know neither.
  }
  return TopLayerNone;
}
