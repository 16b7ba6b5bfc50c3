import { storageKey } from "../part.js";
import type { Stored } from "./machine.js";

/**
 * Keeps a running session for the next page of this tab. Only a page that may be about to go does so: a duplicated tab gets a copy of
 * the storage, and must not find the session of the tab in front of the customer there.
 */
export function save(saved: Stored): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(saved));
  } catch {
    // Without storage the session ends with its page.
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept.
  }
}

/** Takes the session of the previous page out of the store; undefined when there is none or what is stored is not one. */
export function take(): Stored | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(storageKey) ?? "null") as Partial<Stored> | null;
    forget();
    if (!value || typeof value.token !== "string" || typeof value.code !== "string") return undefined;
    const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((text) => typeof text === "string") : []);
    const number = (n: unknown): number => (typeof n === "number" && Number.isFinite(n) ? n : 0);
    return {
      token: value.token, code: value.code, codeExpires: number(value.codeExpires), duration: number(value.duration), joinedAt: number(value.joinedAt),
      contents: texts(value.contents), allowed: texts(value.allowed), paused: value.paused === true,
    };
  } catch {
    return undefined;
  }
}
