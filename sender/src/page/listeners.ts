import type { QwelpSessionEvents } from "../api.js";

type Listener = (payload: never) => void;

/** The page's listeners to the events of a session. */
export interface Listeners {
  /** Adds a listener; one that is there already is not added again. */
  add(type: string, listener: Listener): void;
  remove(type: string, listener: Listener): void;
  /** Calls the listeners in the order they were added, with the payload itself. Never throws: what a listener throws goes to report. */
  emit<K extends keyof QwelpSessionEvents>(type: K, payload: QwelpSessionEvents[K]): void;
}

export function createListeners(report: (error: unknown) => void): Listeners {
  const byType: Record<string, Listener[]> = { __proto__: null } as never; // nothing that a page may have replaced
  return {
    add(type, listener) {
      // A page in plain JavaScript may pass anything.
      if (typeof listener !== "function") return;
      const list = (byType[type] ??= []);
      if (list.indexOf(listener) < 0) list.push(listener);
    },
    remove(type, listener) {
      byType[type] = (byType[type] ?? []).filter((other) => other !== listener);
    },
    emit(type, payload) {
      // A copy: listeners that are added meanwhile wait for the next event, as those of the DOM do.
      for (const listener of [...(byType[type] ?? [])]) {
        if (byType[type]!.indexOf(listener) < 0) continue;
        try {
          (listener as (payload: unknown) => void)(payload);
        } catch (error) {
          report(error);
        }
      }
    },
  };
}
