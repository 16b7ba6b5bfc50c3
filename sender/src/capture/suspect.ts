/**
 * What is being read: when that fails, it is what fails. A node at which it has failed twice is left out from then on, so that it never costs
 * the picture of the rest.
 */
export const suspect = { node: undefined as Node | undefined };

const failures = new WeakMap<Node, number>();
const most = 2;
let any = false;

/** Reading has failed. Returns whether it is known what failed: it is left out once it has failed twice. */
export function failed(): boolean {
  const { node } = suspect;
  suspect.node = undefined;
  // Without a document there is no page.
  if (!node || node.nodeType === Node.DOCUMENT_NODE) return false;
  const times = (failures.get(node) ?? 0) + 1;
  failures.set(node, times);
  any ||= times >= most;
  return true;
}

/** Whether a node is left out. */
export function isLeftOut(node: Node): boolean {
  return any && (failures.get(node) ?? 0) >= most;
}
