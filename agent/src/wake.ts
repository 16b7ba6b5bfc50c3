const look = 5_000; // ms
const asleep = 15_000; // ms without a look: this computer was, or is, suspended

/** Calls back whenever the network may not be what it was: it is back, the page is seen again, the computer wakes. */
export function whenBack(call: () => void): void {
  window.addEventListener("online", call);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") call();
  });
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > asleep) call();
    last = now;
  }, look);
}
