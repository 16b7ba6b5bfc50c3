import { maxInstances } from "./limits.js";
import type { Looks, Part } from "./survey.js";

/**
 * What a browser makes of elements that others refer to: use shows them again, and so do masks, patterns, markers, filters and the like. What
 * refers may itself be referred to, so that a few elements become any number.
 */

const deepest = 24; // references in what is referred to

/** What an element refers to by an id, and how often it shows that. */
export interface Reference {
  readonly id: string;
  readonly times: number;
}

const none: readonly Reference[] = [];

/** What an element refers to by its attributes. */
export function referencesOf(element: Looks): readonly Reference[] {
  let found: Reference[] | undefined;
  for (const name of element.getAttributeNames()) {
    const value = element.getAttribute(name)!;
    if (/^(?:xlink:)?href$/.test(name)) {
      if (value[0] === "#" && element.localName !== "a") (found ??= []).push({ id: value.slice(1), times: 1 });
    } else if (value.includes("#") && /url\(|\\/i.test(value)) {
      const vertices = /marker/.test(value) || name.startsWith("marker") ? 1 + Math.max(...["d", "points"].map((shape) => (element.getAttribute(shape)?.length ?? 0) / 2)) : 1;
      for (const [, id] of value.matchAll(/url\(\s*["']?#([^"')]*)/gi)) (found ??= []).push({ id: id!.trim(), times: vertices });
    }
  }
  return found ?? none;
}

/** What an element takes to be drawn once, in elements that are simple. */
function own(element: Looks): number {
  const shape = (element.getAttribute("d") ?? element.getAttribute("points") ?? "").length;
  return 1 + shape / 1_000 + (element.localName.startsWith("fe") ? primitive(element) : 0);
}

function primitive(element: Looks): number {
  const number = (name: string): number => (element.getAttribute(name)?.match(/[\d.]+(?:e\d+)?/gi) ?? []).reduce((most, text) => Math.max(most, Number(text) || 0), 0);
  switch (element.localName) {
    case "feTurbulence":
      return 50 * (1 + number("numOctaves"));
    case "feConvolveMatrix":
      return 10 * (1 + number("order") ** 2);
    case "feMorphology":
      return 10 + number("radius");
    default:
      return 10;
  }
}

/** What rules of style sheets refer to. */
export interface RuleReferences {
  /** By what elements must have for a rule to hold, the ids. */
  readonly byKey: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many elements refer to an id by rules, at most. */
  readonly times: ReadonlyMap<string, number>;
}

/** Says which ids must not be referred to, so that no more than most are made, and how many are then. elements has those that refer by attributes, once each. */
export function excess(byId: (id: string) => Iterable<Part>, elements: Iterable<Looks>, rules?: RuleReferences, most = maxInstances): { out: Set<string>; made: number } {
  const times = new Map<string, number>(rules?.times);
  for (const element of elements) for (const { id, times: more } of referencesOf(element)) times.set(id, (times.get(id) ?? 0) + more);
  const known = new Map<string, number>();
  const cost = (id: string, depth: number): number => {
    if (depth > deepest) return Infinity;
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, 0); // browsers do not follow what leads back
    let sum = 0;
    for (const part of byId(id)) sum += inside(part, rules?.byKey, (ref) => cost(ref.id, depth + 1) * ref.times);
    known.set(id, sum);
    return sum;
  };
  const all = Array.from(times, ([id, count]) => ({ id, total: count === 0 ? 0 : count * cost(id, 0) })).sort((a, b) => a.total - b.total);
  const out = new Set<string>();
  let sum = 0;
  for (const { id, total } of all) {
    if (sum + total > most) out.add(id);
    else sum += total;
  }
  return { out, made: sum };
}

/** What a part and all in it takes. */
function inside(part: Part, byKey: RuleReferences["byKey"] | undefined, of: (ref: Reference) => number): number {
  let sum = 0;
  const stack: Part[] = [part];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === "element") {
      const element = next.node as Looks;
      sum += own(element);
      for (const ref of referencesOf(element)) sum += of(ref);
      if (byKey && byKey.size > 0) for (const key of keysOf(element)) for (const id of byKey.get(key) ?? []) sum += of({ id, times: 1 });
    }
    for (let child = next.first; child; child = child.younger) stack.push(child);
  }
  return sum;
}

/** What of an element rules look for. */
export function keysOf(element: Looks): Set<string> {
  const keys = new Set(["*", element.localName.toLowerCase(), `#${element.getAttribute("id")?.toLowerCase()}`]);
  for (const name of element.getAttribute("class")?.toLowerCase().split(/\s+/) ?? []) keys.add(`.${name}`);
  for (const name of element.getAttributeNames()) keys.add(`[${name.toLowerCase()}`);
  return keys;
}
