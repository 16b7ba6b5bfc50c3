/** Names the first feature that a session needs and the browser lacks; undefined when it has them all. */
export function missingFeature(): string | undefined {
  const features: readonly [name: string, there: () => boolean][] = [
    ["WeakRef", () => "WeakRef" in window],
    // Where it is there is what else came to the language until then, such as Array.prototype.at.
    ["Object.hasOwn", () => "hasOwn" in Object],
    ["attachShadow", () => "attachShadow" in Element.prototype],
    // The only style that a strict Content-Security-Policy lets into a shadow root.
    ["adoptedStyleSheets", () => "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype],
  ];
  return features.find(([, there]) => !there())?.[0];
}

/** Tells whether there may be a session under key for this page to take up: that of the previous page of this tab, or of any tab when this one is seen. */
export function sessionWaits(key: string): boolean {
  try {
    if (window !== window.top && window.top?.document) {
      // Frames of the page's own origin see its storage, but the session is the page's.
      return false;
    }
  } catch {
    // A page of another origin is around us; it has another storage.
  }
  try {
    return key in localStorage && (!document.hidden || key in sessionStorage);
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
