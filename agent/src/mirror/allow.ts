import { NamespaceHTML, NamespaceMathML, NamespaceSVG } from "../../../signal/wire/wire.gen.js";
import {
  childless, globalAttributes, htmlAttributes, htmlElements, htmlUnseen, mathAttributes, mathElements, neverAttributes, standIns,
  svgAttributes, svgElements,
} from "./names.js";

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

/** An attribute as the mirror sets it. */
export interface AllowedAttribute {
  readonly namespace: string | null;
  readonly value: string;
  /** The value holds CSS, whose URLs have to be rewritten. */
  readonly css: boolean;
}

const customName = /^[a-z][-.\w\u00b7\u00c0-\uffff]*-[-.\w\u00b7\u00c0-\uffff]*$/;
const attributeName = /^[A-Za-z_][\w.:-]*$/;

/** Tells what to make for an element. Names not on the list become elements that mean nothing. */
export function elementRule(namespace: number, name: string): ElementRule {
  switch (namespace) {
    case NamespaceHTML: {
      const rule = { namespace: html, name, children: !childless.has(name), sheet: name === "style", custom: false };
      if (htmlElements.has(name)) return rule;
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

/** Gives an attribute of an element as it may be set, or undefined when it may not. The element's name is that of its rule. */
export function allowedAttribute(namespace: string, element: string, name: string, value: string): AllowedAttribute | undefined {
  if (!attributeName.test(name) || /^on/i.test(name)) return undefined;
  const plain = { namespace: null, value, css: false };
  if (name === "style") return { ...plain, css: true };
  if (globalAttributes.has(name)) return plain;
  switch (namespace) {
    case svg:
      return svgAttribute(element, name, plain);
    case math:
      return mathAttributes.has(name) || isInert(name) ? plain : undefined;
    default:
      return htmlAttribute(element, name, plain);
  }
}

function htmlAttribute(element: string, name: string, plain: AllowedAttribute): AllowedAttribute | undefined {
  switch (name) {
    case "href":
      return element === "a" || element === "area" ? harmless(plain) : undefined;
    case "name":
      // Of these, a name becomes a property of the document, in front of the document's own.
      return ["img", "form", "iframe", "object", "embed", "a"].includes(element) ? undefined : plain;
    case "type":
      return element === "style" ? undefined : plain;
    case "popover":
      // An automatic popover closes when another opens; what is open is for the customer's page to tell.
      return { ...plain, value: "manual" };
    case "sizes":
      // How wide an image chosen for its density is.
      return element === "img" && /^\d{1,5}px$/.test(plain.value) ? plain : undefined;
    case "usemap":
      return plain.value.startsWith("#") ? plain : undefined;
  }
  if (htmlAttributes.has(name) || isInert(name)) return plain;
  return element.includes("-") && !neverAttributes.has(name) && !name.includes(":") ? plain : undefined;
}

function svgAttribute(element: string, name: string, plain: AllowedAttribute): AllowedAttribute | undefined {
  switch (name) {
    case "href":
    case "xlink:href": {
      const address = { ...plain, namespace: name === "href" ? null : xlink };
      if (element === "a") return harmless(address);
      if (element === "use" && /^qwelp:\d{1,10}#/.test(plain.value)) return address;
      return element !== "image" && plain.value.startsWith("#") ? address : undefined;
    }
    case "xml:space":
    case "xml:lang":
      return { ...plain, namespace: xml };
    case "type":
      return element === "style" ? undefined : plain;
  }
  if (svgAttributes.has(name)) return { ...plain, css: /[(\\]/.test(plain.value) };
  return isInert(name) ? plain : undefined;
}

/** Names with a hyphen, or that begin with an underscore, mean nothing to a browser: data-, aria-, and those of frameworks. */
function isInert(name: string): boolean {
  return (name.includes("-") || name.startsWith("_")) && !name.includes(":") && name !== "http-equiv" && name !== "accept-charset";
}

/** A link's address, which style sheets may ask for. Browsers ignore control characters and white space within a scheme. */
function harmless(address: AllowedAttribute): AllowedAttribute | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address.value.replace(/[\0-\x20]/g, ""))?.[1]?.toLowerCase();
  return scheme === undefined || ["http", "https", "mailto", "tel"].includes(scheme) ? address : undefined;
}
