import { NamespaceSVG, SecretValue } from "../../../signal/wire/wire.gen.js";
import { addressIn, asRead } from "./addresses.js";
import { replaceURLs } from "./css.js";
import { kindOf, Namespace } from "./kind.js";
import { isLayout } from "./redact.js";
import { rootNode } from "./nodes.js";

function names(text: string): Set<string> {
  return new Set(text.split(" "));
}

/** Attributes that keep the layout of what is redacted. */
const plain = names(
  "align border cellpadding cellspacing class colspan contenteditable dir disabled exportparts height hidden inert lang multiple nowrap " +
  "open part popover readonly role rowspan slot span type valign width wrap",
);

/** Further ones, where nothing is redacted. Others are sent when style sheets ask for them. */
const telling = names(
  "alt bgcolor bordercolor checked color cols controls display displaystyle face for frameborder high id label linethickness lspace " +
  "low marginheight marginwidth mathvariant max maxlength media min minlength mode name noresize optimum placeholder rel required reversed rows rspace rules " +
  "scope scriptlevel scrolling selected size start step stretchy style tabindex title",
);

/** Attributes of SVG besides those with a counterpart in style sheets or in the element's interface. */
const svgAttribute = /^(d|in|orient|stdDeviation|baseFrequency|radius|kernelMatrix|kernelUnitLength|order|xml:space)$/;

/** What names of elements look like that are made of numbers or codes. */
export const looksNumbered = /\d{3}|\S{33}/;

const addresses = names("href xlink:href cite");
const secretName = /token|csrf|xsrf|secret|password|passwd|auth|session|api-?key|nonce|signature/i;

/** What the name of an attribute says of its value. */
type Verdict = typeof Plain | typeof Telling | typeof Data | typeof Address | typeof Value | typeof Style | typeof Other;
const Plain = 0;
const Telling = 1;
const Data = 2;
const Address = 3;
const Value = 4;
const Style = 5;
const Other = 6;

const verdicts = new Map<string, Verdict>();
const most = 10_000; // names that are remembered

function verdictOf(name: string): Verdict {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = plain.has(name) ? Plain
    : name.startsWith("data-") ? (secretName.test(name) ? Other : Data)
    : addresses.has(name) ? Address
    : name === "value" ? Value
    : name === "style" ? Style
    : telling.has(name) || name.startsWith("aria-") ? Telling : Other;
  if (verdicts.size < most) verdicts.set(name, verdict);
  return verdict;
}

/** The value to send for an attribute, or undefined when it is not sent, whether or not style sheets ask for it: whatever is not known to be harmless is not. */
export function attributeValue(element: Element, name: string, value: string, redacted = false): string | undefined {
  const verdict = verdictOf(name);
  if (verdict === Plain) return redacted ? layoutValue(element, name, value) : value;
  if (verdict === Address) return redacted ? "#" : address(element, value);
  if (verdict === Value) return labelOrMeasure(element as HTMLInputElement, value, redacted);
  // Style sheets of frameworks ask for attributes that are only there or not.
  if (value === "" && name.includes("-") && !redacted) return value;
  if (redacted) {
    if (name === "id") return looksNumbered.test(value) || /\s/.test(value) ? undefined : value;
    return verdict === Style ? harmlessStyle(value) : undefined;
  }
  if (verdict === Data) return value.length > 64 ? undefined : value;
  if (verdict !== Other) return value;
  if ((kindOf(element) & Namespace) !== NamespaceSVG || !draws(element as SVGElement, name)) return undefined;
  return replaceURLs(value, () => "qwelp:0");
}

/** Of an attribute that keeps the layout of what is redacted, what is a number, a name or one of few words. */
function layoutValue(element: Element, name: string, value: string): string | undefined {
  if (names("class exportparts part slot").has(name)) return value;
  if (name === "lang") return /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(value) ? value : undefined;
  if (name === "role") return /^[a-z ]{0,32}$/.test(value) ? value : undefined;
  if (name === "type") return kinds.test(value) || (/^(input|button)$/.test(element.localName) && value.toLowerCase() === (element as HTMLInputElement).type) ? value : undefined;
  return few.test(value) ? value : "";
}

const kinds = /^([1ai]|disc|circle|square|text\/css)$/i;
const few = /^([\d.]{1,8}(px|%|\*)?|ltr|rtl|auto|left|right|center|justify|top|middle|bottom|baseline|true|false|plaintext-only|manual|hint|hard|soft|off|until-found)?$/i;

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
  return value.split(";").filter(isLayout).join(";");
}

/** A URL without what may be secret in it. */
function address(element: Element, text: string): string {
  const value = asRead(text);
  return value.startsWith("#") ? (leads(element, value) ? value : "#") : addressIn(value);
}

/** Whether a hash is one that leads to a place of the page: routers and servers keep other things there. Drawings refer to what is there only. */
function leads(element: Element, hash: string): boolean {
  if (hash === "#" || hash === "#top") return true;
  if ((kindOf(element) & Namespace) === NamespaceSVG && element.localName !== "a") return !/[=&?/]/.test(hash);
  const root = rootNode(element) as Document;
  let id = hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // As it is.
  }
  return !!id && (!!root.getElementById?.(id) || !!root.querySelector(`a[name="${CSS.escape(id)}"]`));
}
