import { Allowance, scarceOf, spanOf } from "./allowance.js";
import { Animations } from "./animations.js";
import { Assets, type Shared } from "./assets.js";
import { boxAttribute, setBox, showBox } from "./box.js";
import { Bounds } from "./bounds.js";
import { device, safeCSS } from "./css.js";
import { declarationSteps } from "./declarationcost.js";
import { attribute, attributeOf } from "./dom.js";
import { EmbeddedPlace, Embeds, type EmptyPages } from "./embed.js";
import type { Place } from "./frame.js";
import { Defaults } from "./defaults.js";
import { Features } from "./features.js";
import { isStanding, stand } from "./fields.js";
import { canvasImage, imageAttribute } from "./imageattribute.js";
import { Highlights } from "./highlights.js";
import { keepLong, splicedLong } from "./longtexts.js";
import { Models, type Model } from "./models.js";
import { formStandIn } from "./names.js";
import { Players, type Player } from "./players.js";
import { Pseudo } from "./pseudo.js";
import { exported, standInFor, standing } from "./selectors.js";
import { Sheets } from "./sheets.js";
import { State } from "./state.js";
import { preload, Surfaces } from "./surfaces.js";
import { Refused, Tree, type Entry } from "./tree.js";
import { NamespaceHTML } from "../../../signal/wire/wire.gen.js";

/** What a picture tells its owner. */
export interface PictureEvents {
  /** A document is there, in which nothing may react. */
  opened(document: Document): void;
  /** Something that was waited for is in place. */
  changed(): void;
  /** Something is left out, as it would cost too much. */
  bounded(): void;
  /** A page is to be shown inside a frame; undefined: there are too many. */
  embedded(host: Entry, place: Place): Inner | undefined;
}

/** What shows a page inside a frame that another sender tells of. */
export interface Inner {
  /** Audio and video elements that are seen. */
  readonly players: readonly Player[];
  receive(frame: Uint8Array): void;
  clear(): void;
}

/** What Page tells, kept in step by later operations. */
export interface PageInfo {
  url: string;
  title: string;
  width: number;
  height: number;
  scale: number;
  /** What the customer's device tells style sheets. */
  features: Features;
  /** The part of the viewport that the customer sees; undefined: all of it. */
  seen: Readonly<DOMRectReadOnly> | undefined;
  /** Parts of it are left out, as they would cost too much. */
  partial: boolean;
  /** Number of the frame that began it. */
  number: number;
}

/** Picture is one page of the customer as it is rebuilt: beside the document at first, inside it once it is shown. */
export class Picture {
  readonly allowance = new Allowance(() => this.events.bounded());
  readonly assets: Assets;
  readonly sheets: Sheets;
  readonly bounds: Bounds;
  readonly pseudo = new Pseudo();
  readonly players = new Players();
  readonly animations: Animations;
  readonly highlights = new Highlights(this.allowance);
  private readonly surfaces = new Surfaces();
  private readonly defaults = new Defaults();
  readonly state = new State((entry) => this.pseudo.has("focus-visible", entry));
  readonly tree: Tree;
  private readonly models: Models;
  private readonly embeds: Embeds;
  private readonly inners = new Map<Entry, Inner>();
  private readonly listening = new AbortController();
  private readonly holders = new WeakMap<Node, object>();
  /** Bytes of frames for pages inside frames. */
  forInners = 0;
  /** Whether it is in its document. */
  shown = false;

  constructor(
    readonly info: PageInfo,
    readonly document: Document,
    pages: EmptyPages,
    private readonly events: PictureEvents,
    around: number,
    shared?: Shared,
  ) {
    this.assets = new Assets(() => this.events.changed(), () => this.events.bounded(), shared);
    this.sheets = new Sheets(this.assets, (rules) => this.bounds.rules(rules));
    this.animations = new Animations(this.assets, this.allowance);
    this.assets.tell(info.features);
    this.models = new Models(document);
    this.tree = new Tree(document.createDocumentFragment(), (entry) => this.forgotten(entry));
    this.bounds = new Bounds(this.tree, this.sheets, () => this.events.bounded());
    this.embeds = new Embeds(this.tree, pages, { filled: (inner) => this.filled(inner) }, around);
  }

  element(namespace: number, name: string, attributes: readonly string[]): void {
    const [kind, amount] = (namespace === NamespaceHTML && scarceOf(name, attributes)) || [];
    // What takes its place counts for selectors, and is not displayed.
    const holder = {};
    const fits = !kind || this.allowance.take(holder, kind, amount!);
    const model = this.models.get(namespace, fits ? name : "template");
    const node = model.make();
    if (kind && fits) this.holders.set(node, holder);
    for (let i = 0; i + 1 < attributes.length; i += 2) this.set(node, model, attributes[i]!, attributes[i + 1]);
    const { rule } = model;
    if (rule.name === "canvas") this.surfaces.refresh(node);
    const entry = this.tree.addElement(node, rule.children ? node : this.document.createDocumentFragment(), model);
    this.bounds.changed(node, entry);
    for (let i = 1; i < attributes.length; i += 2) keepLong(entry, attributes[i - 1]!, attributes[i]);
    if (based.has(name)) this.sheets.base(rootOf(entry));
    if (rule.name === formStandIn && name === "form") this.defaults.add(node);
    else this.defaults.touch(node);
  }

  text(data: string): void {
    const node = this.document.createTextNode(data);
    if (!this.allowance.take(node, "text", data.length)) node.data = "";
    this.tree.addText(node);
  }

  setText(number: number, data: string): void {
    const { node } = this.tree.get(number);
    this.tree.setText(number, this.allowance.take(node, "text", data.length) ? data : "");
  }

  /** Sets an attribute, or removes it when value is undefined. */
  attribute(number: number, name: string, value: string | undefined): void {
    const entry = this.tree.element(number);
    const { node, model } = entry;
    this.set(node as Element, model!, name, value);
    this.bounds.changed(node as Element, entry);
    keepLong(entry, name, value);
    if (name === "type" || name === "form") this.defaults.touch(node as Element);
    if (name === "part") this.pseudo.parted(entry);
    if (model!.rule.name === "img" && name === "sizes") this.assets.again(node, "#image");
    // A canvas is shown by its style.
    if (model!.rule.name === "canvas" && /^(style|width|height)$/.test(name)) this.surfaces.refresh(node as Element);
  }

  /** Sets what a field holds. */
  value(number: number, value: string): void {
    const entry = this.tree.element(number);
    this.state.value(entry, this.allowance.take(entry, "text", value.length) ? value : "");
    keepLong(entry, "", value);
  }

  /** Puts text in the place of a part of a long one: of a text node, an attribute, or, without a name, what a field holds. */
  splice(number: number, name: string, at: number, gone: number, text: string): void {
    const entry = this.tree.get(number);
    if (entry.kind === "text") {
      const { length } = entry.node as Text;
      if (length === 0) return; // there was no room for it
      if (!this.allowance.take(entry.node, "text", length - gone + text.length)) return this.tree.setText(number, "");
      return this.tree.spliceText(entry, at, gone, text);
    }
    const now = splicedLong(entry, name, at, gone, text);
    if (name === "") this.value(number, now);
    else this.attribute(number, name, now);
  }

  move(number: number, parent: number, before: number): void {
    this.tree.move(number, parent, before);
    this.bounds.moved();
    this.sheets.moved(rootOf(this.tree.get(number)));
    this.defaults.moved();
  }

  frameDocument(quirks: boolean): void {
    const frame = this.tree.here;
    const entry = this.tree.addFrameDocument();
    if (isFrame(frame)) this.embeds.open(frame, entry, quirks);
  }

  /** Takes a frame of the page inside an iframe; an empty one ends that. */
  embedded(number: number, frame: Uint8Array): void {
    const host = this.tree.element(number);
    if (!isFrame(host)) throw new Refused(`node ${number} has no page inside`);
    this.forInners += frame.length;
    const inner = this.inners.get(host) ?? (frame.length > 0 ? this.events.embedded(host, new EmbeddedPlace(host, this.embeds, this.document)) : undefined);
    if (!inner) return;
    this.inners.set(host, inner);
    if (frame.length > 0) inner.receive(frame);
    else this.end(host);
  }

  /** What shows the page inside a frame. */
  inner(frame: Element | undefined): Inner | undefined {
    for (const [host, inner] of this.inners) if (host.node === frame) return inner;
    return undefined;
  }

  /** Audio and video elements that are seen, also those inside frames. */
  get seenPlayers(): Player[] {
    return [...this.players.seen, ...[...this.inners.values()].flatMap(({ players }) => players)];
  }

  sheetText(number: number, css: string): void {
    const { node, model } = this.tree.element(number);
    if (model?.rule.sheet) this.sheets.text(node as Element, css);
  }

  sheetRules(number: number, sheet: number, at: number, gone: number, pieces: readonly string[]): void {
    if (number === 0) return this.sheets.replace(sheet, at, gone, pieces);
    const { node, model } = this.tree.element(number);
    if (model?.rule.sheet) this.sheets.replace(node as Element, at, gone, pieces);
  }

  /** Tells what matches a pseudo-class. What fills the customer's screen fills the page's viewport. */
  tellPseudo(name: string, entries: readonly Entry[]): void {
    for (const entry of this.pseudo.tell(name, entries)) {
      if (name !== "fullscreen") continue;
      this.sheets.base(rootOf(entry));
      this.state.fullscreen(entry);
    }
  }

  /** The customer's device is another. */
  tellDevice(scale: number, features: Features): void {
    Object.assign(this.info, { scale, features });
    features.scale = scale / 100;
    this.assets.tell(features);
  }

  image(number: number, asset: number): void {
    const element = this.tree.element(number).node as Element;
    const name = imageAttribute(element);
    if (!name) return;
    const apply = (): void => {
      const url = this.assets.url(asset);
      if (name === canvasImage) this.surfaces.paint(element, url);
      else if (name === "poster" && url) preload(element, url, () => attribute(element, null, name, url));
      else if (name === "src" && url && attributeOf(element, "sizes")) {
        preload(element, url, (picture) => attribute(element, null, "srcset", `${url} ${picture.naturalWidth}w`));
      } else attribute(element, null, name, url);
    };
    this.assets.use(element, "#image", asset === 0 ? [] : [asset], apply);
    apply();
  }

  /** Puts the page into its document, in place of what is there. */
  show(document: Document): void {
    this.shown = true;
    this.bounds.check();
    this.tree.fill(this.tree.root, document);
    this.filled(document);
  }

  /** Does what has to wait for the end of a frame. */
  settle(mayFocus: boolean): void {
    if (!this.shown) return;
    this.bounds.check();
    this.sheets.settle();
    this.defaults.settle();
    const arrived = this.assets.flush();
    this.state.settle(mayFocus);
    this.highlights.settle();
    if (arrived) this.state.rescroll();
  }

  /** Ends it. What it shows loses its images. */
  dispose(): void {
    for (const host of [...this.inners.keys()]) this.end(host);
    this.listening.abort();
    this.highlights.dispose();
    this.embeds.dispose();
    this.assets.dispose();
    this.surfaces.dispose();
  }

  private set(element: Element, model: Model, name: string, value: string | undefined): void {
    if (name === boxAttribute) return setBox(element, value);
    const standIn = isName.test(name) ? standInFor(name) : undefined;
    if (standIn && standing.has(name) && model.rule.namespace.endsWith("xhtml")) stand(element, name, value);
    else if (standIn) attribute(element, null, standIn, value);
    if (isStanding(element, name)) return;
    const rule = model.attribute(name);
    if (!rule) return;
    if (name === "exportparts" && value) value += exported;
    const allowed = rule.allowed ? rule.allowed(value ?? "#") : value ?? "";
    if (allowed === undefined) return;
    const { namespace } = rule;
    const part = model.rule.name === "use" && /^qwelp:(\d+)(#.*)$/s.exec(allowed);
    if (part) {
      const apply = (): void => {
        const url = this.assets.url(Number(part[1]));
        attribute(element, namespace, name, url ? url + part[2]! : "#");
      };
      this.assets.use(element, name, [Number(part[1])], apply);
      return apply();
    }
    const css = rule.css?.test(allowed);
    if (value !== undefined && !this.affords(element, name, value)) return attribute(element, namespace, name, undefined);
    if (rule.query) {
      const apply = (): void => attribute(element, namespace, name, value && this.assets.query(value));
      this.assets.use(element, name, value ? [device] : [], apply);
      return apply();
    }
    try {
      if (!css || value === undefined) {
        attribute(element, namespace, name, value === undefined ? undefined : allowed);
        if (!rule.css) return;
        this.assets.use(element, name, [], () => undefined);
        showBox(element);
        return;
      }
      const apply = (): readonly number[] => {
        const safe = safeCSS(value, this.assets);
        attribute(element, namespace, name, safe.text);
        showBox(element);
        return safe.assets;
      };
      this.assets.use(element, name, apply(), apply);
    } catch (error) {
      // A name the parser makes attributes of is not always one that the DOM takes.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** Whether there is room for what an attribute asks for. */
  private affords(element: Element, name: string, value: string): boolean {
    if (name === "style") return this.allowance.take(element, "styles", declarationSteps(value));
    if (name === "colspan" || name === "rowspan" || name === "span") {
      const other = name === "rowspan" ? "colspan" : "rowspan";
      return this.allowance.take(element, "spans", Math.max(1, spanOf(name, value)) * Math.max(1, spanOf(other, attributeOf(element, other) ?? "1")) - 1);
    }
    return value.length < long || this.allowance.take(element, "text", value.length);
  }

  private filled(document: Document): void {
    const { signal } = this.listening;
    this.events.opened(document);
    document.addEventListener("scroll", ({ target }) => this.state.scrolled(target as Node), { capture: true, passive: true, signal });
    document.addEventListener("load", () => this.state.rescroll(), { capture: true, signal });
    document.fonts.addEventListener("loadingdone", () => this.state.rescroll(), { signal });
    // The console sizes the frame only after it has heard of the page.
    document.defaultView?.addEventListener("resize", () => {
      this.state.resized();
      this.events.changed();
    }, { signal });
    this.sheets.reapply(document);
    this.state.restore(document);
    this.events.changed();
  }

  private end(host: Entry): void {
    this.inners.get(host)?.clear();
    this.inners.delete(host);
  }

  private forgotten(entry: Entry): void {
    this.end(entry);
    this.state.forget(entry);
    if (entry.kind === "document") this.highlights.forget(entry);
    this.players.forget(entry);
    this.sheets.forget(entry);
    this.bounds.forget(entry);
    this.allowance.forget(entry);
    this.allowance.forget(entry.node);
    const holder = this.holders.get(entry.node);
    if (holder) this.allowance.forget(holder);
    if (entry.kind === "element") this.defaults.forget(entry.node as Element);
    this.embeds.forget(entry.node);
    this.assets.forget(entry.node);
  }
}

const long = 1_000; // UTF-16 units of an attribute that may be shown as text

const isFrame = ({ model }: Entry): boolean => /^i?frame$/.test(model?.rule.name ?? "");
const isName = /^[A-Za-z_][\w.:-]*$/;

/** Elements that our own rules are for. */
const based = new Set(["video", "form", "input"]);

/** The document or shadow root an entry is in. */
function rootOf(entry: Entry): Entry {
  let root = entry;
  while (root.parent && (root.kind === "element" || root.kind === "text")) root = root.parent;
  return root;
}
