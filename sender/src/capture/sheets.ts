import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Assets } from "./assets.js";
import { rulesText } from "./css.js";
import type { Edit } from "./hooks.js";
import type { Tree } from "./tree.js";

type Owner = HTMLStyleElement | HTMLLinkElement | SVGStyleElement;

/** Whether an element brings a style sheet with it. */
export function ownsSheet(element: Element): element is Owner {
  return element.localName === "style" || element.localName === "link";
}

/** What was sent of an element's sheet. */
interface Sent {
  readonly sheet: CSSStyleSheet | null;
  readonly signature: string;
  readonly css: string;
}

/**
 * Sheets sends the style sheets of a page: those of style and link elements, and constructed ones. Hooks tell when script edits one. What
 * they cannot know of, by objects that the page got hold of before, is looked for now and then.
 */
export class Sheets {
  private owners = new Map<Owner, Sent | undefined>();
  private roots = new Map<Document | ShadowRoot, string>();
  private constructed = new Map<CSSStyleSheet, { readonly id: number; css: string | undefined }>();
  private readonly scripted = new WeakSet<CSSStyleSheet>(); // whose rules are script's, whatever their source text
  private readonly taken = new Set<CSSStyleSheet>(); // that script may edit without our hearing of it
  private readonly touched = new Set<CSSStyleSheet | null>();
  private readonly adopting = new Set<Document | ShadowRoot>();
  private foreign = new Map<string, string>(); // text of cross-origin sheets by URL

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
    private readonly seen: (css: string) => void,
  ) {}

  reset(): void {
    this.owners.clear();
    this.roots.clear();
    this.constructed.clear();
    this.touched.clear();
    this.adopting.clear();
  }

  /** Watches an element or root the mirror has just got. */
  add(owner: Owner): void {
    this.owners.set(owner, undefined);
    this.owner(owner);
  }

  addRoot(root: Document | ShadowRoot): void {
    this.roots.set(root, "");
    this.root(root);
  }

  /** The text or an attribute of an element has changed, or it has loaded its sheet. */
  changed(owner: Owner): void {
    if (this.owners.has(owner)) this.add(owner);
  }

  /** Script has done something to a sheet, or to one that it does not tell. */
  edited(sheet: CSSStyleSheet | undefined, how: Edit): void {
    const sheets = sheet ? [sheet] : [...this.constructed.keys(), ...Array.from(this.owners.keys(), (owner) => owner.sheet)];
    for (const each of sheets) {
      if (!each) continue;
      this.touched.add(each);
      if (how !== "switched") this.scripted.add(each);
      if (how === "taken") this.taken.add(each);
    }
  }

  adopted(root: Document | ShadowRoot): void {
    this.adopting.add(root);
  }

  /** Sends what has changed since the last look; all: also what no hook has told. */
  look(all: boolean): void {
    if (all) for (const sheet of this.taken) this.touched.add(sheet);
    for (const sheet of this.touched) if (sheet && this.constructed.has(sheet)) this.define(sheet);
    for (const owner of all || this.touched.size > 0 ? this.owners.keys() : []) {
      if (this.tree.id(owner)) this.owner(owner);
      else this.owners.delete(owner);
    }
    for (const root of all || this.touched.size > 0 ? this.roots.keys() : this.adopting) {
      if (this.tree.id(root)) this.root(root);
      else this.roots.delete(root);
    }
    this.touched.clear();
    this.adopting.clear();
  }

  private owner(owner: Owner): void {
    const { sheet } = owner;
    const before = this.owners.get(owner);
    const signature = signatureOf(sheet);
    if (before?.signature === signature && !this.touched.has(sheet)) return;
    // The same sheet with another number of rules: script has edited it.
    if (sheet && before?.sheet === sheet && before.signature !== signature && !this.touched.has(sheet)) this.scripted.add(sheet);
    const css = sheet && !sheet.disabled ? this.text(owner, sheet) : "";
    this.owners.set(owner, { sheet, signature, css });
    this.seen(css);
    if (css !== (before?.css ?? (sheet ? undefined : ""))) this.writer.sheetText(this.tree.id(owner), css);
  }

  private text(owner: Owner, sheet: CSSStyleSheet): string {
    const resolve = (css: string, base: string): string => this.assets.rewrite(css, base);
    // The source says more than the rules do (browsers lose shorthands with variables), as long as it is what counts.
    if (owner.localName === "style" && !this.scripted.has(sheet)) {
      const source = owner.textContent ?? "";
      if (isSource(source, sheet)) return resolve(source, owner.baseURI);
      this.scripted.add(sheet);
    }
    try {
      return rulesText(sheet, resolve);
    } catch {
      return this.fetched(owner, sheet.href ?? "");
    }
  }

  /** A cross-origin sheet's rules cannot be read; its text can where the other origin allows it. */
  private fetched(owner: Owner, href: string): string {
    const known = this.foreign.get(href);
    if (known !== undefined) return this.assets.rewrite(known, href);
    this.foreign.set(href, "");
    void fetch(href, { cache: "force-cache", credentials: "omit" })
      .then((response) => (response.ok ? response.text() : ""))
      .then((text) => {
        this.foreign.set(href, text);
        this.touched.add(owner.sheet);
      })
      .catch(() => undefined);
    return "";
  }

  private root(root: Document | ShadowRoot): void {
    const sheets = [...root.adoptedStyleSheets].filter((sheet) => !sheet.disabled);
    const ids = sheets.map((sheet) => this.sheet(sheet));
    const signature = ids.join(" ");
    if (signature === this.roots.get(root)) return;
    this.roots.set(root, signature);
    this.writer.adopt(this.tree.id(root), ids);
  }

  private sheet(sheet: CSSStyleSheet): number {
    let known = this.constructed.get(sheet);
    if (!known) {
      this.constructed.set(sheet, (known = { id: this.constructed.size + 1, css: undefined }));
      this.define(sheet);
    }
    return known.id;
  }

  private define(sheet: CSSStyleSheet): void {
    const known = this.constructed.get(sheet)!;
    let css = rulesText(sheet, (text, base) => this.assets.rewrite(text, base));
    if (sheet.media.length > 0) css = `@media ${sheet.media.mediaText} {\n${css}}`;
    this.seen(css);
    if (css !== known.css) this.writer.sheet(known.id, (known.css = css));
  }
}

// Numbers tell one sheet from the next.
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** What tells, without a look at its rules, whether a sheet is still as it was. */
function signatureOf(sheet: CSSStyleSheet | null): string {
  if (!sheet) return "";
  let number = numbers.get(sheet);
  if (!number) numbers.set(sheet, (number = ++lastNumber));
  return `${number} ${rulesOf(sheet).length} ${sheet.disabled}`;
}

/** The rules of a sheet; none when the page may not read them. */
function rulesOf(sheet: CSSStyleSheet): ArrayLike<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}

/** Whether a sheet's rules are those of its source text, not of script. */
function isSource(text: string, sheet: CSSStyleSheet): boolean {
  try {
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(text);
    return parsed.cssRules.length === sheet.cssRules.length;
  } catch {
    return false;
  }
}
