import type { PlacedMark } from "../../signal/wire/wire.gen.js";
import type { Known } from "./ui/details.js";

/** How it stands with what the agent sees. */
export interface Status {
  /** Live: what is seen is now. Paused: by the customer, who shows nothing at the moment. */
  readonly state: "connecting" | "live" | "paused" | "loading" | "reconnecting" | "gone";
  /** When the session ends unless the customer comes back, as Date.now() counts; 0: not known. */
  readonly ends: number;
  /** How it comes: over no server, over one, or not at all. */
  readonly way: "direct" | "detour" | "none";
  /** What agent and customer compare; "" while there is nothing, undefined when somebody is in between. */
  readonly digits: string | undefined;
  /** Whether the server can be reached. */
  readonly server: boolean;
  /** The customer has another tab in front. */
  readonly background: boolean;
}

/** What people see of a session. */
export interface View {
  /** Offers to join. error: what went wrong, if anything; retryAfter: milliseconds until joining makes sense again. */
  start(error: string, retryAfter: number): void;
  joining(text: string): void;
  /** since is when the session was joined, in milliseconds since 1970; session is its id. */
  running(since: number, known: Known, session: string): void;
  /** Other things are known about the customer. */
  told(known: Known): void;
  others(names: readonly string[]): void;
  status(status: Status): void;
  /** lasted: there was a session in which the agent saw something. */
  ended(title: string, text: string, lasted: boolean): void;
  /** Frames and pointer messages for the picture, and the begin of a new link's. */
  restart(): void;
  frame(data: Uint8Array): void;
  /** Frames are missing. */
  gap(): void;
  pointer(data: Uint8Array): void;
  /** What this agent, a member, may do on the customer's page: LaserMove and kinds of marks. */
  tools(may: readonly string[], member: string): void;
  /** Marks that agents have drawn, or none any more. */
  marked(marks: readonly PlacedMark[]): void;
  marksGone(from: string, ids: readonly number[]): void;
}
