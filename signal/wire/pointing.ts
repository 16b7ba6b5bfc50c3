import { MarkUnit, type MarkKind } from "./wire.gen.js";

/** Geometry of marks and the laser, the same on both sides, and the laser's packet: docs/protocol.md section 3.9. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the laser is; node 0: it is off. */
export interface Laser {
  readonly seq: number;
  readonly page: number;
  readonly node: number;
  readonly pixels: boolean;
  readonly x: number;
  readonly y: number;
}

const laserBytes = 21;
const rim = 4; // CSS pixels between a whole element and the line around it

export function laserPacket({ seq, page, node, pixels, x, y }: Laser): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(laserBytes));
  view.setUint32(0, seq);
  view.setUint32(4, page);
  view.setUint32(8, node);
  view.setUint8(12, pixels ? 1 : 0);
  view.setInt32(13, x);
  view.setInt32(17, y);
  return new Uint8Array(view.buffer);
}

/** Reads what laserPacket returns; undefined when it is malformed. */
export function readLaser(data: Uint8Array): Laser | undefined {
  if (data.length !== laserBytes || data[12]! > 1) return undefined;
  const view = new DataView(data.buffer, data.byteOffset);
  return { seq: view.getUint32(0), page: view.getUint32(4), node: view.getUint32(8), pixels: data[12] === 1, x: view.getInt32(13), y: view.getInt32(17) };
}

/** Whether marks on an element are in pixels: parts of what grows with the page would drift. */
export function inPixels({ width, height }: Box, window: Pick<Box, "width" | "height">): boolean {
  return width * height > (window.width * window.height) / 2 || width < 1 || height < 1;
}

/** Returns points, x and y in turn, as a mark on an element has them. */
export function anchored(points: readonly number[], box: Box, pixels: boolean): number[] {
  return points.map((value, i) => Math.round(i % 2 ? (value - box.y) * (pixels ? 1 : MarkUnit / box.height) : (value - box.x) * (pixels ? 1 : MarkUnit / box.width)));
}

/** Returns the points of a mark in CSS pixels from the top left of its element. */
export function placed(points: readonly number[], { width, height }: Pick<Box, "width" | "height">, pixels: boolean): number[] {
  return pixels ? [...points] : points.map((value, i) => (value * (i % 2 ? height : width)) / MarkUnit);
}

/** Returns what a mark covers: of points as placed returns them, or, without any, of the whole element. */
export function extent(points: readonly number[], { width, height }: Pick<Box, "width" | "height">): Box {
  if (points.length < 2) return { x: -rim, y: -rim, width: width + 2 * rim, height: height + 2 * rim };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const fixed = (value: number): number => Math.round(value * 10) / 10;

/** Returns the path (SVG) of a mark of points as placed returns them. */
export function markPath(kind: MarkKind, points: readonly number[], size: Pick<Box, "width" | "height">): string {
  if (kind === "pen") return strokePath(points);
  if (kind === "arrow") return arrowPath(points);
  const { x, y, width, height } = extent(kind === "box" ? points : [], size);
  return `M${fixed(x)} ${fixed(y)}h${fixed(width)}v${fixed(height)}h${-fixed(width)}z`;
}

/** A line through all points, whose corners are rounded: quadratic curves from the middle of each stretch to that of the next. */
function strokePath(points: readonly number[]): string {
  const [x = 0, y = 0] = points;
  let path = `M${fixed(x)} ${fixed(y)}`;
  let i = 2;
  for (; i + 3 < points.length; i += 2) {
    const [cx, cy, nx, ny] = points.slice(i, i + 4) as [number, number, number, number];
    path += `Q${fixed(cx)} ${fixed(cy)} ${fixed((cx + nx) / 2)} ${fixed((cy + ny) / 2)}`;
  }
  // A press without a stroke is a dot.
  return `${path}L${fixed(points[i] ?? x)} ${fixed(points[i + 1] ?? y)}`;
}

const head = 14; // CSS pixels of each side of an arrow's head
const spread = 0.5; // radians between a side of it and the shaft

function arrowPath([fromX = 0, fromY = 0, x = fromX, y = fromY]: readonly number[]): string {
  const angle = Math.atan2(y - fromY, x - fromX);
  const side = (turn: number): string => `${fixed(x - head * Math.cos(angle + turn))} ${fixed(y - head * Math.sin(angle + turn))}`;
  return `M${fixed(fromX)} ${fixed(fromY)}L${fixed(x)} ${fixed(y)}M${side(spread)}L${fixed(x)} ${fixed(y)}L${side(-spread)}`;
}

/** Leaves out points that are closer than a distance to the one before, but not the last. */
export function thinned(points: readonly number[], distance: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    const near = kept.length > 0 && Math.hypot(x - kept[kept.length - 2]!, y - kept[kept.length - 1]!) < distance;
    if (!near || i + 3 >= points.length) kept.push(x, y);
  }
  return kept;
}

/** Returns the part of both boxes; its width or height is not above 0 when there is none. */
export function common(one: Box, other: Box): Box {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  return { x, y, width: Math.min(one.x + one.width, other.x + other.width) - x, height: Math.min(one.y + one.height, other.y + other.height) - y };
}

export const isEmpty = ({ width, height }: Box): boolean => !(width > 0 && height > 0);

/** Where an arrow at the edge of a window is, and where it points, in radians, when a mark cannot be seen. margin keeps it off the edge. */
export function atEdge(mark: Box, window: Box, margin: number): { readonly x: number; readonly y: number; readonly angle: number } {
  const [goalX, goalY] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
  const within = (value: number, from: number, size: number): number => Math.min(Math.max(value, from + margin), Math.max(from + size - margin, from + margin));
  const x = within(goalX, window.x, window.width);
  const y = within(goalY, window.y, window.height);
  return { x, y, angle: Math.atan2(goalY - y, goalX - x) };
}

const colours = ["#c2185b", "#1d4ed8", "#0f766e", "#9a3412", "#6d28d9", "#3f6212"]; // 4.5 : 1 on white, in which all that is drawn has a rim

/** Returns the colour of an agent, which is the same for all who see it, by its member id. */
export const colourOf = (member: string): string => colours[member.charCodeAt(member.length - 1) % colours.length]!; // ids are random
