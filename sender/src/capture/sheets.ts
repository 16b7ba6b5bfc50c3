import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Assets } from "./assets.js";
import { rulesText } from "./css.js";
import type { Tree } from "./tree.js";

type Owner = HTMLStyleElement | HTMLLinkElement | SVGStyleElement;

/** Whether an element brings a style sheet with it. */
export function ownsSheet(element: Element): element is Owner {
  return element.localName === "style" || element.localName === "link";
}

// Of a sheet with more rules, only the last so many are compared: by which they are, and where script edits them, by their text.
const comparedRules = 32;
const comparedTexts = 300;

/**
 * Sheets sends the style sheets of a page: those of style and link elements, and constructed ones. No event tells when script edits
 * rules, so look compares them with what was sent: their number, and their text where script is known to edit them.
 */
export class Sheets {
  private owners = new Map<Owner, string>(); // what was sent, by signature
  private roots = new Map<Document | ShadowRoot, string>();
  private constructed = new Map<CSSStyleSheet, { id: number; signature: string }>();
  private readonly scripted = new WeakSet<CSSStyleSheet>(); // whose rules are known to be script's
  private foreign = new Map<string, string>(); // text of cross-origin sheets by URL

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
  ) {}

  reset(): void {
    this.owners.clear();
    this.roots.clear();
    this.constructed.clear();
  }

  /** Watches an element or root the mirror has just got. */
  add(owner: Owner): void {
    this.owners.set(owner, "");
    this.owner(owner);
  }

  addRoot(root: Document | ShadowRoot): void {
    this.roots.set(root, "");
    this.root(root);
  }

  /** The text of a style element has changed. */
  changed(owner: Owner): void {
    if (this.owners.has(owner)) this.add(owner);
  }

  /** Sends what has changed since the last look. */
  look(): void {
    for (const owner of this.owners.keys()) {
      if (this.tree.id(owner)) this.owner(owner);
      else this.owners.delete(owner);
    }
    for (const root of this.roots.keys()) {
      if (this.tree.id(root)) this.root(root);
      else this.roots.delete(root);
    }
  }

  private owner(owner: Owner): void {
    const sheet = owner.sheet;
    const before = this.owners.get(owner);
    let signature = sheet ? this.signature(sheet) : "none";
    if (signature === before) return;
    const first = before === "";
    // The same sheet with other rules: script has edited it, and may do so again.
    if (sheet && before?.startsWith(`${numberOf(sheet)} `) && !this.scripted.has(sheet)) {
      this.scripted.add(sheet);
      signature = this.signature(sheet);
    }
    this.owners.set(owner, signature);
    if (!sheet && first) return;
    this.writer.sheetText(this.tree.id(owner), sheet && !sheet.disabled ? this.text(owner, sheet) : "");
  }

  /** What tells whether a sheet is still as it was sent. */
  private signature(sheet: CSSStyleSheet): string {
    const rules = rulesOf(sheet);
    const scripted = this.scripted.has(sheet);
    let text = "";
    for (let i = Math.max(0, rules.length - (scripted ? comparedTexts : comparedRules)); i < rules.length; i++) {
      text += scripted ? rules[i]!.cssText : ` ${numberOf(rules[i]!)}`;
    }
    return `${numberOf(sheet)} ${rules.length} ${sheet.disabled}${text}`;
  }

  private text(owner: Owner, sheet: CSSStyleSheet): string {
    const resolve = (css: string, base: string): string => this.assets.rewrite(css, base);
    // The source says more than the rules do (browsers lose shorthands with variables), as long as it is what counts.
    if (owner.localName === "style" && !this.scripted.has(sheet)) {
      const source = owner.textContent ?? "";
      if (isSource(source, sheet)) return resolve(source, owner.baseURI);
      this.scripted.add(sheet);
      this.owners.set(owner, this.signature(sheet));
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
        this.owners.set(owner, "late");
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
    this.scripted.add(sheet);
    const signature = this.signature(sheet);
    let known = this.constructed.get(sheet);
    if (known?.signature === signature) return known.id;
    known = { id: known?.id ?? this.constructed.size + 1, signature };
    this.constructed.set(sheet, known);
    this.writer.sheet(known.id, rulesText(sheet, (css, base) => this.assets.rewrite(css, base)));
    return known.id;
  }
}

// Numbers tell one sheet or rule from the next.
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  let number = numbers.get(object);
  if (!number) numbers.set(object, (number = ++lastNumber));
  return number;
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
