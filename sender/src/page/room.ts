import type { Box } from "../dialog/corner.js";
import { nearest } from "./dom.js";

const controls = "a, button, input, select, textarea, label, summary, iframe, video, [role], [tabindex], [onclick], [contenteditable]";
const pause = 1_000; // ms between looks at a page that changes all the time

const step = 10; // CSS pixels between the points that are looked at

/** What a box covers of the page that cannot be scrolled from under it: a control, or what stays where it is. own is our element. */
export function covered({ left, top, right, bottom }: Box, own: Element): Box | undefined {
  for (let y = top + 1; y < bottom; y = y === bottom - 1 ? bottom : Math.min(y + step, bottom - 1)) {
    for (let x = left + 1; x < right; x = x === right - 1 ? right : Math.min(x + step, right - 1)) {
      const element = under(document, x, y, own);
      const box = element && obstacle(element, x, y);
      if (box) return box;
    }
  }
  return undefined;
}

function under(root: Document | ShadowRoot, x: number, y: number, own: Element): Element | undefined {
  for (const element of root.elementsFromPoint(x, y)) {
    if (element !== own && element.getRootNode() === root) return (element.shadowRoot && under(element.shadowRoot, x, y, own)) || element;
  }
  return undefined;
}

function obstacle(element: Element, x: number, y: number): Box | undefined {
  const control = nearest(element, controls);
  const box = control?.getBoundingClientRect();
  const { left, top, right, bottom } = element.getBoundingClientRect();
  // Something in a closed shadow root stands elsewhere than its host.
  if (element.localName.includes("-") && (x < left || x > right || y < top || y > bottom)) return { left: x, top: y, right: x, bottom: y };
  for (let at: Element | null = element; at; at = at.parentElement ?? ((at.getRootNode() as ShadowRoot).host || null)) {
    if (!/fixed|sticky/.test(getComputedStyle(at).position)) continue;
    const whole = at.getBoundingClientRect();
    // What fills the window is the page, or lies over all of it.
    return whole.width * whole.height < (innerWidth * innerHeight) / 2 ? whole : box;
  }
  const end = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
  return end || control?.webkitMatchesSelector(":focus-within") ? box : undefined;
}

/** Calls look now, and again when it may see something else, at most once a second. */
export function watchRoom(look: () => void): void {
  let timer = 0;
  const soon = (ms: number): void => void (timer ||= window.setTimeout(run, ms));
  const observer = new MutationObserver(() => {
    observer.disconnect();
    soon(pause);
  });
  const run = (): void => {
    timer = 0;
    if (!document.hidden) look();
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ["class", "style", "hidden", "open"] });
  };
  for (const type of ["resize", "scroll", "focusin", "click", "load", "visibilitychange"]) addEventListener(type, () => soon(200), { capture: true, passive: true });
  run();
}
