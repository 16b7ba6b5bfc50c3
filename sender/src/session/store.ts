import type { Stored } from "./machine.js";

/** What lies in storage. */
export interface Kept extends Stored {
  /** When it was put there, as Date.now() counts. */
  readonly at: number;
  /** The page that kept it has left the session, for whichever page takes it up. Tells no more than that where the browser has locks. */
  readonly left: boolean;
  /** The page that kept it. */
  readonly by: string;
}

/** After this time, in milliseconds, a session that nobody took up, or whose page went without a word, is over without being mentioned. */
const forgotten = { left: 600_000, lost: 43_200_000 };

/** Keeps a running session under a key for the next page. False: the browser keeps nothing for this page. */
export function save(key: string, kept: Kept): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** Reads what is kept; undefined when there is nothing, or it is not a session, or none that can go on. now is Date.now(). */
export function read(key: string, now: number): Kept | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Kept> | null;
    if (!value || typeof value.token !== "string" || typeof value.code !== "string") return undefined;
    const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((text) => typeof text === "string") : []);
    const number = (n: unknown): number => (typeof n === "number" && Number.isFinite(n) ? n : 0);
    const kept: Kept = {
      token: value.token, code: value.code, codeExpires: number(value.codeExpires), duration: number(value.duration), joinedAt: number(value.joinedAt),
      contents: texts(value.contents), allowed: texts(value.allowed), barred: texts(value.barred), paused: value.paused === true, at: number(value.at), left: value.left === true, by: String(value.by),
    };
    return now - kept.at < (kept.left ? forgotten.left : forgotten.lost) ? kept : undefined;
  } catch {
    return undefined;
  }
}
