import type { Box } from "../dialog/corner.js";
import { nearest } from "./dom.js";

const controls = "a, button, input, select, textarea, label, summary, iframe, video, [role], [tabindex], [onclick], [contenteditable]";
const pause = 1_000; // ms between looks at a page that changes all the time

/** What a box covers of the page that cannot be scrolled from under it: a control, or what stays where it is. own is our element. */
export function covered({ left, top, right, bottom }: Box, own: Element): Box | undefined {
  for (const y of [top + 1, (top + bottom) / 2, bottom - 1]) {
    for (let i = 0; i < 5; i++) {
      const element = under(document, left + 1 + ((right - left - 2) * i) / 4, y, own);
      const box = element && obstacle(element);
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

function obstacle(element: Element): Box | undefined {
  const control = nearest(element, controls);
  const box = control?.getBoundingClientRect();
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
