import { keyCorner, nearestCorner, type Box, type Corner } from "./dialog/corner.js";
import { draggable } from "./dialog/drag.js";
import { buttonKey } from "./page/buttonkey.js";
import { freeSpot, type Spot } from "./page/spots.js";

/** The support button, and what it knows of the page. */
export interface Button {
  readonly element: HTMLElement;
  /** What is said above it. */
  readonly note: HTMLElement;
  /** The app's corner for it. */
  corner(): Corner;
  /** What it would cover of the page in a place. */
  covered(box: Box): Box | undefined;
}

/** Where the support button stands: where the app or the customer has put it, or as near to that as it covers nothing. */
export interface Aside {
  /** Looks whether it has to make way, or may go back. */
  look(): void;
  /** Puts it away, so that only its edge is to be seen, or back. */
  put(away: boolean): void;
  readonly away: boolean;
}

/** Makes a button step aside, and lets the customer move it by dragging, by arrow keys, and put it away at the window's edge, by Delete or a drag beyond it. */
export function createAside({ element, note, corner, covered }: Button): Aside {
  let [chosen, hidden] = read();
  const drag = draggable(element, [element], element, (box) => {
    const out = box.left < 0 || box.right > innerWidth;
    choose(nearestCorner(box, innerWidth, innerHeight), out);
  });
  element.addEventListener("click", (event) => {
    if (drag.was() && event.detail > 0) stopImmediatePropagation.call(event);
  }, true);
  element.addEventListener("keydown", (event) => {
    const next = keyCorner(chosen ?? corner(), event.key);
    if (event.ctrlKey || event.altKey || event.metaKey || !(next || event.key === "Delete")) return;
    event.preventDefault();
    choose(next ?? chosen ?? corner(), !next);
  });

  function choose(next: Corner, away: boolean): void {
    [chosen, hidden] = [next, away];
    try {
      localStorage.setItem(buttonKey, away ? `${next} away` : next);
    } catch {
      // It is kept for this page.
    }
    look();
  }

  function look(): void {
    const { width, height } = element.getBoundingClientRect();
    if (width === 0) return;
    const home = chosen ?? corner();
    const margin = parseFloat(getComputedStyle(element).fontSize);
    const room = { width: innerWidth, height: innerHeight, wide: width, high: height, margin };
    const spot = freeSpot(home, room, covered);
    element.toggleAttribute("data-away", hidden || !spot);
    show(spot ?? { corner: home, gap: 0 });
  }

  function show({ corner: at, gap }: Spot): void {
    const [y, x] = at.split("-") as [string, string];
    const edge = (side: string): string => `max(1em, env(safe-area-inset-${side}))`;
    for (const { style } of [element, note]) {
      style.inset = "auto";
      style.setProperty(x, style === element.style && element.hasAttribute("data-away") ? "0" : edge(x));
      style.setProperty(y, `calc(${edge(y)} + ${gap}px)`);
    }
    element.dataset["side"] = x;
  }

  return {
    look,
    put: (away) => choose(chosen ?? corner(), away),
    get away() {
      return hidden;
    },
  };
}

const { stopImmediatePropagation } = Event.prototype;

function read(): [corner: Corner | undefined, away: boolean] {
  try {
    const [, corner, away] = /^((?:top|bottom)-(?:left|right))( away)?$/.exec(localStorage.getItem(buttonKey) ?? "") ?? [];
    return [corner as Corner | undefined, !!away];
  } catch {
    return [undefined, false];
  }
}
