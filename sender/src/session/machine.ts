import type { SessionState } from "../api.js";
import { en } from "../dialog/language/en.js";
import type { Reason } from "../dialog/language/language.js";
import type { Control, EndReason, ErrorCode, ICEServer, Member, Message, Path, Started } from "../../../signal/wire/wire.gen.js";
import { fieldsOf, type Known } from "./known.js";
import { Version } from "../../../signal/wire/wire.gen.js";

/** What a session needs on its next page. */
export interface Saved {
  readonly token: string;
  readonly code: string;
  /** When the code can no longer be taken, as Date.now() counts; 0: it has been. */
  readonly codeExpires: number;
  /** Milliseconds the data channel has been open so far. */
  readonly duration: number;
  /** When the first agent joined, 0 before. */
  readonly joinedAt: number;
  /** The agents who may see the page, by their ids and the keys of their pages. */
  readonly allowed: readonly string[];
  /** The agents, by their ids, over whose links more came than is allowed. They get none any more, and do not count. */
  readonly barred: readonly string[];
  /** The customer has paused what agents see. */
  readonly paused: boolean;
}

/** What capture needs besides. */
export interface Stored extends Saved {
  /** What the assets are known by that have been sent. */
  readonly contents: readonly string[];
}

/** A session as the machine knows it. Values are never changed in place. */
export interface Session extends Saved {
  readonly state: SessionState;
  /** For the page's scripts, in English. The dialog has words of its own. */
  readonly message: string;
  /** Why it is over, once it is. */
  readonly reason: Reason | undefined;
  /** Whether the server accepts messages. */
  readonly signalling: boolean;
  readonly members: readonly Member[]; // agents
  readonly links: readonly string[]; // agents who see the page
  readonly channels: readonly string[]; // those of them who do over a data channel
  readonly iceServers: readonly ICEServer[];
  /** The server's last word on where in its sessions this one is; undefined before there is any. */
  readonly place: Pick<Started, "session" | "epoch" | "visits" | "places"> | undefined;
  /** When the first of the open data channels opened; 0 when none is. */
  readonly linkedSince: number;
  /** The session comes from another page, and the server has not confirmed it yet. */
  readonly resuming: boolean;
  readonly known: Known;
  /** Whether the customer is asked before an agent sees the page. */
  readonly ask: boolean;
  /** How many codes before this one nobody took in time. */
  readonly renewals: number;
}

/** What happens to a session. now is Date.now(). */
export type Input =
  | { readonly type: "start"; readonly known: Known; readonly ask?: boolean }
  | { readonly type: "resume"; readonly saved: Saved; readonly ask?: boolean }
  | { readonly type: "allow" }
  | { readonly type: "decline" }
  | { readonly type: "pause"; readonly paused: boolean }
  | { readonly type: "stop" }
  | { readonly type: "socketOpen" }
  | { readonly type: "socketClosed"; readonly final: boolean; readonly code: number }
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "path"; readonly member: string; readonly path: Path }
  | { readonly type: "control"; readonly message: Control }
  | { readonly type: "overload"; readonly member: string } // more came over a link than its end takes
  | { readonly type: "unreachable" }
  | { readonly type: "unsealable" };

/** What the machine wants done. */
export type Effect =
  | { readonly do: "connect" }
  | { readonly do: "disconnect" }
  | { readonly do: "reconnectAfter"; readonly delay: number }
  | { readonly do: "send"; readonly message: Message }
  | { readonly do: "openLink"; readonly member: Member } // unless there is one to the same page of the console
  | { readonly do: "closeLinks"; readonly members: readonly string[] }
  | { readonly do: "broadcast"; readonly message: Control }
  | { readonly do: "share"; readonly paused: boolean } // stop or begin to show the page to those who may see it
  | { readonly do: "forget" }
  | { readonly do: "started" };

export type Step = readonly [Session, readonly Effect[]];

const mostRenewals = 2; // of a code that nobody takes

export const idle: Session = {
  state: "Idle", message: "", reason: undefined, signalling: false, token: "", code: "", codeExpires: 0, duration: 0, members: [], links: [], channels: [],
  iceServers: [], place: undefined, linkedSince: 0, joinedAt: 0, allowed: [], barred: [], paused: false, resuming: false,
  known: { metaData: undefined, signed: undefined }, ask: false, renewals: 0,
};

/** Whether a session runs, so that it goes on on the next page. */
export function isRunning(s: Session): boolean {
  return s.state !== "Idle" && s.state !== "Stopped" && s.state !== "Failed";
}

/** Milliseconds the data channel has been open, up to now. */
export function supportDuration(s: Session, now: number): number {
  return s.duration + (s.linkedSince ? now - s.linkedSince : 0);
}

/** Takes a session from one state to the next. Knows neither page nor network. */
export function step(s: Session, input: Input, now: number): Step {
  if (input.type === "start") {
    if (isRunning(s)) return [s, []];
    return [{ ...idle, state: "Signalling", message: "Getting a support code…", known: input.known, ask: input.ask ?? false }, [{ do: "connect" }]];
  }
  if (input.type === "resume") {
    return [{ ...idle, ...input.saved, state: "Reconnecting", resuming: true, message: "Taking up the session on this page…", ask: input.ask ?? false }, [{ do: "connect" }]];
  }
  if (!isRunning(s)) return [s, []];
  switch (input.type) {
    case "stop":
      return end(s, now, "customer", [{ do: "broadcast", message: { type: "bye", reason: "customer" } }, { do: "send", message: { type: "end" } }]);
    case "allow":
      return allow(s);
    case "decline":
      return decline(s, now);
    case "pause":
      return pause(s, input.paused);
    case "socketOpen":
      return [s, [
        { do: "send", message: { type: "hello", versions: [Version], role: "sender" } },
        { do: "send", message: s.token ? { type: "resume", token: s.token } : startMessage(s) },
      ]];
    case "socketClosed":
      return socketClosed(s, input.final, input.code, now);
    case "message":
      return received(s, input.message, now);
    case "path":
      return pathChanged(s, input.member, input.path, now);
    case "control":
      return input.message.type === "bye" ? end(s, now, input.message.reason, [{ do: "send", message: { type: "end", reason: "agent" } }]) : [s, []];
    case "overload":
      return overload(s, input.member, now);
    case "unsealable":
      return fail(s, now, "unsealable");
    case "unreachable":
      if (s.signalling || s.state !== "Signalling") return [s, []];
      return fail(s, now, "unreachable");
  }
}

function received(s: Session, m: Message, now: number): Step {
  switch (m.type) {
    case "started": {
      // The server forgot the session (it restarted): who is linked joins again by itself, under a new member id.
      const linked = s.channels.length > 0;
      const next: Session = {
        ...s, signalling: true, members: [], token: m.token, code: m.code, codeExpires: now + m.codeExpires, iceServers: m.iceServers ?? [], place: m,
        ...(linked ? { state: "Connected" as const } : { state: "Waiting" as const, message: "Read this code to the agent." }),
      };
      return [next, linked ? [{ do: "broadcast", message: { type: "rejoin", code: m.code } }] : s.state === "Signalling" && s.renewals === 0 ? [{ do: "started" }] : []];
    }
    case "resumed": {
      const members = m.members.filter(({ id, role }) => role === "agent" && !s.barred.includes(id));
      if (members.length === 0 && s.joinedAt > 0 && s.codeExpires === 0) {
        // The last agent has left while the server did not reach this page.
        return end({ ...s, token: m.token }, now, "agent", [{ do: "send", message: { type: "end", reason: "agent" } }]);
      }
      const next: Session = {
        ...s, signalling: true, resuming: false, token: m.token, code: m.code ?? s.code, iceServers: m.iceServers ?? [], place: m, members,
        joinedAt: members.length > 0 ? s.joinedAt || now : 0,
      };
      const open = members.filter((member) => !member.away && mayLook(next, member));
      // The pong tells the server that the new token has arrived, which ends the life of the one before.
      const here = s.links.filter((id) => members.some((member) => member.id === id));
      const paths = here.map((member): Effect => ({ do: "send", message: { type: "carried", member, path: s.channels.includes(member) ? "channel" : "relay" } }));
      const effects: Effect[] = [{ do: "send", message: { type: "pong" } }, ...paths, ...open.map((member): Effect => ({ do: "openLink", member }))];
      if (s.resuming) effects.unshift({ do: "started" });
      return [members.length > 0 ? settle(next) : { ...next, state: "Waiting", message: "Read this code to the agent." }, effects];
    }
    case "credentials":
      return [{ ...s, iceServers: m.iceServers }, []];
    case "memberJoined":
      if (s.barred.includes(m.member.id)) return [s, []];
      return agentHere({ ...s, members: [...without(s.members, m.member.id), m.member], joinedAt: s.joinedAt || now, codeExpires: 0 }, m.member);
    case "memberBack":
      if (s.barred.includes(m.member.id)) return [s, []];
      return agentHere({ ...s, members: [...without(s.members, m.member.id), m.member] }, m.member);
    case "memberAway":
      return [{ ...s, members: s.members.map((member) => (member.id === m.member ? { ...member, away: true } : member)) }, []];
    case "memberLeft": {
      const members = without(s.members, m.member);
      if (members.length === 0) return end(s, now, "agent", [{ do: "send", message: { type: "end", reason: "agent" } }]);
      return [settle(along({ ...s, members }, m.member, "none", now)), [{ do: "closeLinks", members: [m.member] }]];
    }
    case "ended":
      if (m.reason === "timeout" && s.joinedAt === 0 && s.renewals < mostRenewals) return renew(s);
      return end(s, now, m.reason, []);
    case "error":
      return refused(s, m.code, m.retryAfter ?? 2000, now);
    case "draining":
      return [s, [{ do: "reconnectAfter", delay: m.retryAfter }]];
    case "ping":
      return [s, [{ do: "send", message: { type: "pong" } }]];
    default:
      return [s, []];
  }
}

/** A link has ended for good, and its agent with it; the session only when there is no other agent. */
function overload(s: Session, member: string, now: number): Step {
  const members = without(s.members, member);
  if (s.members.length > 0 && members.length === 0) return fail(s, now, "overload");
  const next = along({ ...s, members, barred: [...s.barred, member] }, member, "none", now);
  return [settle(next), [{ do: "closeLinks", members: [member] }]];
}

function startMessage(s: Session): Message {
  return { type: "start", ...fieldsOf(s.known) };
}

function refused(s: Session, code: ErrorCode, retryAfter: number, now: number): Step {
  switch (code) {
    case "gone": {
      // On a new page there is nothing to go on with; on this one, a new code leads the agent back.
      if (s.resuming) return end(s, now, "timeout", []);
      const anew: Session = { ...s, token: "", code: "" };
      return [anew, [{ do: "send", message: startMessage(anew) }]];
    }
    case "ended":
      return end(s, now, "timeout", []);
    case "bad-metadata": {
      if (s.signalling) return [s, []]; // of a session that runs
      // What the server has signed is not what it refuses.
      const bare: Session = { ...s, known: { ...idle.known, signed: s.known.metaData && s.known.signed } };
      return [bare, [{ do: "send", message: startMessage(bare) }]];
    }
    case "slow-down":
    case "unavailable":
      return [s, [{ do: "reconnectAfter", delay: retryAfter }]];
    default:
      return [s, []];
  }
}

function socketClosed(s: Session, final: boolean, code: number, now: number): Step {
  const next: Session = { ...s, signalling: false };
  if (!final) return [next, []];
  if (code === 4409) return over(next, now, "Stopped", "otherTab", []);
  if (code === 4410) return end(next, now, "timeout", []);
  if (code === 4501) return fail(next, now, "outdated");
  return fail(next, now, "refused");
}

/** Nobody has taken the code in time: the customer, who may still be waiting on the telephone, gets another. */
function renew({ known, ask, renewals }: Session): Step {
  const next: Session = { ...idle, state: "Signalling", message: "Getting a new support code…", known, ask, renewals: renewals + 1 };
  return [next, [{ do: "disconnect" }, { do: "connect" }]];
}

/** The customer stops or goes on showing the page. */
function pause(s: Session, paused: boolean): Step {
  if (s.paused === paused) return [s, []];
  const next: Session = { ...s, paused };
  return [s.links.length > 0 ? settle(next) : next, [{ do: "broadcast", message: { type: "sharing", paused } }, { do: "share", paused }]];
}

/** Whether an agent may see the page. */
export const mayLook = (s: Session, { id, key = "" }: Member): boolean => !s.ask || s.allowed.includes(id) || (key !== "" && s.allowed.includes(key));

/** The customer lets those who ask see the page. */
function allow(s: Session): Step {
  const asking = s.members.filter((member) => !mayLook(s, member));
  let next = s;
  for (const member of asking) next = remember(next, member);
  return [s.links.length > 0 ? next : { ...next, state: "Connecting", message: "Connecting…" }, asking.filter(({ away }) => !away).map((member) => ({ do: "openLink", member }))];
}

/** The customer lets those who ask not see the page. The session goes on where others do. */
function decline(s: Session, now: number): Step {
  const members = s.members.filter((member) => mayLook(s, member));
  if (members.length === 0) return end(s, now, "declined", [{ do: "send", message: { type: "end", reason: "declined" } }]);
  const out = s.members.filter((member) => !members.includes(member)).map(({ id }) => id);
  return [{ ...s, members, barred: [...s.barred, ...out] }, out.map((member) => ({ do: "send", message: { type: "decline", member } }))];
}

/** The session, in which an agent stays allowed under another id, or on another page of the console. */
const remember = (s: Session, { id, key }: Member): Session => ({ ...s, allowed: [...new Set([...s.allowed, id, ...(key ? [key] : [])])] });

function agentHere(s: Session, member: Member): Step {
  if (!mayLook(s, member)) {
    return [s.links.length > 0 ? s : { ...s, state: "Connecting", message: `${member.name || "The agent"} wants to see this page.` }, []];
  }
  if (s.ask) s = remember(s, member);
  const message = `${member.name || "The agent"} has joined. Connecting…`;
  const next: Session = s.links.length > 0 || s.state === "Reconnecting" ? settle(s) : { ...s, state: "Connecting", message };
  return [next, [{ do: "openLink", member }]];
}

function pathChanged(s: Session, member: string, path: Path, now: number): Step {
  const next = along(s, member, path, now);
  // Members of the session that the server has forgotten, once they are here again.
  const gone = path === "none" ? [] : next.links.filter((id) => !s.members.some((m) => m.id === id));
  let rest = next;
  for (const id of gone) rest = along(rest, id, "none", now);
  const here = settle(rest);
  const effects: Effect[] = gone.length > 0 ? [{ do: "closeLinks", members: gone }] : [];
  if (s.signalling && !gone.includes(member)) effects.push({ do: "send", message: { type: "carried", member, path } });
  return [here, effects];
}

/** The session with a member's link on another path. */
function along(s: Session, member: string, path: Path, now: number): Session {
  const set = (list: readonly string[], on: boolean): readonly string[] => (on ? [...list.filter((id) => id !== member), member] : list.filter((id) => id !== member));
  const links = set(s.links, path !== "none");
  const channels = set(s.channels, path === "channel");
  if (channels.length > 0) return { ...s, links, channels, linkedSince: s.linkedSince || now };
  return { ...s, links, channels, duration: supportDuration(s, now), linkedSince: 0 };
}

/** The state that members and links amount to. */
function settle(s: Session): Session {
  const names = s.members.map(({ name }) => name || "The agent").join(", ");
  if (s.links.length > 0 && s.paused) return { ...s, state: "Connected", message: "Sharing is paused." };
  if (s.links.length > 0) return { ...s, state: "Connected", message: names ? `${names} can see this page.` : s.message };
  if (s.state === "Connecting" || s.state === "Waiting") return s;
  return { ...s, state: "Reconnecting", message: "Connecting to the agent again…" };
}

function without(members: readonly Member[], id: string): readonly Member[] {
  return members.filter((member) => member.id !== id);
}

function end(s: Session, now: number, reason: EndReason, before: readonly Effect[]): Step {
  const expired = reason === "timeout" && s.joinedAt === 0;
  return over(s, now, "Stopped", expired ? "expired" : reason, [...before, { do: "forget" }]);
}

function fail(s: Session, now: number, reason: Reason): Step {
  return over(s, now, "Failed", reason, [{ do: "forget" }]);
}

function over(s: Session, now: number, state: SessionState, reason: Reason, before: readonly Effect[]): Step {
  const next: Session = {
    ...s, state, reason, message: en.reasons[reason], signalling: false, links: [], channels: [], members: [], token: "", paused: false,
    duration: supportDuration(s, now), linkedSince: 0,
  };
  return [next, [...before, { do: "closeLinks", members: [...new Set([...s.links, ...s.members.map(({ id }) => id)])] }, { do: "disconnect" }]];
}
