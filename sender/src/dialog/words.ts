import type { SessionState } from "../api.js";
import type { Language, Reason } from "./language/language.js";

/** What the dialog is told about the session. */
export interface View {
  readonly state: SessionState;
  /** Why the session is over, once it is. */
  readonly reason: Reason | undefined;
  /** The support code; "" while there is none. */
  readonly code: string;
  /** When the code can no longer be taken, as Date.now() counts. */
  readonly codeExpires: number;
  /** The names of those who are in the session. */
  readonly agents: readonly string[];
  /** The names of those of them who wait for the customer's consent. */
  readonly asking: readonly string[];
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
  /** Whether the customer is asked to allow something or decline. */
  readonly asks: boolean;
  /** Whether there is something to end. */
  readonly end: boolean;
}

/** Returns what to say. time writes a point in time as people read it on a clock. */
export function face(view: View, supportMessage: string, now: number, time: (at: number) => string, words: Language): Face {
  const plain: Face = { tone: "calm", headline: "", lines: [], notes: [], code: "", start: "", asks: false, end: false };
  const who = names(view.agents, words);
  const [sees, hidden, ends, acts] = words.promises;
  const why = view.reason ? [words.reasons[view.reason]] : [];
  if (view.asking.length > 0) {
    const asking = names(view.asking, words);
    return { ...plain, tone: "live", headline: words.asks(asking, view.asking.length > 1), notes: [sees, hidden, ends], asks: true, end: true };
  }
  switch (view.state) {
    case "Idle":
      return { ...plain, lines: [supportMessage || words.message], notes: [sees, hidden, ends], start: words.start };
    case "Signalling":
      return { ...plain, tone: "busy", headline: words.getting, end: true };
    case "Waiting":
      if (view.code === "") return { ...plain, tone: "busy", headline: words.getting, end: true };
      if (view.codeExpires <= now) return { ...plain, headline: words.oldTitle, lines: [words.old], end: true };
      return { ...plain, tone: "busy", headline: words.read, code: view.code, lines: [words.waiting(time(view.codeExpires))], end: true };
    case "Connecting":
      return { ...plain, tone: "busy", headline: words.joining(who), end: true };
    case "Connected":
      return {
        ...plain,
        tone: "live",
        headline: words.viewing(who, view.agents.length > 1),
        lines: [...(view.digits.length > 0 ? [words.compare(view.digits.join(", "))] : []), ...(view.since ? [words.since(time(view.since))] : [])],
        notes: [sees, hidden, acts],
        end: true,
      };
    case "Reconnecting":
      return { ...plain, tone: "busy", headline: words.reconnecting, lines: [words.reconnectingHint], end: true };
    case "Stopped":
      return { ...plain, headline: words.ended, lines: [...why, words.nobodyMore], start: words.start };
    case "Failed":
      return { ...plain, tone: "bad", headline: words.failed, lines: [...why, words.nobody], start: words.again };
  }
}

/** Returns names as a list for reading: "Ana", "Ana and Ben", "Ana, Ben and 2 others". */
export function names(agents: readonly string[], words: Language): string {
  const all = agents.map((name) => name.trim() || words.agent);
  const few = all.length > 3 ? [...all.slice(0, 2), words.others(all.length - 2)] : all;
  return few.length > 0 ? new Intl.ListFormat(words.locale).format(few) : words.agent;
}
