import type { Carried } from "./carriers.js";

/** What is known of the rules of a sheet. */
export interface Read {
  readonly count: number;
  readonly carried: Carried;
}

/** ShownNotes is what is noted of a page while it is sent, for Shown, which is loaded later, to find what shows images and fonts. */
export class ShownNotes {
  readonly roots = new Set<Document | ShadowRoot>();
  /** Elements whose style attribute names files, properties or animations. */
  readonly styled = new Set<Element>();
  /** Style sheets of ours, by the documents they are for. */
  readonly own = new Map<Document, CSSStyleSheet>();
  /** Of elements: rules for others are not looked at. */
  readonly classes = new Set<string>();
  readonly read = new WeakMap<CSSStyleSheet, Read>();
  readonly rules = new WeakMap<CSSStyleSheet, WeakMap<CSSRule, Carried>>();
  /** What stands for sheets whose rules the page may not read. */
  readonly foreign = new WeakMap<CSSStyleSheet, CSSStyleSheet>();
  private readonly classTexts = new Set<string>();

  reset(): void {
    this.roots.clear();
    this.styled.clear();
    this.own.clear();
  }

  /** Takes note of the classes of an element. */
  seeClasses(text: string): void {
    if (this.classTexts.has(text)) return;
    this.classTexts.add(text);
    for (const name of text.toLowerCase().split(/\s+/)) this.classes.add(name);
  }

  /** The rules of a sheet are others, or one of them is. */
  edited(sheet: CSSStyleSheet, rule: CSSRule | undefined): void {
    if (rule) this.rules.get(sheet)?.delete(rule);
    else this.rules.delete(sheet);
    this.read.delete(sheet);
  }

  /** Takes the text of a sheet whose rules the page may not read. */
  setText(sheet: CSSStyleSheet, text: string): void {
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(text);
    this.foreign.set(sheet, parsed);
  }
}
