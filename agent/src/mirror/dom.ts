/**
 * What the mirror does to the nodes of the customer's page goes through here. A form's fields are properties of the form, in front of
 * its own: with <input name="setAttribute"> inside, form.setAttribute is that input. These take the real ones.
 */

function getter<T>(prototype: object, name: string): (node: Node) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get!;
  return (node) => get.call(node) as T;
}

export const parentOf = getter<Node | null>(Node.prototype, "parentNode");
export const documentOf = getter<Document>(Node.prototype, "ownerDocument");
export const scrollLeftOf = getter<number>(Element.prototype, "scrollLeft");
export const scrollTopOf = getter<number>(Element.prototype, "scrollTop");

const { insertBefore } = Node.prototype;
const { setAttribute, setAttributeNS, removeAttributeNS } = Element.prototype;

/** Puts node into parent before another, or at its end. Throws what the DOM throws. */
export function insert(parent: Node, node: Node, before: Node | null): void {
  insertBefore.call(parent, node, before);
}

/** Takes a node out of its parent, if it has one. */
export function detach(node: Node): void {
  const parent = parentOf(node);
  if (parent) Node.prototype.removeChild.call(parent, node);
}

/** Sets an attribute, or removes it when value is undefined. Throws when the name is not one. */
export function attribute(element: Element, namespace: string | null, name: string, value: string | undefined): void {
  // It makes its name lower case, and takes half the time.
  if (value !== undefined && namespace === null && !/[A-Z]/.test(name)) setAttribute.call(element, name, value);
  else if (value !== undefined) setAttributeNS.call(element, namespace, name, value);
  else removeAttributeNS.call(element, namespace, name.slice(name.indexOf(":") + 1));
}

export function attributeOf(element: Element, name: string): string | null {
  return Element.prototype.getAttribute.call(element, name);
}

export function hasAttribute(element: Element, name: string): boolean {
  return Element.prototype.hasAttribute.call(element, name);
}

export function attachShadow(element: Element, init: ShadowRootInit): ShadowRoot {
  return Element.prototype.attachShadow.call(element, init);
}

export function boxOf(element: Element): DOMRect {
  return Element.prototype.getBoundingClientRect.call(element);
}

const scrollElement: (this: Element, options: ScrollToOptions) => void = Element.prototype.scrollTo;

/** Scrolls at once, also where the page's style asks for smooth scrolling. */
export function scrollTo(element: Element, left: number, top: number): void {
  scrollElement.call(element, { left, top, behavior: "instant" });
}

export function matches(element: Element, selector: string): boolean {
  return Element.prototype.matches.call(element, selector);
}
