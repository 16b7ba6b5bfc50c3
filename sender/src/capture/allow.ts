import { NamespaceHTML, NamespaceMathML, NamespaceSVG, SecretValue } from "../../../signal/wire/wire.gen.js";
import { Redacted, type Policy } from "./policy.js";

function names(text: string): Set<string> {
  return new Set(text.split(" "));
}

/** Elements of HTML that are sent: these, custom elements, and those that are no more to the browser than a name for style sheets. */
const htmlElements = names(
  "a area audio blockquote body br button canvas caption col colgroup data datalist del details dialog div dl embed fieldset font form h1 h2 " +
  "h3 h4 h5 h6 head hr html iframe img input ins label legend li map menu meter nobr object ol optgroup option output p picture pre progress q " +
  "select selectedcontent slot source span style table tbody td template textarea tfoot th thead time title tr track ul video",
);
const customElement = /^[a-z][^A-Z]*-/;
const plainElement = /^\[object HTML(Unknown|Marquee|Directory)?Element\]$/;

/** Elements of SVG that are sent besides those that the browser draws. */
const svgElement = /^(fe[A-Z]\w+|(linear|radial)Gradient|stop|pattern|marker|mask|clipPath|symbol|filter|style)$/;
const mathElement = /^(m[a-z]+|semantics|annotation(-xml)?)$/;

/** Elements whose children say nothing that is seen, or that is not told otherwise. */
const childless = names("template textarea style link iframe title datalist object embed");

/** Whether an element is sent at all. Of links, only style sheets are. */
export function elementAllowed(element: Element): boolean {
  const { localName } = element;
  switch (namespaceOf(element)) {
    case NamespaceSVG:
      return "getBBox" in element || svgElement.test(localName);
    case NamespaceMathML:
      return mathElement.test(localName);
  }
  if (localName === "link") return /(^|\s)stylesheet(\s|$)/i.test((element as HTMLLinkElement).rel);
  if (htmlElements.has(localName) || customElement.test(localName)) return true;
  return plainElement.test(String(element)) && !/^no/.test(localName) && !!htmlElements.add(localName);
}

/** Elements that are like one picture. */
export const pictured = /^(select|svg|math|canvas|video|audio)$/;

/** Whether an element's children are sent under a policy. */
export function childrenAllowed({ localName }: Element, policy: Policy): boolean {
  return !childless.has(localName) && !(policy && (policy > Redacted || pictured.test(localName)));
}

/** Attributes that keep the layout of what is redacted. */
const plain = names(
  "align border cellpadding cellspacing class colspan contenteditable dir disabled exportparts height hidden inert lang multiple nowrap " +
  "open part popover readonly role rowspan slot span type valign width wrap",
);

/** Further ones, where nothing is redacted. Some mean nothing in HTML, but style sheets often ask for them. */
const telling = names(
  "active alt bgcolor checked color cols controls current display displaystyle expanded face for high id label level linethickness lspace " +
  "low mathvariant max maxlength media min minlength mode name optimum orientation placeholder placement position rel required reversed rows rspace rules " +
  "scope scriptlevel selected size start state status step stretchy style tabindex theme title variant",
);

/** Attributes of SVG besides those with a counterpart in style sheets or in the element's interface. */
const svgAttribute = /^(d|in|orient|stdDeviation|baseFrequency|radius|kernelMatrix|kernelUnitLength|order|xml:space)$/;

const addresses = names("href xlink:href cite");
const secretName = /token|csrf|xsrf|secret|password|passwd|auth|session|api-?key|nonce|signature/i;

/** The value to send for an attribute, or undefined when it is not sent: whatever is not known to be harmless is not. */
export function attributeValue(element: Element, name: string, value: string, redacted = false): string | undefined {
  if (addresses.has(name)) return redacted ? "#" : address(value);
  if (name === "value") return labelOrMeasure(element as HTMLInputElement, value, redacted);
  // Style sheets of frameworks ask for attributes that are only there or not.
  if (plain.has(name) || (value === "" && name.includes("-"))) return value;
  if (redacted) {
    if (name === "id") return /\d{3}|.{33}/s.test(value) ? undefined : value;
    return name === "style" ? harmlessStyle(value) : undefined;
  }
  if (name.startsWith("data-")) return value.length > 64 || secretName.test(name) ? undefined : value;
  if (telling.has(name) || name.startsWith("aria-")) return value;
  return namespaceOf(element) === NamespaceSVG && draws(element as SVGElement, name) ? value : undefined;
}

/** Whether the browser draws an element of SVG by this attribute. */
function draws(element: SVGElement, name: string): boolean {
  return name in element.style || svgAttribute.test(name) || /^\[object SVG/.test(String(element[name as keyof SVGElement]));
}

function labelOrMeasure({ localName, type }: HTMLInputElement, value: string, redacted: boolean): string | undefined {
  if (localName === "input") return /^(button|submit|reset)$/.test(type) ? (redacted ? SecretValue : value) : undefined;
  return !redacted && /^(li|progress|meter)$/.test(localName) ? value : undefined;
}

/** Of a style attribute, the declarations that can neither spell a text nor name an address. */
function harmlessStyle(value: string): string {
  return value.split(";").filter((part) => /^\s*[a-z][\w-]*\s*:[^"'\\]*$/i.test(part) && !/(url|attr|src)\(/i.test(part)).join(";");
}

/** A URL without what may be secret in it: query and, unless it is all there is, hash. Only harmless schemes stay. */
function address(value: string): string | undefined {
  if (value.startsWith("#")) return value;
  if (/^\s*(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:/i.test(value)) return undefined;
  return value.replace(/[?#].*$/s, "");
}

/** The number of an element's namespace, as operations tell it. */
export function namespaceOf(element: Element): number {
  switch (element.namespaceURI) {
    case "http://www.w3.org/2000/svg":
      return NamespaceSVG;
    case "http://www.w3.org/1998/Math/MathML":
      return NamespaceMathML;
    default:
      return NamespaceHTML;
  }
}
