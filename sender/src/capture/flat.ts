import { parentOf, slotOf, slotOfText, typeOf } from "./nodes.js";
import { rootOf } from "./hooks.js";
import { Host, kindOf } from "./kind.js";

/** What a node stands in, across shadow roots and frames. */
export function outer(node: Node): Node | null | undefined {
  return parentOf(node) ?? (node as ShadowRoot).host ?? (node as Document).defaultView?.frameElement;
}

/** The slot by which a child of a host is shown; undefined: by none. */
export type SlotOf = (child: Node) => Element | null | undefined;

/** Tells the slots of a node's children, if it is a host. */
export function slotsOf(parent: Node | null): SlotOf | undefined {
  const host = parent && typeOf(parent) === Node.ELEMENT_NODE && kindOf(parent as Element) & Host;
  const root = host && rootOf(parent as Element);
  if (!root) return undefined;
  if (root.mode === "open") return (child) => (typeOf(child) === Node.TEXT_NODE ? slotOfText(child as Text) : slotOf(child as Element));
  // The browser does not tell what shows a child of a closed one.
  const slots = new Map<Node, Element>();
  for (const slot of root.querySelectorAll("slot")) for (const child of slot.assignedNodes()) slots.set(child, slot);
  return (child) => slots.get(child);
}
