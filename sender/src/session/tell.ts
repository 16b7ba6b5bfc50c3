import type { Host } from "../part.js";
import { isRunning, type Session } from "./machine.js";

/** Tells the page's listeners what has changed in a session. One that goes on in another tab has not stopped. */
export function tell(emit: Host["emit"], before: Session, after: Session): void {
  if (before.signalling !== after.signalling || before.code !== after.code) emit("signallerState", { connected: after.signalling, code: after.code });
  const open = after.channels.length > 0;
  if (open !== before.channels.length > 0) emit("connected", { connected: open });
  if (before.state !== after.state || before.message !== after.message) emit("status", { state: after.state, message: after.message });
  if (after.state === "Reconnecting" && before.state !== "Reconnecting") emit("reconnect", undefined);
  if (isRunning(before) && !isRunning(after) && after.state !== "Idle") emit("stop", undefined);
}
