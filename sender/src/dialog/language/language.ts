/** Why a session is over. */
export type Reason =
  | "customer" | "declined" | "agent" | "timeout" | "shutdown" // as wire.EndReason
  | "expired" | "otherTab" | "unreachable" | "outdated" | "refused" | "unsealable" | "overload";

/** All that the customer is told by us, in one language. A new language is one more file like en.ts, and its line in languages.ts. */
export interface Language {
  /** For times and lists (BCP 47). */
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly start: string;
  readonly again: string;
  readonly newCode: string;
  readonly pause: string;
  readonly resume: string;
  readonly end: string;
  /** Ends what no agent has joined yet. */
  readonly cancel: string;
  readonly done: string;
  readonly copy: string;
  readonly copied: string;
  readonly notCopied: string;
  readonly close: string;
  readonly minimise: string;
  readonly details: string;
  readonly move: string;
  /** Puts the support button away to the window's edge, or back. */
  readonly hideButton: string;
  readonly showButton: string;
  /** What the dialog says before a session, unless the app has a text of its own. */
  readonly message: string;
  /** What the agent sees, what stays hidden, the same where the website hides more, that it can be ended, that only the customer acts. */
  readonly promises: readonly [sees: string, hidden: string, hiddenMore: string, ends: string, acts: string];
  readonly getting: string;
  readonly read: string;
  readonly waiting: string;
  /** How long the code can be taken. */
  readonly left: (time: string) => string;
  /** An agent whose name is not known. */
  readonly agent: string;
  /** So many more than those who are named. */
  readonly others: (count: number) => string;
  readonly asks: (who: string, several: boolean) => string;
  readonly allow: string;
  readonly decline: string;
  readonly joining: (who: string, several: boolean) => string;
  readonly viewing: (who: string, several: boolean) => string;
  readonly compare: (digits: string) => string;
  readonly paused: string;
  readonly pausedHint: (who: string, several: boolean) => string;
  /** What the agent may do: look. */
  readonly viewOnly: string;
  /** The name of the clock that shows how long the session has lasted. */
  readonly time: string;
  readonly reconnecting: string;
  readonly reconnectingHint: string;
  readonly offline: string;
  readonly serverGone: string;
  readonly blocked: string;
  readonly ended: string;
  readonly nobodyMore: string;
  readonly notStarted: string;
  readonly failed: string;
  readonly nobody: string;
  readonly reasons: Readonly<Record<Reason, string>>;
}
