import { method } from "../platform/realm.js";
import { parentElementOf } from "./nodes.js";

/** Methods of elements by themselves: a form's fields hide those that are called like them. */
export const getAttribute = method<Element["getAttribute"]>("Element", "getAttribute");
export const getAttributeNames = method<Element["getAttributeNames"]>("Element", "getAttributeNames");
export const hasAttribute = method<Element["hasAttribute"]>("Element", "hasAttribute");
export const matches = method<Element["matches"]>("Element", "matches");
export const querySelectorAll = method<Element["querySelectorAll"]>("Element", "querySelectorAll");

/** The nearest of an element and its ancestors that a selector matches. Pages replace closest. */
export function nearest(element: Element, selector: string): Element | null {
  let next: Element | null = element;
  while (next && !matches.call(next, selector)) next = parentElementOf(next);
  return next;
}
