import type { Aside } from "./aside.js";
import type { QwelpSessionEvents, SessionStateInfo } from "./api.js";

/** What the loader gives the session part. */
export interface Host {
  /** URL of the app's qwelp prefix; ends in "/". */
  readonly base: string;
  /** The element that holds all of our interface; capture leaves it out. It may move in the document while a modal dialog of the page is open. */
  readonly element: HTMLElement;
  /** Its closed shadow root, which already holds the support button. */
  readonly root: ShadowRoot;
  readonly button: HTMLButtonElement;
  /** Where the button stands. */
  aside(): Promise<Aside>;
  /** The page's element that had the focus before our interface, if one did. */
  before(): Element | null;
  /** What the page has given of settings, unchecked; there may be more while the page lives. */
  readonly given: readonly unknown[];
  /** Opens a connection to the server, or gives the one that has been opened ahead. */
  socket(): WebSocket;
  /** Tells the page's listeners. Never throws. */
  emit<K extends keyof QwelpSessionEvents>(type: K, payload: QwelpSessionEvents[K]): void;
  /** Makes the session the page's QwelpSenderSession.runningSession. */
  running(): void;
}

/** What session.js exports: the part of the sender that a page without a session never loads. */
export interface SessionPart {
  createSession(host: Host): PartSession;
}

/** The session part's side of a QwelpSenderSession. One lives as long as its page and may run several sessions in turn. */
export interface PartSession {
  /** The support code; "" before there is one. */
  readonly code: string;
  readonly state: SessionStateInfo;
  /** Milliseconds the data channel has been open in this session, on all its pages. */
  readonly duration: number;
  /** Shows the dialog; the customer has pressed the support button. */
  open(): void;
  /** Takes up the session that ran on the previous page of this tab, or that runs in another tab while this one is in front; false when there is none. */
  resume(): Promise<boolean>;
  /** The settings have changed. */
  settingsChanged(): void;
  /** Ends the session, if one is running, as the customer's button does. */
  stop(): void;
}

/** The state before a session was started. */
export const idle: SessionStateInfo = { state: "Idle", message: "" };

/** The key in localStorage under which a session of the app that is served from base runs, and in sessionStorage whether it did on the previous page of the tab. */
export const storageKey = (base: string): string => `qwelp.session ${base}`;
