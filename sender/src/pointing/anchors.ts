import { common, type Box } from "../../../signal/wire/pointing.js";

/** Where elements of the page are in the viewport, also those in frames that the page may look into. */

const { getBoundingClientRect } = Element.prototype;

/** The frame that an element's document is in. */
const frameAround = (element: Element): HTMLElement | null => (element.ownerDocument.defaultView?.frameElement as HTMLElement | null | undefined) ?? null;

/** Returns the border box of an element in the viewport. */
export function boxOf(element: Element): Box {
  let { x, y, width, height }: Box = getBoundingClientRect.call(element);
  for (let frame = frameAround(element); frame; frame = frameAround(frame)) {
    const outer = getBoundingClientRect.call(frame);
    // A transformed frame shows its page in another size.
    const scale = outer.width / (frame.offsetWidth || 1) || 1;
    x = outer.x + (frame.clientLeft + x) * scale;
    y = outer.y + (frame.clientTop + y) * scale;
    width *= scale;
    height *= scale;
  }
  return { x, y, width, height };
}

/** Returns what may cut off an element: those around it that scroll or hide what is outside of them, and frames. */
export function clippersOf(element: Element): Element[] {
  const clippers: Element[] = [];
  let free = false; // of what is around it in its document
  for (let at: Element | null = element; at; ) {
    const { documentElement, body, defaultView }: Document = at.ownerDocument;
    const { overflow, position } = defaultView!.getComputedStyle(at);
    if (at !== element && !free && at !== documentElement && at !== body && overflow !== "visible") clippers.push(at);
    free ||= position === "fixed";
    const root: Node = at.parentNode ?? at;
    const up: Element | null = at.assignedSlot ?? at.parentElement ?? ((root as ShadowRoot).host || null);
    if (up) at = up;
    else if ((at = frameAround(at))) {
      clippers.push(at);
      free = false;
    }
  }
  return clippers;
}

/** Returns the part of a window in which something can be seen that these cut off. */
export function clipOf(clippers: readonly Element[], window: Box): Box {
  for (const by of clippers) window = common(window, boxOf(by));
  return window;
}

/** Whether an element is drawn at all. */
export function isRendered(element: Element): boolean {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? true; // browsers that do not know it draw it where it was
}
