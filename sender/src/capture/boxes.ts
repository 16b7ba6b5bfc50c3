import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { isField } from "./fields.js";
import { kindOf, Pictured } from "./kind.js";
import { Hidden } from "./policy.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";
import { fieldNear, isKnown, valueOf } from "./secret.js";
import type { Entry, Tree } from "./tree.js";
import { firstElementOf, nameOf, ownText } from "./nodes.js";

/** Boxes keeps the sizes of what is redacted or hidden as they are on the page. */
export class Boxes implements Part {
  private readonly boxes = new Map<Element, string>();
  /** The sizes of what is secret, as they are while it is empty. */
  private readonly empty = new WeakMap<Element, Empty>();
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

  added(element: Element, { policy }: Entry): void {
    if (policy) this.add(element);
  }

  /** Watches an element the mirror has, if there is anything to keep from view in it. */
  private add(element: Element): void {
    const localName = nameOf(element);
    const parts = firstElementOf(element) && !isKnown(element) && !(kindOf(element) & Pictured) && this.privacy.sent(element) !== Hidden;
    if ((parts && !hasText(element)) || /^(html|body|option|br|col)$/.test(localName)) return;
    if (!this.boxes.has(element)) this.observer.observe(element);
    this.boxes.delete(element);
    this.measure(element);
  }

  /** Something in an element has changed. How often is not told: only another size is. */
  update(element: Element): void {
    if (this.boxes.has(element)) this.measure(element);
    else this.add(element);
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
    const secret = isKnown(element) ? element : fieldNear(element);
    const box = (this.privacy.sent(element) === Hidden ? "hidden" : "redacted") + (secret ? this.steadySize(element, secret) : sizeOf(element));
    if (box === this.boxes.get(element)) return;
    this.boxes.set(element, box);
    this.writer.setAttribute(this.tree.id(element), "data-qwelp-box", box);
  }

  /** The size of what is secret, or of what is around it: that which it has while the secret is empty, whatever makes it grow. */
  private steadySize(element: Element, secret: Element): string {
    const view = `${innerWidth} ${innerHeight} ${devicePixelRatio}`;
    const known = this.empty.get(element);
    const size = (): string => sizeOf(element);
    const keep = (next: Empty): string => (this.empty.set(element, next), next.size);
    if (valueOf(secret) === "") return keep({ size: size(), view, grows: grows(secret) });
    // Nothing says how it was: only what its style sheets give it does not depend on what it holds.
    if (!known) {
      const mayGrow = grows(secret) || measured(secret);
      return keep({ size: !mayGrow ? size() : element === secret ? standIn(element) : "", view, grows: mayGrow });
    }
    if (known.grows) return known.size;
    const now = size();
    if (known.view === view) return now === known.size ? now : keep({ ...known, grows: true });
    return keep({ size: now, view, grows: grows(secret) });
  }
}

/** What is known of the size of something secret while it is empty. */
interface Empty {
  readonly size: string;
  /** The viewport it had then. */
  readonly view: string;
  /** What it holds makes it another. */
  readonly grows: boolean;
}

/** Whether what an element holds decides on its size, as far as style sheets say. */
function grows(element: Element): boolean {
  return !isField(element) || getComputedStyle(element).getPropertyValue("field-sizing") === "content";
}

/** Whether a script may have measured out the size of a field. */
function measured(element: Element): boolean {
  return /(width|height|size|flex|--)[^;]*:[^;%]*\d(?!\d*%)/.test(element.getAttribute("style") ?? "") || element.hasAttribute("size");
}

/** A size that depends on the font alone, for what is no field; of a field its style sheets know one. */
function standIn(element: Element): string {
  if (isField(element)) return "";
  const { fontSize, lineHeight } = getComputedStyle(element);
  const font = parseFloat(fontSize);
  return ` ${Math.round(font * 5)} ${Math.round(parseFloat(lineHeight) || font * 1.2)}`;
}

const { getBoundingClientRect: boxOf } = Element.prototype;

function hasText(element: Element): boolean {
  return /\S/.test(ownText(element));
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
    const { width, height } = boxOf.call(element);
    const [top, bottom] = ["top", "bottom"].map((edge) => px(`padding-${edge}`) + px(`border-${edge}-width`)) as [number, number];
    const text = height - top - bottom;
    const around = ((px("line-height") || text) - text) / 2;
    size = [width, height, around - top, around - bottom, text];
  }
  return size.some(isNaN) ? "" : ` ${size.map((n) => Math.round(n * 100) / 100).join(" ")}`;
}
