import { absolute, carriedBy, customOf, namesIn, urlsIn, type Carried, type Carrier } from "./carriers.js";
import { namesFiles, replaceURLs } from "./css.js";
import { Faces } from "./faces.js";
import { matches } from "./methods.js";
import { Open } from "./policy.js";
import type { Privacy } from "./privacy.js";
import type { Subject } from "./selectors.js";
import type { Tree } from "./tree.js";

/** What shows an asset. */
export interface Witness {
  readonly element: Element | undefined;
  /** Whether it still does, and may be seen. */
  holds(): boolean;
}

/** An asset of which it is not known whether anything shows it. */
export interface Asset {
  readonly id: number;
  /** Where it is read from; of a relative one in a custom property, known when something shows it. */
  url: string;
  /** How the URL of a relative one ends. */
  readonly tail: string;
  /** Elements that may show it by an attribute, and those that a script animates with it. */
  readonly elements: Set<Element>;
  readonly animated: Set<Element>;
  undecided: boolean;
}

/** The assets there are. */
export interface Registry {
  readonly undecided: ReadonlySet<Asset>;
  /** By absolute URL, or by the text of a relative one in a custom property. */
  find(url: string): readonly Asset[];
  /** An asset is shown. */
  found(asset: Asset, witness: Witness): void;
}

interface Read {
  readonly count: number;
  readonly carried: Carried;
}

/** The properties that can show an image. */
export const imageProperties = [
  "background-image", "border-image-source", "content", "cursor", "list-style-image", "mask-image", "-webkit-mask-image", "-webkit-mask-box-image-source", "shape-outside",
  "-webkit-box-reflect", "filter", "backdrop-filter", "clip-path", "offset-path", "fill", "stroke", "marker-start", "marker-mid", "marker-end",
] as const;
/** Pseudo-elements whose style a page can ask for; of others the element itself counts, and the rule. */
const asked = /^::(before|after|marker|first-letter|first-line|backdrop|placeholder|file-selector-button)$/;
const definitions = "defs,symbol,pattern,mask,clipPath,marker,filter,linearGradient,radialGradient";

/** Shown finds what open elements that can be seen show: by attributes, style sheets and fonts. */
export class Shown {
  readonly roots = new Set<Document | ShadowRoot>();
  /** Elements whose style attribute names files, properties or animations. */
  readonly styled = new Set<Element>();
  /** Style sheets of ours, by the documents they are for. */
  readonly own = new Map<Document, CSSStyleSheet>();
  private readonly classes = new Set<string>();
  private readonly classTexts = new Set<string>();
  private read = new WeakMap<CSSStyleSheet, Read>();
  private rules = new WeakMap<CSSStyleSheet, WeakMap<CSSRule, Carried>>();
  private readonly foreign = new WeakMap<CSSStyleSheet, CSSStyleSheet>();
  private readonly faces: Faces;

  constructor(
    private readonly tree: Tree,
    private readonly privacy: Privacy,
    private readonly registry: Registry,
  ) {
    this.faces = new Faces(this, registry);
  }

  reset(): void {
    this.roots.clear();
    this.styled.clear();
    this.own.clear();
  }

  /** Takes note of the classes of an element: rules for others are not looked at. */
  seeClasses(text: string): void {
    if (this.classTexts.has(text)) return;
    this.classTexts.add(text);
    for (const name of text.toLowerCase().split(/\s+/)) this.classes.add(name);
  }

  /** The rules of a sheet are others. */
  edited(sheet: CSSStyleSheet): void {
    this.rules.delete(sheet);
    this.read.delete(sheet);
  }

  /** Takes the text of a sheet whose rules the page may not read. */
  setText(sheet: CSSStyleSheet, text: string): void {
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(text);
    this.foreign.set(sheet, parsed);
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
    const names = new Map<string, { urls: string[]; names: string[] }>();
    for (const root of this.roots) {
      if (!this.tree.id(root)) {
        this.roots.delete(root);
        continue;
      }
      for (const sheet of this.sheetsOf(root)) {
        const carried = yield* this.carried(sheet);
        if (carried) sheets.push([root, carried]);
        for (const named of carried?.named ?? []) define(names, named);
      }
    }
    const styled: [Element, Carrier][] = [];
    for (const element of this.styled) {
      yield;
      const carrier = this.carrierOf(element, names);
      if (carrier) styled.push([element, carrier]);
    }
    const look = new Look(this.registry, names);
    for (const [element, carrier] of styled) if (look.wants(carrier)) yield* this.elements([element], "", carrier, look);
    for (const [root, { carriers }] of sheets) {
      for (const carrier of carriers) {
        yield;
        if (undecided.size === 0) return;
        if (look.wants(carrier) && look.applies(carrier)) yield* this.carrier(root, carrier, look);
      }
    }
    for (const root of this.roots) {
      if (root.nodeType === Node.DOCUMENT_NODE) yield* this.faces.look(root as Document, sheets.filter(([from]) => from === root).flatMap(([, { fonts }]) => fonts), this.privacy.used);
    }
  }

  /** Whether an element is an open one that can be seen, as the page is now. */
  mayBeSeen(element: Element): boolean {
    return this.tree.get(element)?.policy === Open && visible(element) && this.privacy.of(element, true) === Open;
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
    const own = this.own.get(root as Document);
    const sheets = [...root.styleSheets, ...(root.adoptedStyleSheets ?? []), ...(own ? [own] : [])];
    return sheets.filter(({ disabled }) => !disabled);
  }

  private *carried(sheet: CSSStyleSheet): Generator<void, Carried | undefined> {
    const readable = this.foreign.get(sheet) ?? sheet;
    let count: number;
    try {
      count = readable.cssRules.length;
    } catch {
      return undefined;
    }
    const before = this.read.get(sheet);
    if (before?.count === count) return before.carried;
    let rules = this.rules.get(sheet);
    if (!rules) this.rules.set(sheet, (rules = new WeakMap()));
    const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
    const carried = yield* carriedBy(readable, base, devicePixelRatio, rules);
    this.read.set(sheet, { count, carried });
    return carried;
  }

  private carrierOf(element: Element, names: Look["names"]): Carrier | undefined {
    const { style } = element as HTMLElement;
    const text = this.tree.id(element) ? (style?.cssText ?? "") : "";
    const asksFor = namesIn(text);
    if (!namesFiles(text) && asksFor.length === 0) {
      this.styled.delete(element);
      return undefined;
    }
    for (const named of customOf(style, element.baseURI, devicePixelRatio)) define(names, named);
    return { subjects: [], urls: urlsIn(text, element.baseURI, devicePixelRatio), names: asksFor, media: [], inherited: /list-style|cursor/.test(text) };
  }

  private *carrier(root: Document | ShadowRoot, carrier: Carrier, look: Look): Generator<void> {
    for (const subject of carrier.subjects) {
      if (!subject.classes.every((name) => this.classes.has(name))) continue;
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
    else if (outside === "part") for (const each of this.roots) elements.push(...("host" in each ? each.querySelectorAll("[part]") : []));
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
      for (const inner of element.querySelectorAll("*")) {
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
      if (asset.undecided && (seen ??= this.privacy.of(element, true) === Open)) this.registry.found(asset, { element, holds: () => this.mayBeSeen(element) && holds() });
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

/** One look at everything: which custom properties and animations lead to assets that are not known to be shown. */
class Look {
  private readonly medias = new Map<string, boolean>();
  private readonly reach = new Map<string, readonly Asset[]>();

  constructor(
    private readonly registry: Registry,
    readonly names: Map<string, { urls: string[]; names: string[] }>,
  ) {}

  /** Whether a rule may show something that is not known to be shown. */
  wants({ urls, names }: Carrier): boolean {
    const undecided = (asset: Asset): boolean => asset.undecided;
    return urls.some((url) => this.registry.find(url).some(undecided)) || names.some((name) => this.assetsNamed(name).some(undecided));
  }

  assetsOf({ urls, names }: Carrier): Asset[] {
    return [...urls.flatMap((url) => this.registry.find(url)), ...names.flatMap((name) => this.assetsNamed(name))].filter(({ undecided }) => undecided);
  }

  relativesOf({ names }: Carrier): Asset[] {
    return names.flatMap((name) => this.assetsNamed(name)).filter(({ tail }) => tail);
  }

  applies({ media }: Carrier): boolean {
    return media.every(({ mediaText }) => {
      let known = this.medias.get(mediaText);
      if (known === undefined) this.medias.set(mediaText, (known = matchMedia(mediaText).matches));
      return known;
    });
  }

  /** The assets that a custom property or an animation leads to, over others. */
  assetsNamed(name: string): readonly Asset[] {
    const known = this.reach.get(name);
    if (known) return known;
    const seen = new Set([name]);
    const assets = new Set<Asset>();
    for (const each of seen) {
      const named = this.names.get(each);
      for (const url of named?.urls ?? []) for (const asset of this.registry.find(url)) assets.add(asset);
      for (const next of named?.names ?? []) seen.add(next);
    }
    const all = [...assets];
    this.reach.set(name, all);
    return all;
  }
}

function define(names: Look["names"], [name, urls, others]: Carried["named"][number]): void {
  const known = names.get(name);
  if (!known) names.set(name, { urls: [...urls], names: [...others] });
  else {
    known.urls.push(...urls);
    known.names.push(...others);
  }
}

/** The files that an element, or a pseudo-element of it, shows by its style. */
function shownBy(element: Element, pseudo: string, style: CSSStyleDeclaration): Set<string> {
  const urls = new Set<string>();
  const { display } = style;
  if (/^::(before|after)$/.test(pseudo) && (/^(none|normal)?$/.test(style.content) || display === "none")) return urls;
  if (pseudo === "::backdrop" && !inTopLayer(element)) return urls;
  const listed = pseudo === "::marker" ? getComputedStyle(element).display.includes("list-item") : display.includes("list-item");
  if (pseudo === "::marker" && !listed) return urls;
  for (const name of imageProperties) {
    if (name === "list-style-image" && !listed) continue;
    const value = style.getPropertyValue(name);
    if (namesFiles(value)) replaceURLs(value, (url) => (urls.add(absolute(url, element.baseURI)), ""), devicePixelRatio);
  }
  return urls;
}

function inTopLayer(element: Element): boolean {
  return [":modal", ":popover-open", ":fullscreen"].some((selector) => {
    try {
      return matches.call(element, selector);
    } catch {
      return false; // Older browsers do not know it.
    }
  });
}

/** Whether an element is displayed, wherever it has been scrolled to. */
export function visible(element: Element): boolean {
  const frame = element.ownerDocument.defaultView?.frameElement;
  if (frame && !visible(frame)) return false;
  if (element.checkVisibility ? element.checkVisibility({ visibilityProperty: true, checkVisibilityCSS: true }) : element.getClientRects().length > 0) return true;
  // What is defined in SVG is displayed elsewhere.
  if ("ownerSVGElement" in element && element.closest(definitions)) return true;
  const parent = element.parentElement ?? (element.getRootNode() as ShadowRoot).host;
  return !!parent && getComputedStyle(element).display === "contents" && visible(parent);
}

/** The file that an element shows by an attribute, as an absolute URL; "" for none, undefined when it is not one that shows files. */
export function fileOf(element: Element): string | undefined {
  let url: string | undefined;
  // By name, not by class: a frame's elements are of another realm's classes.
  switch (element.localName) {
    case "img":
      url = (element as HTMLImageElement).currentSrc || (element as HTMLImageElement).src;
      break;
    case "video":
      url = (element as HTMLVideoElement).poster;
      break;
    case "input":
      if ((element as HTMLInputElement).type !== "image") return undefined;
      url = (element as HTMLInputElement).src;
      break;
    case "image":
    case "use":
      url = (element as SVGImageElement).href?.baseVal;
      if (element.localName === "use") url = url?.replace(/#.*$/s, "");
      break;
    default:
      return undefined;
  }
  return url ? absolute(url, element.baseURI) : "";
}

/** Whether the page has read what an image element shows. What it could not read, and what never ends, is not asked for again. */
function isRead(element: Element): boolean {
  if (element.localName !== "img") return true;
  const { complete, naturalWidth } = element as HTMLImageElement;
  return complete && naturalWidth > 0;
}
