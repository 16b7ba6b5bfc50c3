import { attributeRule, elementRule, type AttributeRule, type ElementRule } from "./allow.js";
import { attribute } from "./dom.js";
import { formStandIn } from "./names.js";
import { sandbox } from "./embed.js";
import { arrange } from "./fields.js";

/** Model is what the elements of one name are made by. */
export class Model {
  private readonly attributes = new Map<string, AttributeRule | undefined>();
  private original: Element | undefined;

  constructor(
    readonly rule: ElementRule,
    private readonly document: Document,
    private readonly wanted: string,
  ) {
    if (rule.custom) define(document, rule.name);
  }

  /** Makes an element. To copy one takes half the time. */
  make(): Element {
    if (this.rule.custom) return make(this.document, this.rule, this.wanted);
    if (!this.original) {
      this.original = make(this.document, this.rule, this.wanted);
      prepare(this.original, this.rule);
      if (this.wanted === "form" && this.rule.name === formStandIn) attribute(this.original, null, "qwelp-form", "");
    }
    return this.original.cloneNode() as Element;
  }

  /** Tells how to set an attribute; undefined: not at all. */
  attribute(name: string): AttributeRule | undefined {
    const known = this.attributes.get(name);
    if (known || this.attributes.has(name)) return known;
    const rule = attributeRule(this.rule.namespace, this.rule.name, name);
    // A page may have any number of names.
    if (this.attributes.size < 1_000) this.attributes.set(name, rule);
    return rule;
  }
}

/** Models has a model for every name of an element on a page. */
export class Models {
  private readonly known: Map<string, Model>[] = [];

  constructor(private readonly document: Document) {}

  get(namespace: number, name: string): Model {
    const inNamespace = (this.known[Math.min(namespace, 3)] ??= new Map());
    let model = inNamespace.get(name);
    if (!model) inNamespace.set(name, (model = new Model(elementRule(namespace, name), this.document, name)));
    return model;
  }
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
      arrange(element);
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
