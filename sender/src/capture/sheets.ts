import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Assets } from "./assets.js";
import { rulesOf } from "./css.js";
import { fetchLimited } from "./fetching.js";
import type { Edit } from "./hooks.js";
import { Sheet } from "./kind.js";
import { nameOf, textOf } from "./nodes.js";
import type { Part } from "./part.js";
import { SourceRules } from "./sourcerules.js";
import { suspect } from "./suspect.js";
import type { Entry, Tree } from "./tree.js";

export type Owner = HTMLStyleElement | HTMLLinkElement | SVGStyleElement;

/** Whether an element brings a style sheet with it. */
export function ownsSheet(element: Element): element is Owner {
  return /^(style|link)$/.test(nameOf(element));
}

/** What was sent of an element's sheet: its rules, or its source text as one piece. */
interface Sent {
  readonly sheet: CSSStyleSheet | null;
  readonly signature: string;
  readonly pieces: readonly string[];
}

const mostPieces = 60_000; // less than a list may have

/**
 * Sheets sends the style sheets of a page: those of style and link elements, and constructed ones. Hooks tell when script edits one. What
 * they cannot know of, by objects that the page got hold of before, is looked for now and then.
 */
export class Sheets implements Part {
  private owners = new Map<Owner, Sent | undefined>();
  private roots = new Map<Document | ShadowRoot, string>();
  private constructed = new Map<CSSStyleSheet, { readonly id: number; pieces: readonly string[] }>();
  private texts = new WeakMap<CSSStyleSheet, WeakMap<CSSRule, string>>(); // of rules that are as they were
  private sources = new WeakMap<Owner, SourceRules>();
  private readonly scripted = new WeakSet<CSSStyleSheet>(); // whose rules are script's, whatever their source text
  private readonly taken = new Map<CSSStyleSheet, Set<CSSRule> | undefined>(); // that script may edit without our hearing of it: these rules, or all
  private readonly touched = new Set<CSSStyleSheet | null>();
  private readonly adopting = new Set<Document | ShadowRoot>();
  private readonly ours = new Map<Document | ShadowRoot, CSSStyleSheet>();
  private foreign = new Map<string, string>(); // text of cross-origin sheets by URL

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
    private readonly seen: (css: string) => void,
    private readonly arrived: () => void,
  ) {}

  reset(): void {
    this.owners.clear();
    this.roots.clear();
    this.constructed.clear();
    this.touched.clear();
    this.adopting.clear();
    this.texts = new WeakMap(); // assets have other numbers
    this.sources = new WeakMap();
  }

  added(element: Element, { kind }: Entry): void {
    if (!(kind & Sheet)) return;
    this.owners.set(element as Owner, undefined);
    this.owner(element as Owner);
  }

  attributed(element: Element, { kind }: Entry): void {
    if (kind & Sheet) this.changed(element as Owner);
  }

  rooted(root: Document | ShadowRoot): void {
    this.roots.set(root, "");
    this.root(root);
  }

  /** The text or an attribute of an element has changed, or it has loaded its sheet. */
  changed(owner: Owner): void {
    if (!this.owners.has(owner)) return;
    this.owners.set(owner, { sheet: null, signature: "changed", pieces: this.owners.get(owner)?.pieces ?? [] });
    this.owner(owner);
  }

  /** Script has done something to a sheet, or to any; rule: to this rule of it only. */
  edited(sheet: CSSStyleSheet | undefined, how: Edit, rule?: CSSRule): void {
    const sheets = sheet ? [sheet] : [...this.constructed.keys(), ...Array.from(this.owners.keys(), (owner) => owner.sheet)];
    for (const each of sheets) {
      if (!each) continue;
      this.touched.add(each);
      if (how !== "inserted") {
        if (rule) this.texts.get(each)?.delete(rule);
        else this.texts.delete(each);
        this.assets.shown.edited(each, rule);
      }
      if (how !== "switched") this.scripted.add(each);
      if (how === "taken") this.take(each, rule);
    }
  }

  private take(sheet: CSSStyleSheet, rule: CSSRule | undefined): void {
    const rules = this.taken.get(sheet);
    if (!rule) this.taken.set(sheet, undefined);
    else if (rules) rules.add(rule);
    else if (!this.taken.has(sheet)) this.taken.set(sheet, new Set([rule]));
  }

  /** More is known of a sheet than before; of any, when it is not said of which. */
  again(sheet?: CSSStyleSheet): void {
    for (const each of sheet ? [sheet] : [...this.constructed.keys(), ...Array.from(this.owners.keys(), (owner) => owner.sheet)]) {
      if (!each) continue;
      if (sheet) this.texts.delete(each);
      this.touched.add(each);
    }
  }

  adopted(root: Document | ShadowRoot): void {
    this.adopting.add(root);
  }

  /** Gives a root a sheet of ours beside those it has, with fonts. Its rules may have changed. */
  fonts(root: Document, sheet: CSSStyleSheet): void {
    this.ours.set(root, sheet);
    this.assets.shown.own.set(root, sheet);
    this.edited(sheet, "edited");
    this.adopted(root);
  }

  /** Sends what has changed since the last look; all: also what no hook has told. */
  look(all: boolean): void {
    for (const [sheet, rules] of all ? this.taken : []) {
      for (const rule of rules ?? [undefined]) {
        if (rule && !rule.parentStyleSheet) rules!.delete(rule);
        else this.edited(sheet, "taken", rule);
      }
    }
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
    suspect.node = owner;
    const { sheet } = owner;
    const before = this.owners.get(owner);
    const signature = signatureOf(sheet);
    if (before?.signature === signature && !this.touched.has(sheet)) return;
    // The same sheet with another number of rules: script has edited it.
    if (sheet && before?.sheet === sheet && before.signature !== signature && !this.touched.has(sheet) && !before.signature.startsWith(`${numbers.get(sheet)} ${countOf(sheet)} `)) this.scripted.add(sheet);
    const pieces = sheet && !sheet.disabled ? this.pieces(owner, sheet) : [];
    this.owners.set(owner, { sheet, signature, pieces });
    this.send(this.tree.id(owner), 0, before?.pieces ?? [], pieces);
  }

  /** Sends how a sheet differs from what was sent of it. */
  private send(node: number, sheet: number, before: readonly string[], now: readonly string[]): void {
    const shorter = Math.min(before.length, now.length);
    let at = 0;
    let rest = 0;
    while (at < shorter && before[at] === now[at]) at++;
    while (rest < shorter - at && before[before.length - 1 - rest] === now[now.length - 1 - rest]) rest++;
    const added = now.slice(at, now.length - rest);
    const gone = before.length - at - rest;
    if (!gone && added.length === 0) return;
    for (const piece of added) this.seen(piece);
    if (node && now.length === 1) this.writer.sheetText(node, now[0]!);
    else this.writer.sheetRules(node, sheet, at, gone, added);
  }

  private pieces(owner: Owner, sheet: CSSStyleSheet): readonly string[] {
    // The source says more than the rules do (browsers lose shorthands with variables), as long as it is what counts.
    if (nameOf(owner) === "style" && !this.scripted.has(sheet)) {
      const pieces = this.written(owner, sheet);
      if (pieces) return pieces;
      this.scripted.add(sheet);
    }
    try {
      return this.rules(sheet);
    } catch {
      return sheet.href ? [this.fetched(owner, sheet.href)] : [];
    }
  }

  /** The rules as they are written in a style element, if they are those of its sheet. */
  private written(owner: Owner, sheet: CSSStyleSheet): readonly string[] | undefined {
    let known = this.sources.get(owner);
    if (!known) this.sources.set(owner, (known = new SourceRules(countIn)));
    const pieces = known.read(textOf(owner) ?? "", sheet.cssRules.length, (css) => this.assets.rewrite(css, owner.baseURI));
    return pieces && pieces.length > mostPieces ? [pieces.join("\n")] : pieces;
  }

  private rules(sheet: CSSStyleSheet): string[] {
    let known = this.texts.get(sheet);
    if (!known) this.texts.set(sheet, (known = new WeakMap()));
    const rules = rulesOf(sheet, (css, base) => this.assets.rewrite(css, base), known);
    return rules.length > mostPieces ? [rules.join("\n")] : rules;
  }

  /** A cross-origin sheet's rules cannot be read; its text can where the other origin allows it. */
  private fetched(owner: Owner, href: string): string {
    const known = this.foreign.get(href);
    if (known !== undefined) {
      if (owner.sheet) this.assets.shown.setText(owner.sheet, known);
      return this.assets.rewrite(known, href);
    }
    this.foreign.set(href, "");
    void this.source(href)
      .then((text) => {
        this.foreign.set(href, text);
        if (owner.sheet) this.assets.shown.setText(owner.sheet, text);
        this.touched.add(owner.sheet);
        this.arrived();
      })
      .catch(() => undefined);
    return "";
  }

  /** The text of a sheet, from the browser's cache if it is there. */
  readonly source = async (href: string): Promise<string> => {
    const blob = await fetchLimited(href, { cache: "force-cache", credentials: href.startsWith(`${location.origin}/`) ? "same-origin" : "omit" }, /^$/);
    return /^text\/css\b/i.test(blob.type) ? blob.text() : "";
  };

  private root(root: Document | ShadowRoot): void {
    suspect.node = "host" in root ? root.host : root;
    const sheets = [...root.adoptedStyleSheets].filter((sheet) => !sheet.disabled);
    const own = this.ours.get(root);
    if (own) sheets.push(own);
    const ids = sheets.map((sheet) => this.sheet(sheet));
    const signature = ids.join(" ");
    if (signature === this.roots.get(root)) return;
    this.roots.set(root, signature);
    this.writer.adopt(this.tree.id(root), ids);
  }

  private sheet(sheet: CSSStyleSheet): number {
    let known = this.constructed.get(sheet);
    if (!known) {
      this.constructed.set(sheet, (known = { id: this.constructed.size + 1, pieces: [] }));
      this.writer.sheet(known.id, "");
      this.define(sheet);
    }
    return known.id;
  }

  private define(sheet: CSSStyleSheet): void {
    const known = this.constructed.get(sheet)!;
    let pieces = this.rules(sheet);
    if (sheet.media.length > 0) pieces = [`@media ${sheet.media.mediaText} {\n${pieces.join("\n")}}`];
    this.send(0, known.id, known.pieces, pieces);
    known.pieces = pieces;
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
  return `${number} ${countOf(sheet)} ${sheet.disabled} `;
}

/** How many rules a sheet has; none when the page may not read them. */
function countOf(sheet: CSSStyleSheet): number {
  try {
    return sheet.cssRules.length;
  } catch {
    return 0;
  }
}

/** How many rules the browser reads in a text; -1: it cannot. */
function countIn(text: string): number {
  try {
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(text);
    return parsed.cssRules.length;
  } catch {
    return -1;
  }
}
