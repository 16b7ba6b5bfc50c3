import type { Edit } from "./hooks.js";
import { look, mayMask, noticeFonts, noticeRules, noticeSheet } from "./secret.js";

/** Lookout sees, before anything is sent, what has become secret: what has been typed, and styles that mask letters on the screen. */
export class Lookout {
  private readonly restyled = new Map<CSSStyleSheet, boolean>(); // true: its rules may be others than they were
  private readonly rules = new Set<CSSRule>(); // that may be others, of sheets whose other rules are not
  private masked = false;

  /** roots are the documents and shadow roots the mirror has. */
  constructor(private readonly roots: ReadonlyMap<Document | ShadowRoot, unknown>) {}

  /** A page begins, of which all that may mask something is known. */
  reset(): void {
    this.masked = mayMask();
    this.restyled.clear();
    this.rules.clear();
  }

  edited(sheet: CSSStyleSheet | undefined, how: Edit, rule?: CSSRule): void {
    if (rule) this.rules.add(rule);
    else if (sheet) this.restyled.set(sheet, this.restyled.get(sheet) || how !== "inserted");
  }

  adopted(root: Document | ShadowRoot): void {
    for (const sheet of root.adoptedStyleSheets) this.edited(sheet, "inserted");
  }

  /** Looks; all: also at what no hook tells. True: something may mask now where nothing did, and the mirror may have what it masks. */
  look(all: boolean): boolean {
    for (const root of all ? this.roots.keys() : []) {
      if ("fonts" in root) noticeFonts(root);
      for (const sheet of root.styleSheets) this.edited(sheet, "inserted");
    }
    for (const [sheet, edited] of this.restyled) noticeSheet(sheet, edited);
    if (this.rules.size > 0) noticeRules(this.rules, true);
    this.restyled.clear();
    this.rules.clear();
    look();
    const before = this.masked;
    this.masked = mayMask();
    return !before && this.masked;
  }
}
