import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { isField } from "./fields.js";
import { Hidden, type Privacy } from "./privacy.js";
import type { Tree } from "./tree.js";

/** Elements whose size their content gives, though it is not told by text. */
const replaced = /^(img|video|audio|canvas|svg|iframe|picture|progress|meter|math)$/;

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
    const box = this.privacy.sent(element) === Hidden || isField(element) || replaced.test(localName) || hasText(element);
    if (!box || /^(html|body|option|optgroup|br)$/.test(localName)) return;
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
  for (let child = element.firstChild; child; child = child.nextSibling) if (child.nodeType === Node.TEXT_NODE && /\S/.test((child as Text).data)) return true;
  return false;
}

/** The size that its style would give an element: without transformations, in fractions. Inline boxes have none but that on the screen. */
function sizeOf(element: Element): string {
  const style = getComputedStyle(element);
  const box = style.display === "inline" && style.width === "auto" ? element.getBoundingClientRect() : undefined;
  const size = [box?.width ?? parseFloat(style.width), box?.height ?? parseFloat(style.height)];
  return size.some(isNaN) ? "" : ` ${size.map((n) => Math.round(n * 100) / 100).join(" ")}${box ? " inline" : ""}`;
}
