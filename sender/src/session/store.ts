import { storageKey } from "../part.js";
import type { Saved } from "./machine.js";

/** Keeps a running session for the next page of this tab. */
export function save(saved: Saved): void {
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

/** The session of the previous page; undefined when there is none or what is stored is not one. */
export function load(): Saved | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(storageKey) ?? "null") as Partial<Saved> | null;
    if (!value || typeof value.token !== "string" || typeof value.code !== "string") return undefined;
    const number = (n: unknown): number => (typeof n === "number" && Number.isFinite(n) ? n : 0);
    return {
      token: value.token, code: value.code, codeExpires: number(value.codeExpires), duration: number(value.duration), joinedAt: number(value.joinedAt),
    };
  } catch {
    return undefined;
  }
}
