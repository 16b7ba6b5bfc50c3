import type { SessionPart } from "./part.js";

/** URL of the app's qwelp prefix, in which this file lies as <hash>/auto.js. Ends in "/". */
export const ownBase = (): string => new URL("..", import.meta.url).href;

/**
 * Loads files from beside this one, at the same time. attempt counts from 0. The promise is rejected when the browser cannot get them, for example offline.
 */
function load(attempt: number, ...names: readonly string[]): Promise<unknown[]> {
  // Chromium remembers a failed import for as long as the page lives.
  // See: https://github.com/whatwg/html/issues/6768
  return Promise.all(names.map((name) => import(new URL(attempt === 0 ? name : `${name}?${attempt}`, import.meta.url).href)));
}

const failures = new Map<string, number>();

/** Loads one file from beside this one; after a failure it may be called again. */
export async function loadAgain(name: string): Promise<unknown> {
  const failed = failures.get(name) ?? 0;
  try {
    return (await load(failed, name))[0];
  } catch (error) {
    failures.set(name, failed + 1);
    throw error;
  }
}

/** Loads the part of the sender that a page without a session never needs. */
export async function loadSession(attempt: number): Promise<SessionPart> {
  const [session] = await load(attempt, "session.js");
  return session as SessionPart;
}

/** Loads what shows the page to agents, and what the first of them needs. */
export async function loadPicture(attempt: number): Promise<[picture: typeof import("./picture.js"), capture: typeof import("./capture/capture.js")]> {
  load(attempt, "relay.js").catch(() => {});
  const [picture, capture, names] = (await load(attempt, "picture.js", "capture.js", "names.js")) as [...Awaited<ReturnType<typeof loadPicture>>, typeof import("./capture/names.js")];
  capture.know(names);
  return [picture, capture];
}
