import { each } from "../platform/lists.js";
import { secrecy } from "./called.js";
import { boxesWith, inCodeBoxes } from "./codeboxes.js";
import { Held } from "./held.js";
import { getAttribute, hasAttribute, querySelectorAll } from "./methods.js";
import { isBlurred, isMasked, isUnseen, mayMask, noticeRoot, noticeStyle, saysMasked } from "./masked.js";
import { elementsOf, rootNode, textOf as textContentOf } from "./nodes.js";
import { fieldNear, isRow, surround, valueOf } from "./surroundings.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";

export { know, showNamed } from "./called.js";
export { mayMask, noticeAnimation, noticeFonts, noticeRules, noticeSheet, noticeStyle } from "./masked.js";
export { fieldNear, repeats, steady, valueOf } from "./surroundings.js";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the secret fields of the page hold and held. */
export const held = new Held();

// Once secret, always secret: pages turn password fields into text fields to show what was typed, or put a text field in their place.
const secrets = new WeakSet<Element>();
const inPlace = new WeakSet<Element>(); // of which nothing is looked for elsewhere
const names = new Set<string>();
const places = new WeakMap<Node, Element>(); // of fields without a name, by their parents
const values = new Map<Element, string>(); // of what can be typed into, as they were last
const lately = new Set<Element>();
let lengths: number[] = []; // of what secret fields hold now

const holders = "input, textarea, [contenteditable], [role=textbox]";
const unseen = /^(hidden|file)$/;
const untyped = /^(button|submit|reset|image|checkbox|radio|range|color)$/;

/** Whether an element is known to be secret. */
export function isKnown(element: Element): boolean {
  return secrets.has(element);
}

/**
 * Whether what an element holds may never be sent: passwords, codes, card data, hidden values, file names; what is called so, or what the
 * customer's own screen masks.
 */
export function isSecret(element: Element): boolean {
  if (secrets.has(element)) return true;
  const { localName } = element;
  const field = localName === "input" || localName === "textarea" || localName === "select";
  const secret = field ? isSecretField(element as Field)
    : isEditable(element) ? isMasked(element, true) || !!secrecy(element)
    : mayMask() && (((hasText(element) || isSpelled(element)) && isMasked(element, false)) || saysMasked(element) || (isShort(element) && isBlurred(element)));
  if (secret) mark(element);
  else if (!field && isRow(element)) return markEcho(element);
  return secret;
}

function isEditable(element: Element): boolean {
  return hasAttribute.call(element, "contenteditable") || getAttribute.call(element, "role") === "textbox";
}

function hasText(element: Element): boolean {
  for (let child = element.firstChild; child; child = child.nextSibling) if (child.nodeType === Node.TEXT_NODE && /\S/.test((child as Text).data)) return true;
  return false;
}

/** Whether an element holds a text or a field, and not the half of a page. */
function isShort(element: Element): boolean {
  const { length } = textOf(element).trim();
  return length <= mostBeside && (length > 0 || !!querySelectorAll.call(element, holders)[0]);
}

/** Whether letters stand in elements of their own, whose number tells how many there are. */
function isSpelled(element: Element): boolean {
  const children = elementsOf(element);
  return children.length > 2 && children.every((child) => (textContentOf(child) ?? "").trim().length < 3);
}

function isSecretField(field: Field): boolean {
  const { type } = field;
  if (type === "password" || unseen.test(type)) return true;
  if (untyped.test(type)) return mayMask() && isMasked(field, false);
  const called = secrecy(field);
  if (called === 2 || inCodeBoxes(field, secrets) || succeeds(field) || isMasked(field, true)) return true;
  const seen = called === 0 && (field.localName === "select" || field.value === "" || !isUnseen(field));
  if (!seen) inPlace.add(field);
  return !seen;
}

/** Whether a field is in the place, or has the name, of one that was secret. */
function succeeds(field: Field): boolean {
  const name = nameOf(field);
  if (name) return names.has(name);
  const parent = field.parentNode;
  const before = parent && places.get(parent);
  return !!before && before.parentNode !== parent;
}

/** Under what name a field's successor is known; "": none. */
function nameOf({ localName, name, id }: Field): string {
  return name || (id && !/[\d:]/.test(id)) ? `${localName === "select"} ${name || `#${id}`}` : "";
}

/** From now on an element is secret. */
export function mark(element: Element): void {
  secrets.add(element);
  lately.add(element);
  const field = element as Field;
  if (unseen.test(field.type ?? "")) return;
  if (field.type !== undefined && field.localName !== "button") {
    const name = nameOf(field);
    if (name) names.add(name);
    else if (element.parentNode) places.set(element.parentNode, element);
  }
  surround(element);
  hold(element);
}

/** From now on an element is secret that repeats what another holds, or how long that is. */
function markEcho(element: Element): true {
  secrets.add(element);
  lately.add(element);
  return true;
}

function hold(element: Element): void {
  const value = valueOf(element);
  values.set(element, value);
  lengths = each([...values], ([one, { length }]) => (length > 0 && secrets.has(one) ? [length] : []));
  if (inPlace.has(element) || element.localName === "select" || (!("value" in element) && value.length > mostBeside)) return;
  const boxes = boxesWith(element);
  held.add(boxes ? boxes.map(valueOf).join("") : value);
}

/** Takes note of the fields and styles in a part of the page that is new, before anything of it is sent. */
export function discover(part: Document | ShadowRoot | Element): void {
  if ("styleSheets" in part) noticeRoot(part);
  else learn(part);
  const element = part.nodeType === Node.ELEMENT_NODE;
  if (part.firstElementChild) for (const each of element ? querySelectorAll.call(part as Element, some) : part.querySelectorAll(some)) learn(each);
}

const some = `${holders}, style, [style*="text-security" i], [style*="blur(" i]`;

function learn(element: Element): void {
  const { localName } = element;
  if (localName === "style") noticeStyle(textContentOf(element));
  if (localName === "input" || localName === "textarea" || isEditable(element)) watch(element);
  noticeStyle(getAttribute.call(element, "style"));
}

/** Takes note of something that may have been typed into. */
export function watch(element: Element): void {
  const type = (element as HTMLInputElement).type ?? "";
  if (untyped.test(type) || unseen.test(type) || (!("value" in element) && !isSecret(element))) return;
  if (!values.has(element)) values.set(element, isSecret(element) ? valueOf(element) : "");
  else look([element]);
}

/** Looks at what has been typed, or set by script, before anything that may repeat it is sent. */
export function look(elements: Iterable<Element> = values.keys()): void {
  const changed: Element[] = [];
  for (const element of elements) {
    const value = valueOf(element);
    if (value !== values.get(element)) {
      values.set(element, value);
      if (isSecret(element)) hold(element);
      else changed.push(element);
    }
    if (!element.isConnected) values.delete(element);
  }
  // Another field with the same: a clone, a twin, "show password".
  if (!held.none) for (const element of changed) if (held.has(valueOf(element))) mark(element);
}

const mostBeside = 200; // characters of what a letter may be a part of
const mostAside = 60; // of them on each side
const dots = /([•●∙⚫⬤○◦·*＊✱])\1*/gu;
const echoes = new WeakSet<Element>();

/**
 * A text of the page without what repeats a secret field: its letters, as many dots as it has letters, their number. What repeats it again
 * and again is secret itself.
 */
export function withoutEchoes(text: CharacterData): string {
  const { data, parentElement } = text;
  if (lengths.length === 0 && held.none) return data;
  const near = fieldNear(parentElement);
  const value = near ? valueOf(near) : "";
  let clean = data;
  if (value) {
    const max = (near as HTMLInputElement).maxLength;
    if (data.trim().toLowerCase() === value.toLowerCase()) clean = SecretValue;
    else clean = data.replace(/\d+/g, (number) => (Number(number) === value.length || Number(number) === max - value.length ? SecretValue : number));
  }
  clean = clean.replace(dots, (all) => (all.length >= (value ? 1 : 4) && lengths.includes(all.length) ? SecretValue : all));
  if (!held.none) clean = isLetterOfOne(text) ? SecretValue : held.clean(clean);
  if (clean === data || !parentElement || parentElement.firstElementChild || /^(body|html|title|option|style)$/.test(parentElement.localName)) return clean;
  if (echoes.has(parentElement)) markEcho(parentElement);
  echoes.add(parentElement);
  return clean;
}

const spelled = new WeakMap<Element, string>(); // letters that an element has shown one after the other

/**
 * Whether a text is a part of what spells, with its neighbours or with what stood there before, what a secret field holds. One letter says nothing yet,
 * nor do two digits.
 */
function isLetterOfOne(text: CharacterData): boolean {
  const { data, parentElement } = text;
  const letters = data.trim();
  if (letters.length === 0 || letters.length > 40 || !parentElement) return false;
  if (letters.length < 3) {
    const row = parentElement.parentElement;
    const all = row && textContentOf(row)!.length <= mostBeside ? textContentOf(row)!.replace(/\s+/g, "") : "";
    const shown = (spelled.get(parentElement) ?? "") + letters;
    spelled.set(parentElement, shown.slice(-mostBeside));
    for (const each of [all, shown.slice(-3), ...(/\d/.test(letters) ? [] : [shown.slice(-2)])]) {
      if (each.length > letters.length && each.length >= (/^\d+$/.test(each) ? 3 : 2) && held.contains(each)) return true;
    }
  }
  const texts = text.ownerDocument.createTreeWalker(rootNode(text), NodeFilter.SHOW_TEXT);
  const side = (next: () => Node | null, add: (all: string, more: string) => string): string => {
    texts.currentNode = text;
    let all = "";
    for (let count = 0; all.length < mostAside && count < mostAside && next.call(texts); count++) all = add(all, (texts.currentNode as Text).data.replace(/\s+/g, ""));
    return all;
  };
  const before = side(texts.previousNode, (all, more) => more.slice(-mostAside) + all);
  const own = letters.replace(/\s+/g, "");
  return held.has(before + own + side(texts.nextNode, (all, more) => all + more.slice(0, mostAside)), before.length, before.length + own.length);
}

/** The text in an element, or as much of it as shows that it is long. */
function textOf(element: Element): string {
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let all = "";
  while (all.length <= mostBeside && texts.nextNode()) all += (texts.currentNode as Text).data;
  return all;
}

/** The elements that have become secret since the last call. */
export function newlySecret(): Element[] {
  const elements = [...lately];
  lately.clear();
  return elements;
}
