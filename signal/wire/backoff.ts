const first = 250; // ms
const longest = 4_000;

/** Milliseconds to wait before try number n, counted from 0: exponential backoff with full jitter, random being from 0 to 1. */
export function backoff(n: number, random: number): number {
  return random * Math.min(longest, first * 2 ** n);
}
