/** A press of one of our buttons. */
export interface Press {
  readonly button: unknown;
  readonly label: string | null;
  /** The how manieth click it is in a row, at one place, as the computer's settings have it; 0: no click, but a key. */
  readonly clicks: number;
}

/** Tells of each press whether it counts: a double click is meant for the first of the buttons that it meets. */
export function createPresses(): (press: Press) => boolean {
  let last: Press | undefined;
  return (press) => {
    if (press.clicks > 1 && last && (press.button !== last.button || press.label !== last.label)) return false;
    last = press;
    return true;
  };
}

/** Keeps clicks that were meant for another button from the buttons in root: what a button does may put the next one into its place. */
export function guardPresses(root: ShadowRoot): void {
  const counts = createPresses();
  root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    if (button && !counts({ button, label: button.textContent, clicks: (event as MouseEvent).detail })) event.stopImmediatePropagation();
  }, true);
  root.addEventListener("keydown", (event) => {
    const { repeat, key } = event as KeyboardEvent;
    if (repeat && key === "Enter") event.preventDefault();
  }, true);
}
