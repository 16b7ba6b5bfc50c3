import { parentElementOf } from "./nodes.js";

/** Methods of elements by themselves: a form's fields hide those that are called like them. */
export const { getAttribute, getAttributeNames, hasAttribute, matches, querySelectorAll } = Element.prototype;

/** The nearest of an element and its ancestors that a selector matches. Pages replace closest. */
export function nearest(element: Element, selector: string): Element | null {
  let next: Element | null = element;
  while (next && !matches.call(next, selector)) next = parentElementOf(next);
  return next;
}
