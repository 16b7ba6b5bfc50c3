import type { SessionState } from "../api.js";

/** What the dialog is told about the session. */
export interface View {
  readonly state: SessionState;
  /** What to tell people about the state; shown where the dialog has no words of its own: Stopped and Failed. */
  readonly message: string;
  /** The support code; "" while there is none. */
  readonly code: string;
  /** When the code can no longer be taken, as Date.now() counts. */
  readonly codeExpires: number;
  /** The names of those who are in the session. */
  readonly agents: readonly string[];
  /** When the first agent joined, as Date.now() counts; 0 before. */
  readonly since: number;
  /** What customer and agents compare, if they are to. */
  readonly digits: readonly string[];
}

/** How a state looks: the colour and movement of its mark. */
export type Tone = "calm" | "busy" | "live" | "bad";

/** What the dialog says in a state. */
export interface Face {
  readonly tone: Tone;
  readonly headline: string;
  readonly lines: readonly string[];
  /** Facts that help to decide. */
  readonly notes: readonly string[];
  /** The support code to show; "" for none. */
  readonly code: string;
  /** The button that starts a session; "" for none. */
  readonly start: string;
  /** Whether there is something to end. */
  readonly end: boolean;
}

const startSession = "Start session";
export const defaultMessage = "An agent can look at this page together with you. Start a session and read them the code that you get.";
const promises = [
  "The agent sees this website in this tab, nothing else.",
  "Passwords and private details stay hidden.",
  "You can end it at any time.",
];

/** Returns what to say. time writes a point in time as people read it on a clock. */
export function face(view: View, supportMessage: string, now: number, time: (at: number) => string): Face {
  const plain: Face = { tone: "calm", headline: "", lines: [], notes: [], code: "", start: "", end: false };
  const who = names(view.agents);
  switch (view.state) {
    case "Idle":
      return { ...plain, lines: [supportMessage || defaultMessage], notes: promises, start: startSession };
    case "Signalling":
      return { ...plain, tone: "busy", headline: "Getting your support code…", end: true };
    case "Waiting":
      if (view.code === "") return { ...plain, tone: "busy", headline: "Getting your support code…", end: true };
      if (view.codeExpires <= now) {
        return { ...plain, headline: "The code is no longer valid", lines: ["No agent has joined in time. End this session and start a new one."], end: true };
      }
      return { ...plain, tone: "busy", headline: "Read this code to your agent", code: view.code, lines: [`Valid until ${time(view.codeExpires)}. Waiting for the agent to join.`], end: true };
    case "Connecting":
      return { ...plain, tone: "busy", headline: `${who} is joining…`, end: true };
    case "Connected":
      return {
        ...plain,
        tone: "live",
        headline: `${who} ${view.agents.length > 1 ? "are" : "is"} viewing this page`,
        lines: [
          ...(view.digits.length > 0 ? [`Comparison code: ${view.digits.join(", ")}. Does the agent see the same? If not, end the session: somebody may be listening.`] : []),
          ...(view.since ? [`Since ${time(view.since)}.`] : []),
        ],
        notes: [promises[0]!, promises[1]!, "Only you can click and type."],
        end: true,
      };
    case "Reconnecting":
      return { ...plain, tone: "busy", headline: "Reconnecting…", lines: ["The session goes on as soon as the connection is back. You need not do anything."], end: true };
    case "Stopped":
      return { ...plain, headline: "The session has ended", lines: [view.message, "Nobody sees this page any more."].filter(Boolean), start: startSession };
    case "Failed":
      return { ...plain, tone: "bad", headline: "The session could not go on", lines: [view.message, "Nobody sees this page."].filter(Boolean), start: "Try again" };
  }
}

/** Returns names as a list for reading: "Ana", "Ana and Ben", "Ana, Ben and 2 others". */
export function names(agents: readonly string[]): string {
  const [first, second, ...others] = agents.map((name) => name.trim() || "An agent");
  if (first === undefined) return "An agent";
  if (second === undefined) return first;
  if (others.length === 0) return `${first} and ${second}`;
  return `${first}, ${second} and ${others.length === 1 ? others[0] : `${others.length} others`}`;
}
