import { common } from "../../../signal/wire/pointing.js";
import type { MarkKind } from "../../../signal/wire/wire.gen.js";
import { boxOf, documentOf, matches, parentOf } from "./dom.js";
import type { Box, PlacedAnchor } from "./port.js";
import type { Entry, Tree } from "./tree.js";

/** Which elements marks belong to, and what cuts these off. The customer's side has the same in sender/src/pointing/anchors.ts, for its own DOM. */

const pressed = "a[href], button, input, select, textarea, label, summary, option, [role=button], [role=link], [role=checkbox], [role=radio], [role=tab], [role=switch], [role=option], [role^=menuitem]";

const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE;

/** The frame that an element's document is in. */
const frameAround = (element: Element): Element | null => (documentOf(element) as unknown as Document).defaultView?.frameElement ?? null;

/** What is around an element in the flat tree of its document. */
function above(element: Element): Element | null {
  const parent = parentOf(element);
  return element.assignedSlot ?? (parent && isElement(parent) ? parent : ((parent as ShadowRoot | null)?.host ?? null));
}

/**
 * Finds the element that a mark of a kind in a part of the viewport belongs to: for what marks a whole element, what people see as one thing; otherwise the innermost
 * that holds all of it, but no part of a line of text, which may break elsewhere for the customer.
 */
export function findAnchor(document: Document, tree: Tree, kind: MarkKind | "laser", box: Box, placeOf: (element: Element) => Box): Entry | undefined {
  const whole = kind === "highlight" || kind === "press";
  let at = elementAt(document, box.x + box.width / 2, box.y + box.height / 2, tree);
  if (kind === "press") for (let up = at; up; up = above(up)) {
    if (!matches(up, pressed)) continue;
    at = up;
    break;
  }
  for (; at; at = above(at) ?? outside(at, document)) {
    const entry = tree.of(at);
    if (!entry || isInline(at, whole)) continue;
    if (whole || holds(placeOf(at), box) || !(above(at) ?? outside(at, document))) return entry;
  }
  return undefined;
}

/** The frame within the page that an element's document is in. */
const outside = (element: Element, document: Document): Element | null => (documentOf(element) as unknown as Document) === document ? null : frameAround(element);

function elementAt(root: Document | ShadowRoot, x: number, y: number, tree: Tree): Element | null {
  const element = root.elementFromPoint(x, y);
  const entry = element && tree.of(element);
  const inner = entry?.inner?.node as Document | ShadowRoot | undefined;
  if (!element || !inner || typeof inner.elementFromPoint !== "function") return element;
  const isFrame = inner.nodeType === Node.DOCUMENT_NODE;
  const { x: left, y: top } = isFrame ? boxOf(element) : { x: 0, y: 0 };
  const found = elementAt(inner, isFrame ? x - left - element.clientLeft : x, isFrame ? y - top - element.clientTop : y, tree);
  // A shadow root answers with its host where nothing in it is.
  return found && found !== element ? found : element;
}

const replaced = "img, svg, canvas, video, input, select, textarea, button, iframe";

function isInline(element: Element, whole: boolean): boolean {
  if (matches(element, replaced) || (whole && matches(element, pressed))) return false;
  return /^(inline|contents)$/.test((documentOf(element) as unknown as Document).defaultView!.getComputedStyle(element).display);
}

const holds = (box: Box, other: Box): boolean => other.x >= box.x && other.y >= box.y && other.x + other.width <= box.x + box.width && other.y + other.height <= box.y + box.height;

/** Whether an element is drawn at all. */
function isRendered(element: Element): boolean {
  return element.isConnected && (element.checkVisibility?.({ visibilityProperty: true }) ?? true);
}

/** What may cut off an element: those around it that scroll or hide what is outside of them, and frames within the page. around is the frame of the page. */
function clippersOf(element: Element, around: Element | null): Element[] {
  const clippers: Element[] = [];
  let free = false; // of what is around it in its document
  for (let at: Element = element; ; ) {
    const { documentElement, body, defaultView }: Document = documentOf(at) as unknown as Document;
    const { overflow, position } = defaultView!.getComputedStyle(at);
    if (at !== element && !free && at !== documentElement && at !== body && overflow !== "visible") clippers.push(at);
    free ||= position === "fixed";
    const up = above(at) ?? frameAround(at);
    if (!up || up === around) return clippers;
    if (documentOf(up) !== documentOf(at)) {
      clippers.push(up);
      free = false;
    }
    at = up;
  }
}

/** Returns where elements are, by their numbers, of those that are drawn. around is the frame of the page. */
export function placeAnchors(nodes: readonly number[], tree: Tree, around: Element | null, placeOf: (element: Element) => Box): PlacedAnchor[] {
  return nodes.flatMap((node) => {
    const element = tree.shown(node);
    if (!element || !isElement(element) || !isRendered(element)) return [];
    const clips = clippersOf(element, around).map(placeOf);
    return [{ node, box: placeOf(element), clip: clips.length > 0 ? clips.reduce(common) : undefined }];
  });
}
