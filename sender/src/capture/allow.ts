import { NamespaceHTML, NamespaceMathML, NamespaceSVG, SecretValue } from "../../../signal/wire/wire.gen.js";

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** Elements of HTML that are sent, and custom elements. */
const htmlElements = names(
  "html head body title style template address article aside footer h1 h2 h3 h4 h5 h6 header hgroup main nav search section " +
  "blockquote dd div dl dt figcaption figure hr li menu ol p pre ul a abbr b bdi bdo big br center cite code data dfn em font i kbd mark " +
  "nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr del ins table caption colgroup col thead tbody tfoot tr th td " +
  "form fieldset legend label input button select selectedcontent datalist optgroup option textarea output progress meter details summary " +
  "dialog slot img picture source video audio track canvas map area iframe",
);
const customElement = /^[a-z][^A-Z]*-/;

/** Elements of SVG that are sent besides those that the browser draws. */
const svgElement = /^(fe[A-Z]\w+|(linear|radial)Gradient|stop|pattern|marker|mask|clipPath|symbol|filter|style)$/;
const mathElement = /^(m[a-z]+|semantics|annotation(-xml)?)$/;

/** Elements whose children say nothing that is seen, or that is not told otherwise. */
const childless = names("template textarea style link iframe title datalist");

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
  return htmlElements.has(localName) || customElement.test(localName);
}

/** Whether an element's children are sent. */
export function childrenAllowed(element: Element): boolean {
  return !childless.has(element.localName);
}

/** Attributes that keep the layout of what is redacted. */
const plain = names(
  "class dir lang hidden inert slot part exportparts role type colspan rowspan span width height open wrap multiple disabled readonly align " +
  "valign nowrap border cellpadding cellspacing contenteditable popover tabindex",
);

/** Further ones, where nothing is redacted. */
const telling = names(
  "id style title alt bgcolor checked color cols controls default draggable face for form frameborder hspace kind label loop marginheight " +
  "marginwidth max maxlength min minlength muted name novalidate optimum high low pattern placeholder rel required reversed rows rules scope " +
  "selected size start step text media vspace " +
  // Without a meaning in HTML, but often asked for by style sheets.
  "active appearance block current expanded inline layout level mode orientation placement position state status theme tone variant " +
  // Of MathML.
  "accent accentunder columnspan depth displaystyle largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize " +
  "movablelimits rspace scriptlevel stretchy symmetric voffset",
);

/** Attributes of SVG besides those with a counterpart in style sheets or in the element's interface. */
const svgAttribute = /^(d|in|orient|stdDeviation|baseFrequency|radius|kernelMatrix|kernelUnitLength|order|xml:space)$/;

const addresses = names("href xlink:href cite");
const secretName = /token|csrf|xsrf|secret|password|passwd|auth|session|api-?key|nonce|signature/i;

/** The value to send for an attribute, or undefined when it is not sent: whatever is not known to be harmless is not. */
export function attributeValue(element: Element, name: string, value: string, redacted = false): string | undefined {
  if (addresses.has(name)) return redacted ? "#" : address(value);
  if (name === "value") return labelOrMeasure(element, value, redacted);
  // Style sheets of components often ask for attributes that are only there or not.
  const flag = value === "" && /^[a-z_](?!n)[\w]*-|^_/.test(name) && !name.startsWith("on");
  if (plain.has(name) || flag) return value;
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
  return name in element.style || svgAttribute.test(name) || /SVG/.test(String(element[name as keyof SVGElement]));
}

function labelOrMeasure(element: Element, value: string, redacted: boolean): string | undefined {
  const name = element.localName;
  if (name === "input") return /^(button|submit|reset)$/.test((element as HTMLInputElement).type) ? (redacted ? SecretValue : value) : undefined;
  return !redacted && /^(li|progress|meter)$/.test(name) ? value : undefined;
}

/** Of a style attribute, the declarations that can neither spell a text nor name an address. */
function harmlessStyle(value: string): string {
  return value.split(";").filter((part) => /^\s*[a-z]+(-[a-z]+)*\s*:(?!.*(url|attr|src)\()[\w\s.,%#!()+*/-]+$/is.test(part)).join(";");
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
