import { maxAnimations, maxControls, maxOptions, maxRanges, maxShownText, maxSpans, maxSteps } from "./limits.js";

/** What a page may have of each kind; what is beyond it is left out. */
const most = { options: maxOptions, controls: maxControls, spans: maxSpans, text: maxShownText, styles: maxSteps / 2, animations: maxAnimations, ranges: maxRanges };

export type Scarce = keyof typeof most;

/** Allowance keeps account of what a page has of what it may have so much of. */
export class Allowance {
  private readonly taken = new Map<Scarce, number>();
  private readonly holders = new WeakMap<object, Map<Scarce, number>>();

  /** beyond is called when something is left out. */
  constructor(private readonly beyond: () => void) {}

  /** Whether there is room for what a holder has of a kind, in place of what it had. */
  take(holder: object, kind: Scarce, amount: number): boolean {
    let held = this.holders.get(holder);
    const before = held?.get(kind) ?? 0;
    if (amount === before) return true;
    const sum = (this.taken.get(kind) ?? 0) - before;
    const fits = sum + amount <= most[kind];
    this.taken.set(kind, fits ? sum + amount : sum);
    if (!held) this.holders.set(holder, (held = new Map()));
    held.set(kind, fits ? amount : 0);
    if (!fits) this.beyond();
    return fits;
  }

  /** A holder is gone. */
  forget(holder: object): void {
    for (const [kind, amount] of this.holders.get(holder) ?? []) this.taken.set(kind, this.taken.get(kind)! - amount);
    this.holders.delete(holder);
  }
}

/** How much of a kind an element takes by being there: for each of these a browser makes elements of its own. */
export function scarceOf(name: string, attributes: readonly string[]): readonly [Scarce, number] | undefined {
  switch (name) {
    case "option":
      return ["options", 1];
    case "input":
      return ["controls", /^(?:date|time|month|week|datetime|range|file|color|number)/i.test(typeOf(attributes)) ? 20 : 1];
    case "select":
    case "textarea":
    case "progress":
    case "meter":
    case "details":
      return ["controls", 2];
    case "video":
    case "audio":
    case "marquee":
    case "iframe":
      return ["controls", 50];
    default:
      return undefined;
  }
}

function typeOf(attributes: readonly string[]): string {
  for (let i = 0; i + 1 < attributes.length; i += 2) if (attributes[i] === "type") return attributes[i + 1]!;
  return "";
}

/** How many cells or columns an attribute makes of an element, beside what its other attributes make. */
export function spanOf(name: string, value: string): number {
  const number = Math.min(65_534, Math.max(0, parseInt(value, 10) || 0));
  return name === "rowspan" && number === 0 ? 1_000 : number;
}
