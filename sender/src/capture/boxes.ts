import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { kindOf, Pictured } from "./kind.js";
import { Hidden } from "./policy.js";
import type { Privacy } from "./privacy.js";
import type { Tree } from "./tree.js";

/** Boxes keeps the sizes of what is redacted or hidden as they are on the page. */
export class Boxes {
  private readonly boxes = new Map<Element, string>();
  private readonly observer = new ResizeObserver(() => this.changed());
  /** Some may have another size. */
  private due = false;

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
    private readonly noticed: () => void,
  ) {}

  reset(): void {
    this.boxes.clear();
    this.observer.disconnect();
  }

  /** Something has happened that may have changed sizes. */
  changed(): void {
    this.due = this.boxes.size > 0;
    if (this.due) this.noticed();
  }

  /** Watches an element the mirror has, if there is anything to keep from view in it. */
  add(element: Element): void {
    const { localName } = element;
    const parts = element.firstElementChild && !(kindOf(element) & Pictured) && this.privacy.sent(element) !== Hidden;
    if ((parts && !hasText(element)) || /^(html|body|option|br|col)$/.test(localName)) return;
    if (!this.boxes.has(element)) this.observer.observe(element);
    this.boxes.delete(element);
    this.measure(element);
  }

  look(): void {
    if (!this.due) return;
    this.due = false;
    for (const element of this.boxes.keys()) {
      if (this.tree.id(element)) this.measure(element);
      else {
        this.boxes.delete(element);
        this.observer.unobserve(element);
      }
    }
  }

  private measure(element: Element): void {
    const box = (this.privacy.sent(element) === Hidden ? "hidden" : "redacted") + sizeOf(element);
    if (box === this.boxes.get(element)) return;
    this.boxes.set(element, box);
    this.writer.setAttribute(this.tree.id(element), "data-qwelp-box", box);
  }
}

function hasText(element: Element): boolean {
  return Array.from(element.childNodes).some((child) => child.nodeType === Node.TEXT_NODE && /\S/.test((child as Text).data));
}

/**
 * The size that its style would give an element: without transformations, in fractions. An inline box has none: it takes room in its line by
 * the height of the line, wherever its edges are, and three more numbers tell how a block can do the same.
 */
function sizeOf(element: Element): string {
  const style = getComputedStyle(element);
  const px = (name: string): number => parseFloat(style.getPropertyValue(name));
  let size = [px("width"), px("height")];
  if (style.display === "inline" && style.width === "auto") {
    const { width, height } = element.getBoundingClientRect();
    const [top, bottom] = ["top", "bottom"].map((edge) => px(`padding-${edge}`) + px(`border-${edge}-width`)) as [number, number];
    const text = height - top - bottom;
    const around = ((px("line-height") || text) - text) / 2;
    size = [width, height, around - top, around - bottom, text];
  }
  return size.some(isNaN) ? "" : ` ${size.map((n) => Math.round(n * 100) / 100).join(" ")}`;
}
