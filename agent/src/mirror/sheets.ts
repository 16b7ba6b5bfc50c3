import type { Assets } from "./assets.js";
import { safeCSS } from "./css.js";
import { documentOf } from "./dom.js";
import { maxRules } from "./limits.js";
import { Refused, type Entry } from "./tree.js";

interface Sheet {
  css: string;
  /** A constructed sheet belongs to the document it was made for. */
  readonly made: Map<Document, CSSStyleSheet>;
}

/** Where no script runs, browsers give every video controls. For the roots that have one. */
const ours = "video:not([controls])::-webkit-media-controls { display: none !important }";

type Root = Document | ShadowRoot;

/** Sheets holds the style sheets of a page: those of style and link elements, and constructed ones. */
export class Sheets {
  private readonly sheets = new Map<number, Sheet>();
  private readonly rules = new Map<object, number>();
  private rulesInAll = 0;
  private readonly adopted = new Map<Entry, readonly number[]>();

  private readonly videos = new WeakSet<Entry>();
  private readonly bases = new WeakMap<Document, CSSStyleSheet>();

  constructor(private readonly assets: Assets) {}

  /** Gives a style element its rules. */
  text(style: Element, css: string): void {
    this.count(style, css);
    const apply = (): readonly number[] => {
      const safe = safeCSS(css, this.assets.url);
      style.textContent = safe.text;
      return safe.assets;
    };
    this.assets.use(style, "#text", apply(), apply);
  }

  define(number: number, css: string): void {
    const sheet: Sheet = this.sheets.get(number) ?? { css, made: new Map() };
    this.count(sheet, css);
    sheet.css = css;
    this.sheets.set(number, sheet);
    const apply = (): readonly number[] => {
      const safe = safeCSS(sheet.css, this.assets.url);
      for (const made of sheet.made.values()) made.replaceSync(safe.text);
      return safe.assets;
    };
    this.assets.use(sheet, "#sheet", apply(), apply);
  }

  adopt(root: Entry, numbers: readonly number[]): void {
    for (const number of numbers) if (!this.sheets.has(number)) throw new Refused(`style sheet ${number} is not known`);
    this.adopted.set(root, numbers);
    this.apply(root);
  }

  /** A video has come into a document or shadow root. */
  video(root: Entry): void {
    if (this.videos.has(root)) return;
    this.videos.add(root);
    this.adopt(root, this.adopted.get(root) ?? []);
  }

  /** Adopts again in all roots of a document: a root that comes to another document loses its sheets. */
  reapply(document: Document): void {
    document.adoptedStyleSheets = [];
    for (const root of this.adopted.keys()) if (root.node === document || documentOf(root.node) === document) this.apply(root);
  }

  forget(root: Entry): void {
    this.adopted.delete(root);
    this.count(root.node, "");
  }

  /** Takes account of a sheet's rules, nested ones too, in place of those it had. */
  private count(sheet: object, css: string): void {
    const before = this.rules.get(sheet) ?? 0;
    const now = css.split("{").length - 1;
    if (now > 0) this.rules.set(sheet, now);
    else this.rules.delete(sheet);
    this.rulesInAll += now - before;
    if (this.rulesInAll > maxRules) throw new Refused("the page has too many rules");
  }

  private apply(root: Entry): void {
    if (!("adoptedStyleSheets" in root.node)) return;
    const document = root.kind === "document" ? (root.node as Document) : documentOf(root.node);
    const sheets = this.adopted.get(root)!.map((number) => this.made(this.sheets.get(number)!, document));
    if (this.videos.has(root)) sheets.push(this.base(document));
    (root.node as Root).adoptedStyleSheets = sheets;
  }

  private base(document: Document): CSSStyleSheet {
    let base = this.bases.get(document);
    if (!base) {
      base = new (document.defaultView as unknown as typeof globalThis).CSSStyleSheet();
      base.replaceSync(ours);
      this.bases.set(document, base);
    }
    return base;
  }

  private made(sheet: Sheet, document: Document): CSSStyleSheet {
    let made = sheet.made.get(document);
    if (!made) {
      made = new (document.defaultView as unknown as typeof globalThis).CSSStyleSheet();
      made.replaceSync(safeCSS(sheet.css, this.assets.url).text);
      sheet.made.set(document, made);
    }
    return made;
  }
}
