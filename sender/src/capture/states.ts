import { allMatches } from "../platform/texts.js";
import { parentOf, typeOf } from "./nodes.js";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { outer, slotsOf } from "./flat.js";
import { innermost } from "./focus.js";
import { matches } from "./methods.js";
import type { Privacy } from "./privacy.js";
import { Stateful } from "./kind.js";
import type { Part } from "./part.js";
import type { Entry, Tree } from "./tree.js";

/** The pseudo-classes that the mirror's own elements do not match as the customer's do. */
const asked = /:((?:hover|active|focus|focus-visible|focus-within|target|(?:user-)?(?:in)?valid|(?:-webkit-)?autofill|defined|open|fullscreen|-webkit-full-screen|picture-in-picture|interest-(?:source|target)|(?:play|seek|buffer)ing|paused|muted|stalled|volume-locked)(?![-\w(\\])|state\(\s*[-\w]+\s*\))/g;
const most = 200; // pseudo-classes
const ofPath = /^(hover|active|focus|.*full-?screen)/;
const anywhere = /^(target|interest)/;

/** States sends which elements match the pseudo-classes that the page's style sheets ask for. */
export class States implements Part {
  private readonly told = new Map<string, string>();
  private readonly elements = new Set<Element>();
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
    this.told.set("fullscreen", ""); // has styles of the browser
    this.elements.clear();
    this.changed = true;
  }

  added(element: Element, { kind, policy }: Entry): void {
    if (!(kind & Stateful) || policy) return;
    this.mayChange();
    this.elements.add(element);
  }

  /** Takes note of what a style sheet asks for. */
  sheet(css: string): void {
    for (const [, name] of allMatches(css, asked)) {
      if (this.told.has(name!) || this.told.size > most) continue;
      this.told.set(name!, "");
      this.mayChange();
    }
  }

  /** Elements may match others now. */
  mayChange(): void {
    this.changed = true;
  }

  look(all: boolean): void {
    if (all) this.mayChange();
    for (const element of this.changed ? this.elements : []) if (!this.tree.id(element)) this.elements.delete(element);
    for (const [name, before] of this.told) {
      if (ofPath.test(name)) this.tell(name, before, path(/^[ha]/.test(name) ? this.over : innermost(document, name.startsWith("focus") ? "activeElement" : "fullscreenElement")));
      else if (this.changed) this.tell(name, before, anywhere.test(name) ? document.querySelectorAll(":" + name) : this.open());
    }
    this.changed = false;
  }

  private tell(name: string, before: string, elements: Iterable<Element>): void {
    const nodes: number[] = [];
    const selector = name === "defined" ? ":not(:defined)" : `:${name}`;
    for (const element of elements) {
      const id = this.tree.id(element);
      try {
        if (id && matches.call(element, selector) && !(/valid/.test(name) && this.holdsSecret(element))) nodes.push(id);
      } catch {
        return; // Unknown to this browser, and so to its page.
      }
    }
    const now = nodes.join();
    if (now === before) return;
    this.told.set(name, now);
    this.writer.pseudo(name, nodes);
  }

  /** The elements of which states may be told that nothing but the browser knows. */
  private *open(): Generator<Element> {
    for (const element of this.elements) if (!this.privacy.now(element)) yield element;
  }

  /** What a form matches tells of its fields, of which some may be redacted. */
  private holdsSecret(element: Element): boolean {
    return Array.from((element as HTMLFormElement).elements ?? []).some((field) => this.privacy.now(field));
  }
}

/** An element with all it is shown in, and the fields it labels. */
function path(element: Element | null | undefined): Set<Element> {
  const elements = new Set<Element>();
  for (let next: Node | null | undefined = element; next; next = slotsOf(parentOf(next))?.(next) ?? outer(next)) {
    if (typeOf(next) !== Node.ELEMENT_NODE) continue;
    elements.add(next as Element);
    const { control } = next as HTMLLabelElement;
    if (control) elements.add(control);
  }
  return elements;
}
