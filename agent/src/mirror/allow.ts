import { NamespaceHTML, NamespaceMathML, NamespaceSVG } from "../../../signal/wire/wire.gen.js";
import {
  childless, formStandIn, globalAttributes, htmlElements, htmlUnseen, mathElements, standIns, svgAttributes, svgElements,
} from "./names.js";
import { hasOwnName } from "./selectors.js";

const html = "http://www.w3.org/1999/xhtml";
const svg = "http://www.w3.org/2000/svg";
const math = "http://www.w3.org/1998/Math/MathML";
const xlink = "http://www.w3.org/1999/xlink";
const xml = "http://www.w3.org/XML/1998/namespace";

/** What stands in the mirror for an element of the customer's page. */
export interface ElementRule {
  readonly namespace: string;
  /** Local name of what is made. */
  readonly name: string;
  /** Whether the children are put inside it; if not, they are only counted. */
  readonly children: boolean;
  /** It brings a style sheet. */
  readonly sheet: boolean;
  /** It is undefined in the mirror unless a class is made for it. */
  readonly custom: boolean;
}

/** How an attribute of an element is set. */
export interface AttributeRule {
  readonly namespace: string | null;
  /** Gives a value as it may be set, or undefined when it may not. Without it, any may. */
  readonly allowed?: (value: string) => string | undefined;
  /** Tells values that hold CSS, whose URLs have to be rewritten. */
  readonly css?: RegExp;
  /** The value is a media query. */
  readonly query?: boolean;
}

const customName = /^[a-z][-.\w\u00b7\u00c0-\uffff]*-[-.\w\u00b7\u00c0-\uffff]*$/;
const attributeName = /^[A-Za-z_][\w.:-]*$/;

/** Tells what to make for an element. Names not on the list become elements that mean nothing. */
export function elementRule(namespace: number, name: string): ElementRule {
  switch (namespace) {
    case NamespaceHTML: {
      const rule = { namespace: html, name, children: !childless.has(name), sheet: name === "style", custom: false };
      if (htmlElements.has(name)) return rule;
      if (name === "form") return { ...rule, name: formStandIn };
      // As large as they are by default, and as empty.
      if (name === "object" || name === "embed") return { ...rule, name: "canvas", children: false };
      // Only a style element can hold the rules of a sheet and, like a link, shows nothing.
      const standIn = standIns.get(name);
      if (standIn) return { ...rule, name: standIn, children: false };
      if (htmlUnseen.has(name)) return { ...rule, name: "style", children: false, sheet: name === "link" };
      if (customName.test(name) && !/[A-Z]/.test(name)) return { ...rule, custom: true };
      return { ...rule, name: "qwelp-other" };
    }
    case NamespaceSVG: {
      const known = svgElements.has(name);
      return { namespace: svg, name: known ? name : "metadata", children: known && name !== "style", sheet: name === "style", custom: false };
    }
    case NamespaceMathML:
      return { namespace: math, name: mathElements.has(name) ? name : "mrow", children: true, sheet: false, custom: false };
    default:
      return { namespace: html, name: "qwelp-other", children: true, sheet: false, custom: false };
  }
}

const plain: AttributeRule = { namespace: null };

/** The address of every link: no browser can read it, so that none goes anywhere by it. What style sheets ask of addresses is answered by another attribute. */
const noAddress = "http://";

/** Tells how to set an attribute of an element; undefined: not at all. The element's name is that of its rule. */
export function attributeRule(namespace: string, element: string, name: string): AttributeRule | undefined {
  if (!attributeName.test(name) || /^on/i.test(name)) return undefined;
  if (name === "style") return { ...plain, css: /^/ };
  // The agent's browser would choose one of several sets of sheets by their titles.
  if (name === "title" && element === "style") return undefined;
  if (globalAttributes.has(name)) return plain;
  switch (namespace) {
    case svg:
      return svgAttribute(element, name);
    case math:
      return hasOwnName(name) ? plain : undefined;
    default:
      return htmlAttribute(element, name);
  }
}

function htmlAttribute(element: string, name: string): AttributeRule | undefined {
  switch (name) {
    case "href":
      return element === "a" || element === "area" ? { ...plain, allowed: () => noAddress } : undefined;
    case "name":
      // Of these, a name becomes a property of the document, in front of the document's own.
      return ["img", "form", "iframe", "frame", "object", "embed", "a"].includes(element) ? undefined : plain;
    case "media":
      return { ...plain, query: true };
    case "type":
      return element === "style" ? undefined : plain;
    case "popover":
      // An automatic popover closes when another opens; what is open is for the customer's page to tell.
      return { ...plain, allowed: () => "manual" };
    case "sizes":
      // How wide an image chosen for its density is.
      return element === "img" ? { ...plain, allowed: matching(/^\d{1,5}px$/) } : undefined;
    case "usemap":
      return { ...plain, allowed: matching(/^#/) };
  }
  return hasOwnName(name) ? plain : undefined;
}

function svgAttribute(element: string, name: string): AttributeRule | undefined {
  switch (name) {
    case "href":
    case "xlink:href": {
      const namespace = name === "href" ? null : xlink;
      if (element === "a") return { namespace, allowed: () => noAddress };
      if (element === "use") return { namespace, allowed: matching(/^(?:qwelp:\d{1,10})?#/) };
      return element === "image" ? undefined : { namespace, allowed: matching(/^#/) };
    }
    case "xml:space":
    case "xml:lang":
      return { namespace: xml };
    case "media":
      return { ...plain, query: true };
    case "type":
      return element === "style" ? undefined : plain;
  }
  if (svgAttributes.has(name)) return { ...plain, css: /[(\\]/ };
  return hasOwnName(name) ? plain : undefined;
}

function matching(form: RegExp): (value: string) => string | undefined {
  return (value) => (form.test(value) ? value : undefined);
}
