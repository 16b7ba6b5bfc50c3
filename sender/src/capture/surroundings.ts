import { matches, querySelectorAll } from "./methods.js";
import { elementsOf, fieldText, nameOf, parentElementOf, rootNode, textOf, typeOf } from "./nodes.js";

// What grows with what is typed into a secret field: mirrors of it, boxes around it, counters. They stay as they are while it is empty.

const levels = 4; // from a field up to what may grow with it
const mostBehind = 12; // siblings of it up to the next field
const mostInside = 50; // elements in one
const larger = "form, fieldset, body, main, table, tbody, tr, section, article, dialog, ul, ol, nav";
const typed = "input:not([type=hidden], [type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";

/** By what is around a secret field, and around no other, the field; the field itself, too. */
const fields = new WeakMap<Element, Element>();
const others = new WeakSet<Element>(); // behind it, and not around it
let some = false;

/** What was sent of attributes: their sizes, and all of them. */
const sizes = new WeakMap<Element, Map<string, string | undefined>>();
const told = new WeakMap<Element, Map<string, string | undefined>>();

const sizing = /^(class|style|size|cols|rows|start|width|height|x2|r|d|transform|value|(data|aria|title|stroke).*)$/;
/** What has a size of its own, which no letter changes: without it, an icon beside a field would fill the page. */
const pictures = /^(svg|img|canvas|video)$/;
const sizeProperty = /^\s*(--|[a-z-]*(width|height|size|inset|left|right|top|bottom|margin|padding|indent|spacing|flex|grid|columns|rows|transform|translate|scale|zoom|font|gap))/i;

/** What is written in a field or another element. */
export function valueOf(element: Element): string {
  if (/^(input|textarea)$/.test(nameOf(element))) return fieldText(element as HTMLInputElement);
  return (element as Partial<HTMLInputElement>).value?.toString() ?? textOf(element) ?? "";
}

/** Takes note of what is around a field that is secret. */
export function surround(field: Element): void {
  some = true;
  fields.set(field, field);
  let around = field;
  for (let level = 0, next = outer(field); next && level < levels && !matches.call(next, larger); level++, next = outer(next)) {
    if (querySelectorAll.call(next, typed).length > 1) break;
    fields.set((around = next), field);
  }
  for (let next = around.nextElementSibling, count = 0; next && count < mostBehind && isBehind(next); next = next.nextElementSibling) count++;
}

/** Whether an element is behind what is around a secret field, and has no other field: meters and counters are. */
function isBehind(element: Element): boolean {
  const field = fields.get(element.previousElementSibling!);
  if (!field || fields.has(element) || others.has(element)) return false;
  const behind = !matches.call(element, typed) && querySelectorAll.call(element, "*").length <= mostInside && querySelectorAll.call(element, typed).length === 0;
  if (behind) fields.set(element, field);
  else others.add(element);
  return behind;
}

/** Whether an element is a row of boxes or dots, as many as a secret field beside it has letters, or filled with as many. */
export function isRow(element: Element): boolean {
  if (!some) return false;
  const children = elementsOf(element);
  return children.length > 2 && !!fieldNear(element) && children.every((child) => child.localName === children[0]!.localName && /^\s*[^\w\s]?\s*$/.test(child.textContent!) && !querySelectorAll.call(child, `${typed}, svg, img`).length && !matches.call(child, `${typed}, a, button, svg, img, path`));
}

function outer(element: Element): Element | null {
  return parentElementOf(element) ?? (rootNode(element) as Partial<ShadowRoot>).host ?? null;
}

/** The secret field that an element is, is in the surroundings of, or stands beside. */
export function fieldNear(element: Element | null): Element | undefined {
  if (!some || !element || typeOf(element) !== Node.ELEMENT_NODE) return undefined;
  const beside = [element.previousElementSibling, element.nextElementSibling].find((next) => next && fields.get(next) === next);
  if (beside) return beside;
  for (let level = 0, next: Element | null = element; next && level <= levels; level++, next = outer(next)) {
    if (!fields.has(next)) isBehind(next);
    const field = fields.get(next);
    if (field?.isConnected) return field;
  }
  return undefined;
}

/** The value to send for an attribute, of which value would be sent: with the sizes that it has while the field is empty. */
export function steady(element: Element, name: string, value: string | undefined): string | undefined {
  const field = some && sizing.test(name) && fieldNear(element);
  if (!field) return value;
  const parts = name === "style" ? (value ?? "").split(";") : [];
  const size = name === "style" ? parts.filter((part) => sizeProperty.test(part)).join(";") : value;
  const known = mapOf(sizes, element);
  const held = valueOf(field).toLowerCase();
  if (held === "") known.set(name, size);
  // Where nothing says how it was, what may be a measure is left to the style sheets.
  else if (!known.has(name) && pictures.test(nameOf(element))) known.set(name, size);
  else if (name === "style" && !known.has(name)) known.set(name, size?.split(";").filter(harmless).join(";"));
  if (name === "class") {
    if (!known.has(name)) known.set(name, value);
    const words = known.get(name)?.split(" ");
    return value?.split(" ").filter((word) => !/\d/.test(word) || words?.includes(word)).join(" ");
  }
  if (name !== "style") return value && held && (!harmless(value) || held.includes(value.toLowerCase())) ? known.get(name) : value;
  const rest = parts.filter((part) => !sizeProperty.test(part));
  return value === undefined ? value : [...rest, known.get(name)].filter(Boolean).join(";");
}

const harmless = (part: string): boolean => !/\d/.test(part.replace(/\d+(\.\d+)?(%|v[wh])/g, ""));

/** Whether an attribute near a secret field is sent as it was sent before: how often tells as much as what. */
export function repeats(element: Element, name: string, value: string | undefined): boolean {
  if (!some || !fieldNear(element)) return false;
  const known = mapOf(told, element);
  const same = known.has(name) && known.get(name) === value;
  known.set(name, value);
  return same;
}

function mapOf(maps: WeakMap<Element, Map<string, string | undefined>>, element: Element): Map<string, string | undefined> {
  let map = maps.get(element);
  if (!map) maps.set(element, (map = new Map()));
  return map;
}
