import type { Box, Corner } from "../dialog/corner.js";

/** A place for the support button: a corner of the window, and so many CSS pixels above or below it. */
export interface Spot {
  readonly corner: Corner;
  readonly gap: number;
}

/** What takes part in the search: all in CSS pixels. */
export interface Room {
  /** The window. */
  readonly width: number;
  readonly height: number;
  /** The button. */
  readonly wide: number;
  readonly high: number;
  /** Between the button and the edges of the window. */
  readonly margin: number;
}

const between = 8; // CSS pixels between the button and what it makes way for
const most = 0.6; // of the window's height that it goes up or down

/** The box that a button takes in a spot. */
export function boxIn({ corner, gap }: Spot, { width, height, wide, high, margin }: Room): Box {
  const left = corner.endsWith("left") ? margin : width - margin - wide;
  const top = corner.startsWith("top") ? margin + gap : height - margin - gap - high;
  return { left, top, right: left + wide, bottom: top + high };
}

/**
 * The spot nearest to a corner in which a button covers nothing: above it, else in the other corner of that side, else on the other side. covered says what of
 * the page lies in a box. Undefined: there is none.
 */
export function freeSpot(home: Corner, room: Room, covered: (box: Box) => Box | undefined): Spot | undefined {
  const [y, x] = home.split("-") as ["top" | "bottom", "left" | "right"];
  const [over, across] = [y === "top" ? "bottom" : "top", x === "left" ? "right" : "left"] as const;
  for (const corner of [home, `${y}-${across}`, `${over}-${x}`, `${over}-${across}`] as Corner[]) {
    for (let gap = 0; gap <= room.height * most; ) {
      const box = boxIn({ corner, gap }, room);
      if (box.top < 0 || box.bottom > room.height) break;
      const what = covered(box);
      if (!what) return { corner, gap };
      const beyond = corner.startsWith("top") ? what.bottom - room.margin : room.height - room.margin - what.top;
      gap = Math.max(beyond + between, gap + between);
    }
  }
  return undefined;
}
