/** The document, shadow root or topmost node that a node is in. Pages replace getRootNode. */
export function rootNode(node: Node): Node {
  while (node.parentNode) node = node.parentNode;
  return node;
}

/** The texts that a node itself holds, one after the other. Pages replace childNodes. */
export function ownText(node: Node): string {
  let text = "";
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.nodeType === Node.TEXT_NODE) text += (child as Text).data;
  return text;
}
