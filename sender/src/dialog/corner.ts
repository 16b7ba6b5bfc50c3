/** A corner of the window. */
export type Corner = "bottom-right" | "bottom-left" | "top-right" | "top-left";

/** A rectangle, in CSS pixels of the window. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const corners: readonly Corner[] = ["bottom-right", "bottom-left", "top-left", "top-right"];

/** The corner that follows, around the window. */
export const nextCorner = (corner: Corner): Corner => corners[(corners.indexOf(corner) + 1) % corners.length]!;

/** The corner an arrow key leads to; undefined for other keys. */
export function keyCorner(corner: Corner, key: string): Corner | undefined {
  const [y, x] = corner.split("-") as [string, string];
  switch (key) {
    case "ArrowUp":
      return `top-${x}` as Corner;
    case "ArrowDown":
      return `bottom-${x}` as Corner;
    case "ArrowLeft":
      return `${y}-left` as Corner;
    case "ArrowRight":
      return `${y}-right` as Corner;
  }
  return undefined;
}

/** The corner whose quarter of the window the middle of a box is in. */
export function nearestCorner(box: Box, width: number, height: number): Corner {
  return `${box.top + box.bottom < height ? "top" : "bottom"}-${box.left + box.right < width ? "left" : "right"}`;
}

/** Where a box of that size lies in a corner. */
function inCorner(corner: Corner, box: Box, width: number, height: number): Box {
  const [w, h] = [box.right - box.left, box.bottom - box.top];
  const margin = corner.startsWith("bottom") ? height - box.bottom : box.top;
  const gap = Math.max(0, Math.min(margin, 16));
  const top = corner.startsWith("top") ? gap : height - gap - h;
  const left = corner.endsWith("left") ? gap : width - gap - w;
  return { left, top, right: left + w, bottom: top + h };
}

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * The corner to go to so that a box, which lies in corner, does not cover what: the nearest that is free. Undefined when the box is not in the way, or would be
 * in every corner.
 */
export function freeCorner(corner: Corner, box: Box, what: Box, width: number, height: number): Corner | undefined {
  if (!meet(box, what)) return undefined;
  const [y, x] = corner.split("-") as ["top" | "bottom", "left" | "right"];
  const across = x === "left" ? "right" : "left";
  const over = y === "top" ? "bottom" : "top";
  const tries: Corner[] = [`${y}-${across}`, `${over}-${x}`, `${over}-${across}`];
  return tries.find((other) => !meet(inCorner(other, box, width, height), what));
}
