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
  return { element, root, show: () => keep(element) };
}

/**
 * Puts the element beside the body, where frameworks that replace the body leave it alone, and puts it back when the
 * page removes it: at once, but ever more slowly when the page does so again and again.
 */
function keep(element: HTMLElement): void {
  let delay = 0;
  let returned = -Infinity;
  let waits = false;
  const observer = new MutationObserver(() => {
    if (waits || element.isConnected) return;
    const now = performance.now();
    delay = now - returned < delay + 1000 ? Math.min(Math.max(2 * delay, 50), 30_000) : 0;
    if (delay === 0) return put();
    waits = true;
    setTimeout(put, delay);
  });
  const put = (): void => {
    waits = false;
    returned = performance.now();
    const parent = document.documentElement;
    parent?.append(element);
    // The page may have replaced its root element.
    observer.disconnect();
    observer.observe(document, { childList: true });
    if (parent) observer.observe(parent, { childList: true });
  };
  put();
}
