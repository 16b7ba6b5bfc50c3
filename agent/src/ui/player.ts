import type { Playing } from "../mirror/players.js";
import { strings } from "../strings.js";
import { duration } from "./duration.js";
import { el } from "./el.js";

/** Says how an audio or video element plays. */
export function playerLine({ paused, muted, time, duration: whole }: Playing): HTMLElement {
  const clock = (seconds: number): string => duration(seconds * 1_000);
  const line = el("span", {}, `${paused ? "❚❚" : "▶"} ${clock(time)}${whole > 0 ? ` / ${clock(whole)}` : ""} · ${words(paused, muted)}`);
  line.style.setProperty("--played", `${whole > 0 ? Math.min(100, (100 * time) / whole) : 0}%`);
  return line;
}

function words(paused: boolean, muted: boolean): string {
  const text = paused ? strings.paused : strings.playing;
  return muted ? `${text}, ${strings.muted}` : text;
}
