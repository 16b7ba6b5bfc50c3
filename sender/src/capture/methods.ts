/** Methods of elements by themselves: a form's fields hide those that are called like them. */
export const { getAttribute, getAttributeNames, hasAttribute, matches, querySelectorAll } = Element.prototype;

/** The document, shadow root or topmost node that a node is in. Pages replace getRootNode. */
export function rootNode(node: Node): Node {
  while (node.parentNode) node = node.parentNode;
  return node;
}

/** The nearest of an element and its ancestors that a selector matches. Pages replace closest. */
export function nearest(element: Element, selector: string): Element | null {
  let next: Element | null = element;
  while (next && !matches.call(next, selector)) next = next.parentElement;
  return next;
}

/** The texts that a node itself holds, one after the other. Pages replace childNodes. */
export function ownText(node: Node): string {
  let text = "";
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.nodeType === Node.TEXT_NODE) text += (child as Text).data;
  return text;
}
