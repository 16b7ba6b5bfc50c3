import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { isField } from "./fields.js";
import type { Part } from "./part.js";
import { scrollLeftOf, scrollTopOf, typeOf } from "./nodes.js";
import type { Privacy } from "./privacy.js";
import { fieldNear } from "./secret.js";
import { mayScroll, type Entry, type Tree } from "./tree.js";

/** Scrolls sends how far things are scrolled. */
export class Scrolls implements Part {
  private readonly scrolled = new Set<Element | Document>();

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
  ) {}

  reset(): void {
    this.scrolled.clear();
  }

  /** Takes note of a node that has been scrolled. */
  add(target: Element | Document): void {
    this.scrolled.add(target);
  }

  added(element: Element, entry: Entry): void {
    if (mayScroll(entry) && (scrollTopOf(element) !== 0 || scrollLeftOf(element) !== 0)) this.send(element);
  }

  rooted(root: Document | ShadowRoot): void {
    const { scrollTop = 0, scrollLeft = 0 } = (root as Document).scrollingElement ?? {};
    if (scrollTop || scrollLeft) this.send(root as Document);
  }

  look(): void {
    for (const node of this.scrolled) this.send(node);
    this.scrolled.clear();
  }

  private send(target: Element | Document): void {
    // How far a field is scrolled tells how long its text is.
    const id = fieldNear(target as Element) || (isField(target as Element) && this.privacy.now(target)) ? 0 : this.tree.id(target);
    const scroller = typeOf(target) === Node.DOCUMENT_NODE ? (target as Document).scrollingElement : (target as Element);
    if (id && scroller) this.writer.scroll(id, Math.round(scrollLeftOf(scroller)), Math.round(scrollTopOf(scroller)));
  }
}
