import type { SessionPart } from "./part.js";

/** URL of the app's qwelp prefix, in which this file lies as <hash>/auto.js. Ends in "/". */
export const ownBase = (): string => new URL("..", import.meta.url).href;

/**
 * Loads the part of the sender that a page without a session never needs: two files, at the same time. attempt counts from 0. The promise
 * is rejected when the browser cannot get them, for example offline.
 */
export async function loadSession(attempt: number): Promise<SessionPart> {
  // Chromium remembers a failed import for as long as the page lives.
  // See: https://github.com/whatwg/html/issues/6768
  const load = (name: string): Promise<unknown> => import(new URL(attempt === 0 ? name : `${name}?${attempt}`, import.meta.url).href);
  const [session, capture] = await Promise.all([load("session.js"), load("capture.js")]);
  const { createSession } = session as typeof import("./session.js");
  const { Capture } = capture as typeof import("./capture/capture.js");
  return { createSession: (host) => createSession(host, Capture) };
}
