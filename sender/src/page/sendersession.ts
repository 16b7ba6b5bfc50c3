import type { QwelpSessionEvents, SessionStateInfo } from "../api.js";
import { idle, type PartSession } from "../part.js";
import type { Listeners } from "./listeners.js";
import { registry } from "./registry.js";

/** What stands behind a QwelpSenderSession; out of the page's reach. */
interface Inside {
  readonly listeners: Listeners;
  /** Undefined while the session part is not loaded. */
  part(): PartSession | undefined;
}

const insides = new WeakMap<QwelpSenderSession, Inside>();

/** Makes a QwelpSenderSession. */
export function newSenderSession(inside: Inside): QwelpSenderSession {
  const session = new QwelpSenderSession();
  insides.set(session, inside);
  return session;
}

/** A page's session, as startQwelpSession and checkQwelpSessionAutoStart return it. A page has one, which may be started again after its end. */
export class QwelpSenderSession {
  /** The session of this page once the customer has started it or it was resumed; undefined before. It stays after the end, with the state Stopped or Failed. */
  static get runningSession(): QwelpSenderSession | undefined {
    return registry().page?.running;
  }

  /** The support code that the customer reads to the agent: nine digits. "" before there is one. */
  getSupportCode(): string {
    return insides.get(this)?.part()?.code ?? "";
  }

  getState(): SessionStateInfo {
    return insides.get(this)?.part()?.state ?? idle;
  }

  /** Milliseconds the data channel to an agent has been open in this session, on all its pages. */
  getSupportDuration(): number {
    return insides.get(this)?.part()?.duration ?? 0;
  }

  /** Ends the session, as the customer's button does. Does nothing when none is running. */
  stop(): void {
    insides.get(this)?.part()?.stop();
  }

  /** Has the listener called with the payload of each event of a type. What it throws is reported to the console and harms nobody else. */
  addEventListener<K extends keyof QwelpSessionEvents>(type: K, listener: (payload: QwelpSessionEvents[K]) => void): void {
    insides.get(this)?.listeners.add(type, listener);
  }

  removeEventListener<K extends keyof QwelpSessionEvents>(type: K, listener: (payload: QwelpSessionEvents[K]) => void): void {
    insides.get(this)?.listeners.remove(type, listener);
  }
}
