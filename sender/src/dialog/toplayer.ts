import { raise as raiseOnce } from "../page/mount.js";
import type { Host } from "../part.js";

/** Keeps our interface above everything else on the page, and usable. */
export interface TopLayer {
  enter(): void;
  leave(): void;
}

/**
 * The browser's top layer, in which the page's modal dialogs, popovers and full-screen elements lie, too. What came
 * last is on top, so the element enters anew whenever the page has put something there; and a modal dialog makes
 * everything outside of itself inert, so the element moves into it.
 */
export function createTopLayer(host: Pick<Host, "element" | "root">): TopLayer {
  const { element, root } = host;
  const canPop = typeof element.showPopover === "function";
  const observer = new MutationObserver(look);
  let stop: AbortController | undefined;
  /** The page's modal dialogs that are open, in the order they were opened. */
  let modals: Element[] = [];

  /** Only what may have changed our place is worth a look: pages change all the time. */
  function look(records: MutationRecord[]): void {
    const relevant = (record: MutationRecord): boolean => record.type === "attributes" || [...record.addedNodes].includes(element);
    if (!element.isConnected || records.some(relevant)) place();
  }

  function place(found?: Element): void {
    const all = new Set([...modals, ...document.querySelectorAll("dialog[open]"), ...(found ? [found] : [])]);
    all.forEach((dialog) => {
      if (!isModal(dialog)) all.delete(dialog);
      else if (!modals.includes(dialog)) dialog.addEventListener("close", () => place(), { once: true, signal: stop!.signal });
    });
    modals = [...all];
    const parent = modals[modals.length - 1] ?? home();
    if (element.parentNode !== parent) keepFocus(() => parent.appendChild(element));
    raise();
  }

  /** Where the element lies without modal dialogs: it stays in the body while it is there. */
  function home(): Element {
    return element.parentNode === document.body ? document.body : document.documentElement;
  }

  function raise(): void {
    if (!canPop || !element.isConnected) return;
    keepFocus(() => {
      if (element.webkitMatchesSelector(":popover-open")) element.hidePopover();
      raiseOnce(element);
    });
  }

  function keepFocus(change: () => void): void {
    const focused = root.activeElement as HTMLElement | null;
    change();
    if (focused && root.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  return {
    enter() {
      if (stop) return;
      stop = new AbortController();
      const options = { capture: true, signal: stop.signal };
      observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["open"] });
      document.addEventListener("fullscreenchange", raise, options);
      document.addEventListener(
        "toggle",
        (event) => {
          if (event.target !== element && is(event.target as Element, ":popover-open")) raise();
        },
        options,
      );
      // Modal dialogs inside of shadow roots are seen when they take the focus.
      document.addEventListener(
        "focusin",
        (event) => {
          const modal = event.composedPath().find((target) => target instanceof Element && isModal(target));
          if (modal && !modals.includes(modal as Element)) place(modal as Element);
        },
        options,
      );
      place();
    },
    leave() {
      if (!stop) return;
      stop.abort();
      stop = undefined;
      observer.disconnect();
      modals = [];
      if (element.parentNode === home()) return;
      home().appendChild(element);
      raiseOnce(element);
    },
  };
}

function isModal(element: Element): boolean {
  return element.isConnected && element.localName === "dialog" && is(element, ":modal");
}

/** Tells whether a selector matches; it does not when the browser does not know it. */
function is(element: Element, selector: string): boolean {
  try {
    return element.webkitMatchesSelector(selector);
  } catch {
    return false;
  }
}
