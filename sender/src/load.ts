import type { SessionPart } from "./part.js";

/** URL of the app's qwelp prefix, in which this file lies as <hash>/auto.js. Ends in "/". */
export const ownBase = (): string => new URL("..", import.meta.url).href;

/**
 * Loads the part of the sender that a page without a session never needs. attempt counts from 0. The promise is
 * rejected when the browser cannot get it, for example offline.
 */
export function loadSession(attempt: number): Promise<SessionPart> {
  if (attempt === 0) return import("./session.js");
  // Chromium remembers a failed import for as long as the page lives.
  // See: https://github.com/whatwg/html/issues/6768
  const again = new URL(`session.js?${attempt}`, import.meta.url).href;
  return import(again) as Promise<SessionPart>;
}
