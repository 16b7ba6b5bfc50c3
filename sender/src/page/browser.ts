import { storageKey } from "../part.js";

/** Names the first feature that a session needs and the browser lacks; undefined when it has them all. */
export function missingFeature(): string | undefined {
  const features: readonly [name: string, there: () => boolean][] = [
    ["WeakRef", () => "WeakRef" in window],
    ["attachShadow", () => "attachShadow" in Element.prototype],
    // The only style that a strict Content-Security-Policy lets into a shadow root.
    ["adoptedStyleSheets", () => "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype],
  ];
  return features.find(([, there]) => !there())?.[0];
}

/** Tells whether a session of this tab waits for its next page, and this page is the one. */
export function sessionWaits(): boolean {
  try {
    if (window !== window.top && window.top?.document) {
      // Frames of the page's own origin see its sessionStorage, but the session is the page's.
      return false;
    }
  } catch {
    // A page of another origin is around us; it has another sessionStorage.
  }
  try {
    return sessionStorage.getItem(storageKey) !== null;
  } catch {
    // The browser gives the page no storage.
    return false;
  }
}

/** Resolves when the customer sees the page: one that is loaded ahead must not take the session from the one in front. */
export async function activated(): Promise<void> {
  if (!(document as { prerendering?: boolean }).prerendering) return;
  await new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));
}

/** Resolves when the document has its body. */
export async function parsed(): Promise<void> {
  if (document.body || document.readyState !== "loading") return;
  await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

/** Shows an error in the console as if nobody had caught it. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}

/** How long a page that comes back from the back/forward cache looks for the session of the page that goes, in milliseconds. */
export const returnPatience = 2000;

/**
 * Tells whether a session waits for a page that comes back. The page that goes may live in another process, from which what it stored
 * arrives after this one is shown.
 */
export async function sessionReturns(): Promise<boolean> {
  for (let waited = 0; waited < returnPatience; waited += 50) {
    if (sessionWaits()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
