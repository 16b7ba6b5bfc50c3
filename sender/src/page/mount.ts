import { styleSheet } from "./dom.js";

/** The element that holds all of our interface. */
export interface Mount {
  readonly element: HTMLElement;
  /** Its closed shadow root: no style, script or remote control of the page reaches into it by accident. */
  readonly root: ShadowRoot;
  /** Puts the element into the document and keeps it there. */
  show(): void;
}

/** Every rule is important: only so do those of a shadow root win over those of the page for the host. */
const style = `
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: auto 0 0 auto !important;
  width: 0 !important;
  height: 0 !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  direction: ltr !important;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif !important;
  line-height: 1.45 !important;
  user-select: none !important;
  -webkit-user-select: none !important;
  -webkit-text-size-adjust: 100% !important;
}
[hidden] { display: none !important; }
@media print { :host { display: none !important; } }
`;

export function createMount(): Mount {
  const element = document.createElement("qwelp-support");
  const root = element.attachShadow({ mode: "closed" });
  root.adoptedStyleSheets = [styleSheet(style)];
  return { element, root, show: () => keep(element, root) };
}

/** Puts the element into the top layer, where no transform, clipping or stacking of the page's reaches it. Browsers without popovers leave it where it is. */
export function raise(element: HTMLElement): void {
  if (!element.isConnected || typeof element.showPopover !== "function") return;
  element.popover = "manual";
  if (!element.webkitMatchesSelector(":popover-open")) element.showPopover();
}

/** How long after the page's load event a framework may still compare the page with what it has rendered, in milliseconds. */
const hydration = 3000;

/**
 * Puts the element into the document, and puts it back when the page removes it: at once, but ever more slowly when the page does so again
 * and again. Its place is beside the body, where frameworks that replace the body leave it alone. Until the page is hydrated it is at the end of
 * the body: React 18 renders a whole document anew when it finds anything unknown beside the body, but not at its end.
 * See: https://github.com/facebook/react/issues/24430
 */
function keep(element: HTMLElement, ours: ShadowRoot): void {
  let delay = 0;
  let returned = -Infinity;
  let waits = false;
  let early = true; // the page may yet be hydrated
  const observer = new MutationObserver(() => {
    if (waits || (element.isConnected && untouched())) return;
    const now = performance.now();
    delay = now - returned < delay + 1000 ? Math.min(Math.max(2 * delay, 50), 30_000) : 0;
    if (delay === 0) return put();
    waits = true;
    setTimeout(put, delay);
  });
  /** Whether the page has left the element as it was: scripts that show modal dialogs make everything beside them inert or hidden. */
  const untouched = (): boolean => foreign(element).length === 0 && !(element.parentNode === document.body && shut(document.body));
  const put = (): void => {
    waits = false;
    returned = performance.now();
    const root = document.documentElement;
    const { body } = document;
    // A frameset shows frames only.
    const parent = early && body?.localName === "body" && !shut(body) ? body : root;
    if (!element.isConnected) {
      early = false;
      parent?.appendChild(element);
    } else if (element.parentNode === body && parent === root) move(element, ours, root);
    for (const name of foreign(element)) element.removeAttribute(name);
    raise(element);
    // The page may have replaced its root element.
    observer.disconnect();
    for (const node of [document, root, parent]) if (node) observer.observe(node, { childList: true, attributeFilter: ["inert", "aria-hidden"] });
    observer.observe(element, { attributes: true });
  };
  const settle = (): void => {
    if (element.parentNode !== document.body) return;
    move(element, ours, document.documentElement);
    raise(element);
  };
  put();
  if (document.readyState === "complete") setTimeout(settle, hydration);
  else addEventListener("load", () => setTimeout(settle, hydration), { once: true });
}

/** The attributes that the page has set. */
const foreign = (element: Element): string[] => element.getAttributeNames().filter((name) => name !== "popover");

/** Whether nothing inside can be pressed, or read by screen readers. */
const shut = (element: Element): boolean => element.webkitMatchesSelector("[inert], [aria-hidden=true]");

/** Appends an element that is elsewhere, as it is where the browser can: focus, animations and popovers stay. */
function move(element: Element, ours: ShadowRoot, parent: Element): void {
  if ("moveBefore" in parent) return void parent.moveBefore(element, null);
  const focused = ours.activeElement as HTMLElement | null;
  (parent as Element).appendChild(element);
  focused?.focus({ preventScroll: true });
}
