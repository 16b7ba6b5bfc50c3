import type { SessionState } from "../api.js";
import type { QwelpBranding } from "../settings.gen.js";
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
  /** The customer has paused what the agents see. */
  readonly paused: boolean;
  /** Whether the server answers, and whether the browser takes itself for being on a network. */
  readonly server: boolean;
  readonly online: boolean;
  /** It takes longer than it should. */
  readonly slow?: boolean;
}

/** How a state looks: the colour and movement of its mark. */
export type Tone = "calm" | "busy" | "live" | "bad";

/** What the dialog says in a state. */
export interface Face {
  readonly tone: Tone;
  readonly headline: string;
  /** It in a word or two, where there is little room. */
  readonly short: string;
  readonly lines: readonly string[];
  /** Facts that help to decide. */
  readonly notes: readonly string[];
  /** The support code to show; "" for none. */
  readonly code: string;
  /** What a clock shows: how long the code can still be taken, or how long the session has lasted; "" for none. */
  readonly clock: string;
  /** What the agents may do; "" while there are none. */
  readonly may: string;
  /** The button that starts a session; "" for none. */
  readonly start: string;
  /** Whom the customer is asked to allow something or decline; nobody otherwise. */
  readonly asks: readonly string[];
  /** The button that pauses what the agents see, or goes on with it; "" for none. */
  readonly pause: string;
  /** The button that ends or cancels the session; "" for none. */
  readonly end: string;
  /** The button that closes the dialog, since all is said; "" for none. */
  readonly done: string;
  /** Whether the customer may want to call. */
  readonly phone: boolean;
}

/** What the app says in the dialog. */
export type Said = Pick<QwelpBranding, "supportMessage" | "closedMessage">;

/** Returns what to say; hidesMore: the website keeps more from the agents than what is secret by itself. */
export function face(view: View, { supportMessage, closedMessage }: Said, now: number, words: Language, hidesMore = false): Face {
  const plain: Face = { tone: "calm", headline: "", short: "", lines: [], notes: [], code: "", clock: "", may: "", start: "", asks: [], pause: "", end: "", done: "", phone: false };
  const who = names(view.agents, words);
  const several = view.agents.length > 1;
  const [sees, secrets, more, ends, acts] = words.promises;
  const hidden = hidesMore ? more : secrets;
  // In a sentence long names are cut; whoever opens the dialog reads them whole.
  const whole = view.agents.some((name) => cut(name.trim()) !== name.trim()) ? [view.agents.map((name) => isolated(name.trim(), words.dir)).join(", ")] : [];
  const why = view.reason ? [words.reasons[view.reason]] : [];
  const lost = view.server ? [] : [view.online ? words.serverGone : words.offline];
  const clock = view.since ? span(now - view.since) : "";
  if (view.asking.length > 0) {
    const asking = names(view.asking, words);
    return { ...plain, tone: "live", headline: words.asks(asking, view.asking.length > 1), short: asking, lines: whole, notes: [sees, hidden, ends], asks: view.asking, end: words.end };
  }
  const waiting: Face = { ...plain, tone: "busy", end: words.cancel, phone: true };
  const offered = (text: string): string => (closedMessage ? "" : text);
  const over: Face = { ...plain, start: offered(words.start), done: words.done, phone: true };
  switch (view.state) {
    case "Idle":
      if (closedMessage) return { ...plain, lines: [closedMessage], phone: true };
      return { ...plain, lines: [supportMessage || words.message], notes: [sees, hidden, ends], start: words.start, phone: true };
    case "Signalling":
      return { ...waiting, headline: words.getting, lines: view.online && !view.slow ? [] : lost };
    case "Waiting": {
      // The server tells in a moment that the code is too old.
      if (view.code === "" || view.codeExpires <= now) return { ...waiting, headline: words.getting, lines: lost };
      const left = span(view.codeExpires - now);
      return { ...waiting, headline: words.read, code: view.code, clock: words.left(left), lines: lost.length > 0 ? lost : [words.waiting] };
    }
    case "Connecting":
      return { ...plain, tone: "busy", headline: words.joining(who, several), short: who, lines: view.slow ? [view.online ? words.blocked : words.offline] : [], end: words.end };
    case "Connected": {
      const there: Face = { ...plain, short: who, clock, end: words.end };
      if (view.paused) return { ...there, headline: words.paused, short: words.paused, lines: [words.pausedHint(who, several)], pause: words.resume };
      return {
        ...there,
        tone: "live",
        headline: words.viewing(who, several),
        lines: [...whole, ...(view.digits.length > 0 ? [words.compare(view.digits.join(", "))] : [])],
        notes: [sees, hidden, acts],
        may: words.viewOnly,
        pause: words.pause,
      };
    }
    case "Reconnecting":
      return {
        ...plain, tone: "busy", headline: words.reconnecting, short: who, clock, lines: [view.online ? words.reconnectingHint : words.offline],
        pause: view.paused ? words.resume : words.pause, end: words.end,
      };
    case "Stopped":
      // It is not over then, but here nobody sees anything.
      if (view.reason === "otherTab") return { ...over, headline: words.reasons.otherTab, lines: [words.nobodyMore], done: "" };
      if (view.reason === "declined") return { ...over, headline: words.reasons.declined, lines: [words.nobody] };
      if (view.reason === "expired") return { ...over, headline: words.ended, lines: [...why, words.nobodyMore], start: offered(words.newCode), done: "" };
      return { ...over, headline: words.ended, lines: [...why, words.nobodyMore] };
    case "Failed":
      return { ...over, tone: "bad", headline: view.reason === "unreachable" ? words.notStarted : words.failed, lines: [...why, words.nobody], start: offered(words.again), done: "" };
  }
}

/** Writes milliseconds as a clock does: 0:07, 12:00, 1:02:03. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/**
 * Returns names as a list for reading: "Ana", "Ana and an agent", "Ana, Ben and 2 others". Where anything is read from the right, a name
 * is isolated (U+2068, U+2069), so that it changes nothing around it.
 */
export function names(agents: readonly string[], words: Language): string {
  const all = agents.map((name, i) => (name.trim() ? isolated(cut(name.trim()), words.dir) : i === 0 ? words.agent : uncapitalised(words.agent, words.locale)));
  const few = all.length > 3 ? [...all.slice(0, 2), words.others(all.length - 2)] : all;
  return few.length > 0 ? new Intl.ListFormat(words.locale).format(few) : words.agent;
}

const longest = 28; // characters of a name within a sentence

/** A name without its middle, if it is long: what it begins and ends with tells most people apart. */
function cut(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= longest) return name;
  return `${characters.slice(0, 17).join("").trimEnd()}…${characters.slice(-10).join("").trimStart()}`;
}

const isolated = (name: string, dir: string): string => (dir === "ltr" && !rightToLeft.test(name) ? name : `\u2068${name}\u2069`);

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Text as it is within a sentence. */
const uncapitalised = (text: string, locale: string): string => text.charAt(0).toLocaleLowerCase(locale) + text.slice(1);
