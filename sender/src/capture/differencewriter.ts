import { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { MinSpliced } from "../../../signal/wire/wire.gen.js";

const mostKept = 8 << 20; // UTF-16 units of long texts
const worthwhile = 0.8; // of a text, the largest part that is sent as a difference

/**
 * DifferenceWriter writes of a long text that changes only the part that has. It knows what it has written: texts of nodes, attributes and what
 * fields hold, as they went out.
 */
export class DifferenceWriter extends FrameWriter {
  /** By number of node and, for attributes, name; the oldest first. */
  private readonly long = new Map<string, string>();
  private units = 0;
  private number = 0; // of the last node

  override page(url: string, title: string, quirks: boolean, width: number, height: number, scale: number): void {
    this.long.clear();
    this.units = 0;
    this.number = 1;
    super.page(url, title, quirks, width, height, scale);
  }

  override element(namespace: number, name: string, attributes: readonly string[]): void {
    super.element(namespace, name, attributes);
    this.number++;
    for (let i = 1; i < attributes.length; i += 2) if (attributes[i]!.length >= MinSpliced) this.keep(`${this.number} ${attributes[i - 1]}`, attributes[i]!);
  }

  override text(data: string): void {
    super.text(data);
    this.number++;
    if (data.length >= MinSpliced) this.keep(`${this.number}`, data);
  }

  override shadow(manualSlots: boolean): void {
    super.shadow(manualSlots);
    this.number++;
  }

  override frameDocument(quirks: boolean): void {
    super.frameDocument(quirks);
    this.number++;
  }

  override setText(node: number, data: string): void {
    if (!this.changed(`${node}`, node, "", data)) super.setText(node, data);
  }

  override setValue(node: number, value: string): void {
    // No attribute's name is a blank.
    if (!this.changed(`${node}  `, node, "", value)) super.setValue(node, value);
  }

  override setAttribute(node: number, name: string, value: string): void {
    if (!this.changed(`${node} ${name}`, node, name, value)) super.setAttribute(node, name, value);
  }

  override removeAttribute(node: number, name: string): void {
    this.forget(`${node} ${name}`);
    super.removeAttribute(node, name);
  }

  /** Writes how a text differs from what it was, if both are long and much of it is the same; true: that is done. */
  private changed(key: string, node: number, name: string, now: string): boolean {
    const before = this.long.get(key);
    if (before !== undefined) this.forget(key);
    if (now.length < MinSpliced) return false;
    this.keep(key, now);
    if (before === undefined) return false;
    const { at, gone, text } = differenceOf(before, now);
    if (text.length > worthwhile * now.length) return false;
    this.splice(node, name, at, gone, text);
    return true;
  }

  private keep(key: string, text: string): void {
    this.long.set(key, text);
    this.units += text.length;
    for (const oldest of this.long.keys()) {
      if (this.units <= mostKept) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.units -= this.long.get(key)?.length ?? 0;
    this.long.delete(key);
  }
}

/** What has come at a place of a text in the stead of so many UTF-16 units. No surrogate pair is divided, since halves do not travel. */
export function differenceOf(before: string, now: string): { at: number; gone: number; text: string } {
  const shorter = Math.min(before.length, now.length);
  let at = most(shorter, (from, to) => before.slice(from, to) === now.slice(from, to));
  if (/[\ud800-\udbff]/.test(before[at - 1] ?? "")) at--;
  let rest = most(shorter - at, (from, to) => before.slice(before.length - to, before.length - from) === now.slice(now.length - to, now.length - from));
  if (rest > 0 && /[\udc00-\udfff]/.test(now[now.length - rest]!)) rest--;
  return { at, gone: before.length - at - rest, text: now.slice(at, now.length - rest) };
}

/** The most units, up to a limit, that are alike: the engine compares stretches much faster than units can be. */
function most(limit: number, alike: (from: number, to: number) => boolean): number {
  let low = 0;
  for (let high = limit; low < high; ) {
    const middle = low + Math.ceil((high - low) / 2);
    if (alike(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
