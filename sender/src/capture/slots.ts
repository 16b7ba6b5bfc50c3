import type { Captured } from "./rare.js";

/** Slots sends what is assigned to the slots of shadow roots in which script does that. */
export class Slots {
  private told = new WeakMap<HTMLSlotElement, string>();

  constructor(private readonly captured: Pick<Captured, "writer" | "tree">) {}

  reset(): void {
    this.told = new WeakMap();
  }

  look(roots: Iterable<Document | ShadowRoot>): void {
    const { tree, writer } = this.captured;
    for (const root of roots) {
      if ((root as ShadowRoot).slotAssignment !== "manual") continue;
      for (const slot of root.querySelectorAll("slot")) {
        const id = tree.id(slot);
        const nodes = slot.assignedNodes().map((node) => tree.id(node)).filter(Boolean);
        const now = `${id} ${nodes}`;
        if (!id || now === (this.told.get(slot) ?? `${id} `)) continue;
        this.told.set(slot, now);
        writer.assign(id, nodes);
      }
    }
  }
}
