import { getter } from "../platform/realm.js";

/** What is read of nodes: fields of a form, and pages that hide what an element holds, put other things in the place of its own properties. */
export const parentOf = getter<Node, Node | null>("Node", "parentNode");
export const parentElementOf = getter<Node, Element | null>("Node", "parentElement");
export const firstOf = getter<Node, Node | null>("Node", "firstChild");
export const nextOf = getter<Node, Node | null>("Node", "nextSibling");
export const typeOf = getter<Node, number>("Node", "nodeType");
export const isIn = getter<Node, boolean>("Node", "isConnected");
export const documentOf = getter<Node, Document | null>("Node", "ownerDocument");
export const baseOf = getter<Node, string>("Node", "baseURI");
export const nameOf = getter<Element, string>("Element", "localName");
export const namespaceURIOf = getter<Element, string | null>("Element", "namespaceURI");
export const shadowOf = getter<Element, ShadowRoot | null>("Element", "shadowRoot");
export const slotOf = getter<Element, HTMLSlotElement | null>("Element", "assignedSlot");
export const slotOfText = getter<Text, HTMLSlotElement | null>("Text", "assignedSlot");
export const scrollTopOf = getter<Element, number>("Element", "scrollTop");
export const scrollLeftOf = getter<Element, number>("Element", "scrollLeft");
export const firstElementOf = getter<Element, Element | null>("Element", "firstElementChild");
const nextElementOf = getter<Element, Element | null>("Element", "nextElementSibling");
export const styleOf = getter<HTMLElement, CSSStyleDeclaration>("HTMLElement", "style");

export const textOf = getter<Node, string | null>("Node", "textContent");
const inputText = getter<HTMLInputElement, string>("HTMLInputElement", "value");
const areaText = getter<HTMLTextAreaElement, string>("HTMLTextAreaElement", "value");

/** What an input or textarea holds. Pages put a getter of their own before it. */
export function fieldText(field: HTMLInputElement | HTMLTextAreaElement): string {
  return nameOf(field) === "textarea" ? areaText(field as HTMLTextAreaElement) : inputText(field as HTMLInputElement);
}

/** The document, shadow root or topmost node that a node is in. Pages replace getRootNode. */
export function rootNode(node: Node): Node {
  for (let next = parentOf(node); next; next = parentOf(node)) node = next;
  return node;
}

/** The elements that an element itself holds. Pages replace children. */
export function elementsOf(element: Element): Element[] {
  const elements: Element[] = [];
  for (let child = firstElementOf(element); child; child = nextElementOf(child)) elements.push(child);
  return elements;
}

/** The texts that a node itself holds, one after the other. Pages replace childNodes. */
export function ownText(node: Node): string {
  let text = "";
  for (let child = firstOf(node); child; child = nextOf(child)) if (typeOf(child) === Node.TEXT_NODE) text += (child as Text).data;
  return text;
}

const ofElements = globalThis.Element?.prototype.querySelectorAll;

/** What a selector matches inside a node, of which a form's fields may hide the method. */
export function allIn(parent: Node & ParentNode, selector: string): NodeListOf<Element> {
  return typeOf(parent) === 1 ? ofElements.call(parent as Element, selector) : parent.querySelectorAll(selector);
}
