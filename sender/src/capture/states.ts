import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { isField } from "./fields.js";
import { activeElement } from "./focus.js";
import type { Privacy } from "./privacy.js";
import type { Tree } from "./tree.js";

/** The pseudo-classes that the mirror's own elements do not match as the customer's do. */
const asked = /:((?:hover|active|focus|focus-visible|focus-within|target|(?:user-)?(?:in)?valid|(?:-webkit-)?autofill|defined)(?![-\w(\\])|state\(\s*[-\w]+\s*\))/g;
const most = 200; // pseudo-classes
const ofPath = /^(hover|active|focus)/;
const ofCustom = /^(state|defined)/;

/** States sends which elements match the pseudo-classes that the page's style sheets ask for. */
export class States {
  private readonly told = new Map<string, string>();
  private readonly fields = new Set<Element>();
  private readonly customs = new Set<Element>();
  private changed = true;
  /** What the pointer was last over. */
  over: Element | undefined;

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
  ) {
    this.reset();
  }

  reset(): void {
    this.over ??= [...document.querySelectorAll(":hover")].pop();
    this.told.clear();
    this.told.set("focus-visible", ""); // decides whether browsers draw a ring
    this.fields.clear();
    this.customs.clear();
    this.changed = true;
  }

  /** Takes note of an element the mirror has just got. */
  add(element: Element): void {
    const set = isField(element) ? this.fields : element.localName.includes("-") ? this.customs : undefined;
    if (!set || this.privacy.sent(element)) return;
    this.mayChange();
    set.add(element);
  }

  /** Takes note of what a style sheet asks for. */
  sheet(css: string): void {
    for (const [, name] of css.matchAll(asked)) {
      if (this.told.has(name!) || this.told.size > most) continue;
      this.told.set(name!, "");
      this.mayChange();
    }
  }

  /** Fields and custom elements may match others now. */
  mayChange(): void {
    this.changed = true;
  }

  look(): void {
    for (const set of this.changed ? [this.fields, this.customs] : []) for (const element of set) if (!this.tree.id(element)) set.delete(element);
    const focused = activeElement(document);
    for (const [name, before] of this.told) {
      if (ofPath.test(name)) this.tell(name, before, path(name.startsWith("focus") ? focused : this.over));
      else if (this.changed) this.tell(name, before, ofCustom.test(name) ? this.customs : name === "target" ? document.querySelectorAll(":target") : this.fields);
    }
    this.changed = false;
  }

  private tell(name: string, before: string, elements: Iterable<Element>): void {
    const nodes: number[] = [];
    const selector = name === "defined" ? ":not(:defined)" : `:${name}`;
    for (const element of elements) {
      const id = this.tree.id(element);
      try {
        if (id && element.matches(selector)) nodes.push(id);
      } catch {
        return; // Unknown to this browser, and so to its page.
      }
    }
    const now = nodes.join();
    if (now === before) return;
    this.told.set(name, now);
    this.writer.pseudo(name, nodes);
  }
}

/** An element with all it is shown in, and the fields it labels. */
function path(element: Element | null | undefined): Set<Element> {
  const elements = new Set<Element>();
  for (let next: Node | null | undefined = element; next; next = outer(next)) {
    if (next.nodeType !== Node.ELEMENT_NODE) continue;
    elements.add(next as Element);
    const { control } = next as HTMLLabelElement;
    if (control) elements.add(control);
  }
  return elements;
}

/** What a node is shown in, also across shadow roots and frames. */
function outer(node: Node): Node | null | undefined {
  return (node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host ?? (node as Document).defaultView?.frameElement;
}
