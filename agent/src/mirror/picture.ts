import { Assets } from "./assets.js";
import { allowedAttribute, elementRule, type ElementRule } from "./allow.js";
import { safeCSS } from "./css.js";
import { attribute, documentOf } from "./dom.js";
import { Embeds, sandbox, type EmptyPages } from "./embed.js";
import { Sheets } from "./sheets.js";
import { State } from "./state.js";
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
}

/** Picture is one page of the customer as it is rebuilt: beside the document at first, inside it once it is shown. */
export class Picture {
  readonly assets = new Assets(() => this.events.changed());
  readonly sheets = new Sheets(this.assets);
  readonly state = new State();
  readonly tree: Tree;
  private readonly rules = new WeakMap<Node, ElementRule>();
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
    const rule = elementRule(namespace, name);
    if (rule.custom) define(this.document, rule.name);
    const node = make(this.document, rule);
    this.rules.set(node, rule);
    prepare(node, rule);
    for (let i = 0; i + 1 < attributes.length; i += 2) this.set(node, rule, attributes[i]!, attributes[i + 1]);
    this.tree.addElement(node, rule.children ? node : this.document.createDocumentFragment());
  }

  text(data: string): void {
    this.tree.addText(this.document.createTextNode(data));
  }

  /** Sets an attribute, or removes it when value is undefined. */
  attribute(number: number, name: string, value: string | undefined): void {
    const node = this.tree.element(number).node as Element;
    this.set(node, this.rules.get(node)!, name, value);
  }

  frameDocument(quirks: boolean): void {
    const frame = this.tree.here;
    const entry = this.tree.addFrameDocument();
    if (this.rules.get(frame.node)?.name === "iframe") this.embeds.open(frame.node as HTMLIFrameElement, entry, quirks);
  }

  sheetText(number: number, css: string): void {
    const { node } = this.tree.element(number);
    if (this.rules.get(node)?.sheet) this.sheets.text(node as Element, css);
  }

  image(number: number, asset: number): void {
    const element = this.tree.element(number).node as Element;
    const name = imageAttribute(element);
    if (!name) return;
    const apply = (): void => attribute(element, null, name, this.assets.url(asset));
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
  }

  private set(element: Element, rule: ElementRule, name: string, value: string | undefined): void {
    if (rule.name === "style" && name === "type") return;
    const allowed = allowedAttribute(rule.namespace, rule.name, name, value ?? "#");
    if (!allowed) return;
    const { namespace, css } = allowed;
    try {
      if (!css || value === undefined) {
        attribute(element, namespace, name, value === undefined ? undefined : allowed.value);
        if (css) this.assets.use(element, name, [], () => undefined);
        return;
      }
      const apply = (): readonly number[] => {
        const safe = safeCSS(value, this.assets.url);
        attribute(element, namespace, name, safe.text);
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
    document.adoptedStyleSheets = [];
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

function make(document: Document, { namespace, name }: ElementRule): Element {
  try {
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
    case "img":
      attribute(element, null, "decoding", "sync");
      break;
    case "iframe":
      attribute(element, null, "sandbox", sandbox);
      attribute(element, null, "tabindex", "-1");
      break;
  }
}

function imageAttribute(element: Element): string | undefined {
  switch (element.localName) {
    case "img":
    case "input":
      return "src";
    case "video":
      return "poster";
    case "image":
      return documentOf(element) && element.namespaceURI?.endsWith("svg") ? "href" : undefined;
    default:
      return undefined;
  }
}
