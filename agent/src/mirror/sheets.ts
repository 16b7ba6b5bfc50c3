import type { Assets } from "./assets.js";
import { safeCSS, type SafeCSS } from "./css.js";
import { documentOf } from "./dom.js";
import { maxRules } from "./limits.js";
import { formStandIn } from "./names.js";
import { readRules, withoutRules, type Rule } from "./rules.js";
import type { Styles } from "./survey.js";
import { Refused, type Entry } from "./tree.js";

export interface Sheet {
  /** Its text: all of it, or a rule each. */
  pieces: string[];
  assets: readonly number[];
  /** The element it belongs to. */
  readonly style: HTMLStyleElement | undefined;
  /** A constructed sheet belongs to the document it was made for. */
  readonly made: Map<Document, CSSStyleSheet>;
  /** Its rules as the browser has them, and the selectors of those that are left out. */
  rules: readonly Rule[] | undefined;
  leftOut: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Where no script runs, browsers give every video controls, which have nothing to play; the console says how one plays. What fills the
 * customer's screen is shown as a popover is, without its looks. What stands for passwords and forms looks as these do.
 */
const ours = `video::-webkit-media-controls { display: none !important }
@layer qwelp {
input[qwelp-type="password" i] { -webkit-text-security: disc !important }
:is(table, thead, tbody, tfoot, tr) > ${formStandIn}[qwelp-form] { display: none !important }
[qwelp-fullscreen]:popover-open {
  inset: 0 !important; margin: 0 !important; width: 100% !important; height: 100% !important; max-width: none !important; max-height: none !important;
  min-width: 0 !important; min-height: 0 !important; box-sizing: border-box !important; border: 0; padding: 0; background: none; color: inherit;
  overflow: visible; object-fit: contain;
} [qwelp-fullscreen]::backdrop { background: black } }`;

/** And what forms have in the mode of old pages. */
const oursInQuirks = `@layer qwelp { ${formStandIn}[qwelp-form] { margin-block-end: 1em } }`;

type Root = Document | ShadowRoot;

/** Sheets holds the style sheets of a page: those of style and link elements, and constructed ones. */
export class Sheets {
  private readonly sheets = new Map<number | Element, Sheet>();
  /** Sheets of elements whose rules are not those of its text. A browser reads the text again when it moves the element. */
  private readonly patched = new Map<Sheet, CSSStyleSheet>();
  private rulesInAll = 0;
  private readonly adopted = new Map<Entry, readonly number[]>();

  private readonly based = new WeakSet<Entry>();
  private hasBase = false;
  private readonly bases = new WeakMap<Document, CSSStyleSheet>();

  /** came is called with rules that come in. */
  constructor(private readonly assets: Assets, private readonly came: (rules: readonly Rule[]) => void = () => undefined) {}

  /** Rules in all sheets. */
  get size(): number {
    return this.rulesInAll;
  }

  /** Gives a style element its rules. */
  text(style: Element, css: string): void {
    this.set(this.sheet(style), css);
  }

  define(number: number, css: string): void {
    this.set(this.sheet(number), css);
  }

  /** Puts pieces of the text of an element's sheet, or of a constructed one, in the place of others. */
  replace(which: number | Element, at: number, gone: number, added: readonly string[]): void {
    const sheet = this.sheet(which);
    const before = sheet.pieces.length;
    if (at + gone > before) throw new Refused(`a style sheet has ${before} pieces`);
    const old = sheet.pieces.splice(at, gone, ...added);
    this.count(added, old);
    if (!this.patch(sheet, before, at, gone, added)) this.write(sheet);
  }

  /** Has moved elements keep their rules. */
  settle(): void {
    for (const [sheet, patched] of this.patched) if (sheet.style!.sheet !== patched) this.write(sheet);
  }

  private sheet(which: number | Element): Sheet {
    let sheet = this.sheets.get(which);
    if (!sheet) this.sheets.set(which, (sheet = { pieces: [], assets: [], style: typeof which === "number" ? undefined : (which as HTMLStyleElement), made: new Map(), rules: undefined, leftOut: nothing }));
    return sheet;
  }

  private set(sheet: Sheet, css: string): void {
    const old = sheet.pieces;
    sheet.pieces = css === "" ? [] : [css];
    this.count(sheet.pieces, old);
    this.write(sheet);
  }

  /** Gives a sheet the rules of its text. The pieces are read together: one may leave open what another closes. */
  private write(sheet: Sheet, same = false): void {
    const { text, assets } = this.read(sheet, same);
    if (!same) this.came(sheet.rules!);
    this.patched.delete(sheet);
    if (sheet.style) sheet.style.textContent = text;
    for (const made of sheet.made.values()) made.replaceSync(text);
    this.use(sheet, assets);
  }

  /** What a sheet may have of its text. same: its rules are those that are known. */
  private read(sheet: Sheet, same = false): SafeCSS {
    const safe = safeCSS(sheet.pieces.join("\n"), this.assets);
    if (same && sheet.rules && sheet.leftOut.size === 0) return safe;
    const { text, assets } = safe;
    const { rules } = readRules(text);
    sheet.rules = sheet.leftOut.size > 0 ? rules.filter(({ selectors }) => !sheet.leftOut.has(selectors)) : rules;
    return { text: withoutRules(text, rules, sheet.leftOut), assets };
  }

  private rulesOf(sheet: Sheet): readonly Rule[] {
    if (!sheet.rules) this.read(sheet);
    return sheet.rules!;
  }

  /** Leaves rules out. */
  leaveOut(tooMuch: ReadonlyMap<Sheet, ReadonlySet<Rule>>): void {
    for (const [sheet, rules] of tooMuch) {
      sheet.leftOut = new Set([...sheet.leftOut, ...Array.from(rules, ({ selectors }) => selectors)]);
      this.write(sheet);
    }
  }

  /** The style sheets in a page, each where it counts. */
  styles(root: Entry): Styles<Sheet>[] {
    const found: Styles<Sheet>[] = [];
    const stack: { readonly entry: Entry; readonly scope: Entry }[] = [{ entry: root, scope: root }];
    const add = (sheet: Sheet | undefined, scope: Entry): unknown => sheet && found.push({ sheet, scope, rules: this.rulesOf(sheet) });
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { entry } = next;
      const scope = entry.kind === "element" ? next.scope : entry;
      if (entry.model?.rule.sheet) add(this.sheets.get(entry.node as Element), scope);
      for (const number of new Set(this.adopted.get(entry))) add(this.sheets.get(number), scope);
      for (let child = entry.first; child; child = child.younger) if (child.kind !== "text") stack.push({ entry: child, scope });
    }
    return found;
  }

  /** Changes only the rules that are others, if every piece is one rule to this browser. */
  private patch(sheet: Sheet, before: number, at: number, gone: number, added: readonly string[]): boolean {
    const { style } = sheet;
    const live = style ? (style.sheet ? [style.sheet] : []) : [...sheet.made.values()];
    if (live.length === 0 || before < 2 || live.some(({ cssRules }) => cssRules.length !== before)) return false;
    if (sheet.leftOut.size > 0) return false;
    const safe = added.map((css) => safeCSS(css, this.assets));
    try {
      for (const each of live) {
        for (let i = 0; i < gone; i++) each.deleteRule(at);
        safe.forEach(({ text }, i) => each.insertRule(text, at + i));
      }
    } catch {
      return false;
    }
    if (style) this.patched.set(sheet, live[0]!);
    const read = safe.map(({ text }) => readRules(text));
    this.came(read.flatMap(({ rules }) => rules));
    sheet.rules = undefined;
    this.use(sheet, [...new Set([...sheet.assets, ...safe.flatMap(({ assets }) => assets)])]);
    return true;
  }

  private use(sheet: Sheet, assets: readonly number[]): void {
    sheet.assets = assets;
    this.assets.use(sheet.style ?? sheet, "#sheet", assets, () => this.write(sheet, true));
  }

  adopt(root: Entry, numbers: readonly number[]): void {
    for (const number of numbers) if (!this.sheets.has(number)) throw new Refused(`style sheet ${number} is not known`);
    this.adopted.set(root, numbers);
    this.apply(root);
  }

  /** Elements have come from elsewhere, with whatever our own rules are for. */
  moved(root: Entry): void {
    if (this.hasBase) this.base(root);
  }

  /** Something has come into a document or shadow root that our own rules are for. */
  base(root: Entry): void {
    if (this.based.has(root)) return;
    this.based.add(root);
    this.hasBase = true;
    this.adopt(root, this.adopted.get(root) ?? []);
  }

  /** Adopts again in all roots of a document: a root that comes to another document loses its sheets. */
  reapply(document: Document): void {
    document.adoptedStyleSheets = [];
    for (const root of this.adopted.keys()) if (root.node === document || documentOf(root.node) === document) this.apply(root);
  }

  forget(entry: Entry): void {
    this.adopted.delete(entry);
    const sheet = this.sheets.get(entry.node as Element);
    if (!sheet) return;
    this.sheets.delete(entry.node as Element);
    this.patched.delete(sheet);
    this.count([], sheet.pieces);
  }

  /** Takes account of rules, nested ones too, that come into a sheet in place of others. */
  private count(added: readonly string[], gone: readonly string[]): void {
    const rulesIn = (pieces: readonly string[]): number => pieces.reduce((sum, css) => sum + css.split("{").length - 1, 0);
    const more = rulesIn(added) - rulesIn(gone);
    this.rulesInAll += more;
    if (this.rulesInAll > maxRules) throw new Refused("the page has too many rules");
  }

  private apply(root: Entry): void {
    if (!("adoptedStyleSheets" in root.node)) return;
    const document = root.kind === "document" ? (root.node as Document) : documentOf(root.node);
    const sheets = this.adopted.get(root)!.map((number) => this.made(this.sheets.get(number)!, document));
    if (this.based.has(root)) sheets.push(this.baseOf(document));
    (root.node as Root).adoptedStyleSheets = sheets;
  }

  private baseOf(document: Document): CSSStyleSheet {
    let base = this.bases.get(document);
    if (!base) {
      base = new (document.defaultView as unknown as typeof globalThis).CSSStyleSheet();
      base.replaceSync(document.compatMode === "BackCompat" ? ours + oursInQuirks : ours);
      this.bases.set(document, base);
    }
    return base;
  }

  private made(sheet: Sheet, document: Document): CSSStyleSheet {
    let made = sheet.made.get(document);
    if (!made) {
      made = new (document.defaultView as unknown as typeof globalThis).CSSStyleSheet();
      made.replaceSync(this.read(sheet, true).text);
      sheet.made.set(document, made);
    }
    return made;
  }
}
