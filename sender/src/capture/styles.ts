import { Asked } from "./asked.js";
import { mender } from "./css.js";
import type { Part } from "./part.js";
import type { Policy } from "./policy.js";
import type { Sheets } from "./sheets.js";
import { Sources } from "./sources.js";
import type { Tree } from "./tree.js";

/** What capture gives Styles. */
export interface Styled {
  readonly tree: Tree;
  readonly sheets: Sheets;
  readonly roots: ReadonlyMap<Document | ShadowRoot, unknown>;
  /** Sends an attribute that style sheets have come to ask for. */
  late(element: Element, name: string): void;
}

/** Styles is what is to be known of style sheets beyond their text: styles.js, which is loaded when a session begins. */
export class Styles implements Part {
  private readonly asked: Asked;
  private readonly sources: Sources;

  /** mending is where capture looks for what mends rules. */
  constructor(private readonly captured: Styled, mending: typeof mender) {
    this.asked = new Asked(() => captured.tree.count);
    this.sources = new Sources(captured.sheets.source, (sheet) => captured.sheets.again(sheet));
    mending.mend = this.sources.mend;
  }

  reset(): void {
    this.asked.reset();
  }

  sheet(css: string): void {
    this.asked.sheet(css);
  }

  given(css: string): void {
    this.sources.given(css);
  }

  /** Sends what sheets have come to ask for of elements that the mirror has. */
  look(): void {
    const names = this.asked.late();
    if (names.size === 0) return;
    const { tree, roots } = this.captured;
    const selector = Array.from(names, (name) => `[${CSS.escape(name)}]`).join();
    for (const root of roots.keys()) {
      for (const element of root.querySelectorAll(selector)) {
        for (const name of tree.id(element) ? attributeNames.call(element) : []) {
          if (names.has(name.toLowerCase()) && this.asked.missed(tree.id(element), name.toLowerCase())) this.captured.late(element, name);
        }
      }
    }
  }

  value(element: Element, name: string, value: string, policy: Policy, plain: string | undefined): string | undefined {
    return this.asked.value(element, name, value, policy, plain);
  }
}

const { getAttributeNames: attributeNames } = Element.prototype;
