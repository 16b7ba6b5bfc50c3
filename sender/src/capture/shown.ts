import { each } from "../platform/lists.js";
import { carriedBy, customOf, namesIn, urlsIn, type Carried, type Carrier } from "./carriers.js";
import { Faces } from "./faces.js";
import { define, Look, type Asset, type Registry } from "./look.js";
import { getAttribute, matches } from "./methods.js";
import { allIn } from "./nodes.js";
import { Open } from "./policy.js";
import type { Privacy } from "./privacy.js";
import type { ShownNotes } from "./shownnotes.js";
import type { Subject } from "./selectors.js";
import { fileOf, isRead, shownBy, visible } from "./sight.js";
import type { Tree } from "./tree.js";

/** What a style attribute says. */
interface Style {
  readonly text: string;
  readonly carrier: Carrier;
  readonly named: Carried["named"];
}

/** Pseudo-elements whose style a page can ask for; of others the element itself counts, and the rule. */
const asked = /^::(before|after|marker|first-letter|first-line|backdrop|placeholder|file-selector-button)$/;

/** Shown finds what open elements that can be seen show: by attributes, style sheets and fonts. */
export class Shown {
  private readonly styles = new WeakMap<Element, Style>();
  private readonly faces: Faces;

  constructor(
    private readonly notes: ShownNotes,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
    private readonly registry: Registry,
  ) {
    this.faces = new Faces(this, notes.roots, registry);
  }

  /** Looks once at everything that may show something that is not known to be shown. Each step of the generator is a short one. */
  *pass(): Generator<void> {
    const { undecided } = this.registry;
    for (const asset of undecided) {
      for (const element of asset.elements) {
        yield;
        if (asset.undecided) this.lookAtAttribute(element, asset);
      }
      for (const element of asset.animated) {
        yield;
        if (asset.undecided && this.mayBeSeen(element)) this.registry.found(asset, { element, holds: () => this.mayBeSeen(element) });
      }
    }
    const sheets: [Document | ShadowRoot, Carried][] = [];
    const wanted = new Map<Carried, Carrier[]>(); // rules that may show something
    const names = new Map<string, { urls: string[]; names: string[] }>();
    for (const root of this.notes.roots) {
      if (!this.tree.id(root)) {
        this.notes.roots.delete(root);
        continue;
      }
      for (const sheet of this.sheetsOf(root)) {
        yield;
        const carried = yield* this.carried(sheet);
        if (!carried) continue;
        sheets.push([root, carried]);
        // Many roots may have adopted the same.
        if (!wanted.has(carried)) for (const named of carried.named) define(names, named);
        wanted.set(carried, []);
      }
    }
    const styled: [Element, Carrier][] = [];
    for (const element of this.notes.styled) {
      yield;
      const style = this.styleOf(element);
      if (style) styled.push([element, style.carrier]);
      for (const named of style?.named ?? []) define(names, named);
    }
    const look = new Look(this.registry, names);
    for (const [element, carrier] of styled) if (look.wants(carrier)) yield* this.elements([element], "", carrier, look);
    for (const [carried, some] of wanted) {
      for (const carrier of carried.carriers) {
        yield;
        if (look.wants(carrier) && look.applies(carrier)) some.push(carrier);
      }
    }
    for (const [root, carried] of sheets) {
      for (const carrier of wanted.get(carried)!) if (look.wants(carrier)) yield* this.carrier(root, carrier, look);
    }
    for (const root of this.notes.roots) {
      if (root.nodeType === Node.DOCUMENT_NODE) yield* this.faces.look(root as Document, each(sheets.filter(([from]) => from === root), ([, { fonts }]) => fonts), this.privacy.used);
    }
  }

  /** Whether an element is an open one that can be seen, as the page is now. */
  mayBeSeen(element: Element): boolean {
    return this.tree.get(element)?.policy === Open && visible(element) && this.privacy.of(element) === Open;
  }

  private lookAtAttribute(element: Element, asset: Asset): void {
    if (!this.tree.id(element) || fileOf(element) !== asset.url) {
      asset.elements.delete(element);
      return;
    }
    const holds = (): boolean => fileOf(element) === asset.url && this.mayBeSeen(element);
    if (isRead(element) && this.mayBeSeen(element)) this.registry.found(asset, { element, holds });
  }

  private sheetsOf(root: Document | ShadowRoot): CSSStyleSheet[] {
    const own = this.notes.own.get(root as Document);
    const sheets = [...root.styleSheets, ...(root.adoptedStyleSheets ?? []), ...(own ? [own] : [])];
    return sheets.filter(({ disabled }) => !disabled);
  }

  private *carried(sheet: CSSStyleSheet): Generator<void, Carried | undefined> {
    const readable = this.notes.foreign.get(sheet) ?? sheet;
    let count: number;
    try {
      count = readable.cssRules.length;
    } catch {
      return undefined;
    }
    const before = this.notes.read.get(sheet);
    if (before?.count === count) return before.carried;
    let rules = this.notes.rules.get(sheet);
    if (!rules) this.notes.rules.set(sheet, (rules = new WeakMap()));
    const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
    const carried = yield* carriedBy(readable, base, devicePixelRatio, rules);
    this.notes.read.set(sheet, { count, carried });
    return carried;
  }

  /** What the style attribute of an element says of files. */
  private styleOf(element: Element): Style | undefined {
    const text = (this.tree.id(element) && getAttribute.call(element, "style")) || "";
    let known = this.styles.get(element);
    if (known?.text !== text) {
      const { style, baseURI } = element as HTMLElement;
      const names = namesIn(text);
      const urls = urlsIn(text, baseURI, devicePixelRatio);
      const named = text.includes("--") ? customOf(style, baseURI, devicePixelRatio) : [];
      known = { text, named, carrier: { subjects: [], urls, names, media: [], inherited: /list-style|cursor/.test(text) } };
      this.styles.set(element, known);
    }
    const { carrier, named } = known;
    if (carrier.urls.length + carrier.names.length + named.length > 0) return known;
    this.notes.styled.delete(element);
    return undefined;
  }

  private *carrier(root: Document | ShadowRoot, carrier: Carrier, look: Look): Generator<void> {
    for (const subject of carrier.subjects) {
      if (!subject.classes.every((name) => this.notes.classes.has(name))) continue;
      yield;
      const { pseudo } = subject;
      if (pseudo && !asked.test(pseudo)) yield* this.unasked(root, subject, carrier, look);
      else yield* this.elements(this.subjects(root, subject), pseudo, carrier, look);
      if (!look.wants(carrier)) return;
    }
  }

  /** What a pseudo-element shows that nobody can ask for. */
  private *unasked(root: Document | ShadowRoot, subject: Subject, carrier: Carrier, look: Look): Generator<void> {
    const { selector } = subject;
    for (const element of this.subjects(root, subject)) {
      yield;
      if (!this.mayBeSeen(element)) continue;
      const holds = (): boolean => (subject.outside !== "" || matches.call(element, selector)) && this.mayBeSeen(element);
      for (const asset of look.assetsOf(carrier)) this.registry.found(asset, { element, holds });
      return;
    }
  }

  private subjects(root: Document | ShadowRoot, { selector, outside }: Subject): Element[] {
    const elements: Element[] = [];
    const { host } = root as ShadowRoot;
    if (outside === "host" && host) elements.push(host);
    if (outside === "slotted") for (const slot of root.querySelectorAll("slot")) elements.push(...slot.assignedElements({ flatten: true }));
    else if (outside === "part") for (const each of this.notes.roots) elements.push(...("host" in each ? each.querySelectorAll("[part]") : []));
    else {
      try {
        elements.push(...root.querySelectorAll(selector));
      } catch {
        elements.push(...root.querySelectorAll("*"));
      }
    }
    return elements;
  }

  private *elements(elements: Iterable<Element>, pseudo: string, carrier: Carrier, look: Look): Generator<void> {
    for (const element of elements) {
      yield;
      this.judge(element, pseudo, carrier, look);
      if (!look.wants(carrier)) return;
      if (!carrier.inherited) continue;
      for (const inner of allIn(element, "*")) {
        yield;
        this.judge(inner, pseudo, carrier, look);
        if (!look.wants(carrier)) return;
      }
    }
  }

  private judge(element: Element, pseudo: string, carrier: Carrier, look: Look): void {
    if (this.tree.get(element)?.policy !== Open || !visible(element)) return;
    const style = getComputedStyle(element, pseudo);
    const animations = look.names.size > 0 ? style.animationName : "none";
    let seen: boolean | undefined; // asked only when there is something to see
    const found = (asset: Asset, holds: () => boolean): void => {
      if (asset.undecided && (seen ??= this.privacy.of(element) === Open)) this.registry.found(asset, { element, holds: () => this.mayBeSeen(element) && holds() });
    };
    for (const url of shownBy(element, pseudo, style)) {
      const holds = (): boolean => shownBy(element, pseudo, getComputedStyle(element, pseudo)).has(url);
      for (const asset of this.registry.find(url)) found(asset, holds);
      for (const asset of look.relativesOf(carrier)) {
        if (!asset.undecided || !url.endsWith(asset.tail)) continue;
        asset.url = url;
        found(asset, holds);
      }
    }
    if (animations === "none") return;
    for (const name of animations.split(", ")) {
      const holds = (): boolean => getComputedStyle(element, pseudo).animationName.split(", ").includes(name);
      for (const asset of look.assetsNamed(name)) found(asset, holds);
    }
  }
}
