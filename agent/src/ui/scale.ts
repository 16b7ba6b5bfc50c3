/** How large to show a page of this size in this much room: as large as fits, but never larger than it is. */
export function fitting(width: number, height: number, roomWidth: number, roomHeight: number): number {
  if (width <= 0 || height <= 0) return 1;
  return Math.min(1, Math.max(0.05, Math.min(roomWidth / width, roomHeight / height)));
}

/** Whether a page of this size is as small as on a phone, held upright or not. */
export function isPhone(width: number, height: number): boolean {
  return width > 0 && Math.min(width, height) <= 500 && Math.max(width, height) <= 1_000;
}
