import { Assets } from "./assets.js";
import { allowedAttribute, elementRule, type ElementRule } from "./allow.js";
import { boxAttribute, setBox, showBox } from "./box.js";
import { safeCSS } from "./css.js";
import { attribute, attributeOf, documentOf } from "./dom.js";
import { Embeds, sandbox, type EmptyPages } from "./embed.js";
import { Pseudo } from "./pseudo.js";
import { Sheets } from "./sheets.js";
import { State } from "./state.js";
import { preload, Surfaces } from "./surfaces.js";
import { Tree, type Entry } from "./tree.js";

/** What a picture tells its owner. */
export interface PictureEvents {
  /** A document is there, in which nothing may react. */
  opened(document: Document): void;
  /** Something that was waited for is in place. */
  changed(): void;
}

/** What Page tells, kept in step by later operations. */
export interface PageInfo {
  url: string;
  title: string;
  width: number;
  height: number;
  scale: number;
  /** The customer prefers dark pages. */
  dark: boolean;
}

/** Picture is one page of the customer as it is rebuilt: beside the document at first, inside it once it is shown. */
export class Picture {
  readonly assets = new Assets(() => this.events.changed());
  readonly sheets = new Sheets(this.assets);
  readonly pseudo = new Pseudo();
  private readonly surfaces = new Surfaces();
  readonly state = new State((entry) => this.pseudo.has("focus-visible", entry));
  readonly tree: Tree;
  private readonly rules = new Map<string, ElementRule>();
  private readonly embeds: Embeds;
  private readonly listening = new AbortController();
  /** Whether it is in its document. */
  shown = false;

  constructor(
    readonly info: PageInfo,
    readonly document: Document,
    pages: EmptyPages,
    private readonly events: PictureEvents,
  ) {
    this.tree = new Tree(document.createDocumentFragment(), (entry) => this.forgotten(entry));
    this.embeds = new Embeds(this.tree, pages, { filled: (inner) => this.filled(inner) });
  }

  element(namespace: number, name: string, attributes: readonly string[]): void {
    const rule = this.rule(namespace, name);
    if (rule.custom) define(this.document, rule.name);
    const node = make(this.document, rule, name);
    prepare(node, rule);
    for (let i = 0; i + 1 < attributes.length; i += 2) this.set(node, rule, attributes[i]!, attributes[i + 1]);
    if (rule.name === "canvas") this.surfaces.refresh(node);
    const entry = this.tree.addElement(node, rule.children ? node : this.document.createDocumentFragment(), rule);
    if (rule.name === "video") this.sheets.video(rootOf(entry));
  }

  text(data: string): void {
    this.tree.addText(this.document.createTextNode(data));
  }

  /** Sets an attribute, or removes it when value is undefined. */
  attribute(number: number, name: string, value: string | undefined): void {
    const { node, rule } = this.tree.element(number);
    this.set(node as Element, rule!, name, value);
    if (rule!.name === "img" && name === "sizes") this.assets.again(node, "#image");
    // A canvas is shown by its style.
    if (rule!.name === "canvas" && /^(style|width|height)$/.test(name)) this.surfaces.refresh(node as Element);
  }

  frameDocument(quirks: boolean): void {
    const frame = this.tree.here;
    const entry = this.tree.addFrameDocument();
    if (frame.rule?.name === "iframe") this.embeds.open(frame.node as HTMLIFrameElement, entry, quirks);
  }

  sheetText(number: number, css: string): void {
    const { node, rule } = this.tree.element(number);
    if (rule?.sheet) this.sheets.text(node as Element, css);
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
  show(): void {
    this.shown = true;
    this.tree.fill(this.tree.root, this.document);
    this.filled(this.document);
  }

  /** Does what has to wait for the end of a frame. */
  settle(mayFocus: boolean): void {
    if (!this.shown) return;
    const arrived = this.assets.flush();
    this.state.settle(mayFocus);
    if (arrived) this.state.rescroll();
  }

  /** Ends it. What it shows loses its images. */
  dispose(): void {
    this.listening.abort();
    this.assets.dispose();
    this.surfaces.dispose();
  }

  /** The rule for an element, from those found before when it can be. */
  private rule(namespace: number, name: string): ElementRule {
    const key = `${namespace} ${name}`;
    const known = this.rules.get(key);
    if (known) return known;
    const rule = elementRule(namespace, name);
    this.rules.set(key, rule);
    return rule;
  }

  private set(element: Element, rule: ElementRule, name: string, value: string | undefined): void {
    if (rule.name === "style" && name === "type") return;
    if (name === boxAttribute) return setBox(element, value);
    const allowed = allowedAttribute(rule.namespace, rule.name, name, value ?? "#");
    if (!allowed) return;
    const { namespace, css } = allowed;
    const part = /^qwelp:(\d+)(#.*)$/s.exec(allowed.value);
    if (rule.name === "use" && part) {
      const apply = (): void => {
        const url = this.assets.url(Number(part[1]));
        attribute(element, namespace, name, url ? url + part[2]! : "#");
      };
      this.assets.use(element, name, [Number(part[1])], apply);
      return apply();
    }
    try {
      if (!css || value === undefined) {
        attribute(element, namespace, name, value === undefined ? undefined : allowed.value);
        if (!css) return;
        this.assets.use(element, name, [], () => undefined);
        showBox(element);
        return;
      }
      const apply = (): readonly number[] => {
        const safe = safeCSS(value, this.assets.url);
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

  private filled(document: Document): void {
    const { signal } = this.listening;
    this.events.opened(document);
    document.addEventListener("scroll", ({ target }) => this.state.scrolled(target as Node), { capture: true, passive: true, signal });
    document.addEventListener("load", () => this.state.rescroll(), { capture: true, signal });
    document.fonts.addEventListener("loadingdone", () => this.state.rescroll(), { signal });
    this.sheets.reapply(document);
    this.state.restore(document);
    this.events.changed();
  }

  private forgotten(entry: Entry): void {
    this.state.forget(entry);
    this.sheets.forget(entry);
    this.embeds.forget(entry.node);
    this.assets.forget(entry.node);
  }
}

/** The document or shadow root an entry is in. */
function rootOf(entry: Entry): Entry {
  let root = entry;
  while (root.parent && (root.kind === "element" || root.kind === "text")) root = root.parent;
  return root;
}

function make(document: Document, { namespace, name }: ElementRule, wanted: string): Element {
  try {
    // What has no meaning to this browser either may keep its name, for which style sheets may ask.
    if (name === "qwelp-other") {
      const unknown = document.createElementNS(namespace, wanted);
      if (Object.prototype.toString.call(unknown) === "[object HTMLUnknownElement]") return unknown;
    }
    return document.createElementNS(namespace, name);
  } catch {
    // What is a name to the parser is not always one to the DOM.
    return document.createElementNS(namespace, "qwelp-other");
  }
}

/** A class that does nothing makes :defined true of custom elements, as it is where the customer sees them. */
function define(document: Document, name: string): void {
  const view = document.defaultView as (Window & typeof globalThis) | null;
  if (!view || view.customElements.get(name)) return;
  try {
    view.customElements.define(name, class extends view.HTMLElement {});
  } catch {
    // A name that is reserved stays undefined, also on the customer's page.
  }
}

/** What an element is given so that the agent's browser adds nothing of its own. */
function prepare(element: Element, { namespace, name }: ElementRule): void {
  if (!namespace.endsWith("xhtml")) return;
  switch (name) {
    case "html":
      attribute(element, null, "spellcheck", "false");
      attribute(element, null, "translate", "no");
      break;
    case "input":
    case "textarea":
    case "select":
      attribute(element, null, "autocomplete", "off");
      break;
    case "noscript":
      // It is displayed where no script runs.
      attribute(element, null, "style", "display: none");
      break;
    case "img":
      attribute(element, null, "decoding", "sync");
      break;
    case "iframe":
      attribute(element, null, "sandbox", sandbox);
      attribute(element, null, "tabindex", "-1");
      break;
  }
}

const canvasImage = "#canvas"; // no attribute, but a style

function imageAttribute(element: Element): string | undefined {
  switch (element.localName) {
    case "img":
    case "input":
      return "src";
    case "video":
      return "poster";
    case "canvas":
      return canvasImage;
    case "image":
      return documentOf(element) && element.namespaceURI?.endsWith("svg") ? "href" : undefined;
    default:
      return undefined;
  }
}
