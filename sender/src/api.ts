/** The states of a session, in the order they are passed; Connected and Reconnecting alternate. */
export type SessionState = "Idle" | "Signalling" | "Waiting" | "Connecting" | "Connected" | "Reconnecting" | "Stopped" | "Failed";

/** A state and what to tell people about it. */
export interface SessionStateInfo {
  readonly state: SessionState;
  readonly message: string;
}

/** The events of a session with what their listeners receive. */
export interface QwelpSessionEvents {
  /** The customer has started a session, or it goes on on this page: a new one, or one that is in front again. */
  start: undefined;
  /** The session is over, whoever ended it. One that goes on in another tab is not: its state here is Idle. */
  stop: undefined;
  /** No picture gets through any more, or the page is new: a way is being looked for. */
  reconnect: undefined;
  /** The data channel to an agent has opened or closed. */
  connected: { readonly connected: boolean };
  /** The state has changed. */
  status: SessionStateInfo;
  /** The connection to the app's server has opened or closed, or the support code is new. The code is "" before there is one. */
  signallerState: { readonly connected: boolean; readonly code: string };
}
