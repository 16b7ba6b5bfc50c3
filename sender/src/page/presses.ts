/** How long after a press of one of our buttons those of others do not count, in milliseconds: a double click is meant for the first. */
const pause = 400;

/** Tells of each press, by its button, that button's label and its time in milliseconds, whether it counts. */
export function createPresses(): (button: unknown, label: string | null, now: number) => boolean {
  let last: unknown;
  let said: string | null;
  let at = -pause;
  return (button, label, now) => {
    if (now - at < pause && (button !== last || label !== said)) return false;
    last = button;
    said = label;
    at = now;
    return true;
  };
}

/** Keeps presses that were meant for another button from the buttons in root: what a button does may put the next one into its place. */
export function guardPresses(root: ShadowRoot): void {
  const counts = createPresses();
  root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    if (button && event.isTrusted && !counts(button, button.textContent, event.timeStamp)) event.stopImmediatePropagation();
  }, true);
  root.addEventListener("keydown", (event) => {
    const { repeat, key } = event as KeyboardEvent;
    if (repeat && key === "Enter") event.preventDefault();
  }, true);
}
