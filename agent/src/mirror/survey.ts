import { keysOf, type RuleReferences } from "./instances.js";
import { maxSteps } from "./limits.js";
import type { Rule } from "./rules.js";
import { selectorCosts, type Extent, type SelectorCost } from "./selectorcost.js";

/** A node of a page, as much as counts for what it costs. */
export interface Part {
  readonly kind: "document" | "element" | "text" | "shadow";
  readonly node: unknown;
  readonly first: Part | undefined;
  readonly younger: Part | undefined;
}

/** What of an element counts. */
export interface Looks {
  readonly localName: string;
  getAttribute(name: string): string | null;
  getAttributeNames(): string[];
}

/** A style sheet, and where it counts. */
export interface Styles<S> {
  readonly sheet: S;
  /** The document or shadow root. */
  readonly scope: Part;
  readonly rules: readonly Rule[];
}

/** What a page costs a browser. */
export interface Surveyed<S> {
  /** Steps of some 10 ns; Infinity where they cannot be told. */
  readonly steps: number;
  /** Rules without which it would cost no more than it may. */
  readonly tooMuch: ReadonlyMap<S, ReadonlySet<Rule>>;
  /** What rules refer to by ids. */
  readonly refs: RuleReferences;
  /** What another element costs, and what a rule does that is tested once at every element. */
  readonly perElement: number;
  readonly elements: number;
}

/** Counts elements, and sums of where they are. */
class Tally {
  count = 0;
  depth = 0;
  index = 0; // siblings in front
  path = 0; // siblings in front of it and its ancestors
  inside = 0; // elements in it, with it

  add(depth: number, index: number, path: number, inside: number): void {
    this.count++;
    this.depth += depth;
    this.index += index;
    this.path += path;
    this.inside += inside;
  }

  plus(other: Tally): void {
    this.count += other.count;
    this.depth += other.depth;
    this.index += other.index;
    this.path += other.path;
    this.inside += other.inside;
  }
}

const stepsOfElement = 100; // to lay it out
const usualDepth = 24; // of elements
const column = 1_000;
const justified = 10_000; // characters that it takes a step to make room for, in a text that is as long

/** What is in a document or shadow root. */
class Scope {
  readonly all = new Tally();
  readonly slotted = new Tally();
  readonly root = new Tally();
  private readonly byKey = new Map<string, Tally>();
  private readonly byClasses = new Map<string, Tally>();
  depth = 1;
  siblings = 1;
  texts = 0;

  add(element: Looks, attributes: boolean, depth: number, index: number, path: number, inside: number): void {
    this.depth = Math.max(this.depth, depth);
    this.siblings = Math.max(this.siblings, index + 1);
    const count = (tally: Tally): void => tally.add(depth, index, path, inside);
    count(this.all);
    count(tallyOf(this.byKey, element.localName.toLowerCase()));
    const id = element.getAttribute("id");
    if (id !== null) count(tallyOf(this.byKey, `#${id.toLowerCase()}`));
    const classes = element.getAttribute("class");
    if (classes) count(tallyOf(this.byClasses, classes));
    if (depth === 1) count(this.root);
    if (!attributes) return;
    for (const name of element.getAttributeNames()) {
      count(tallyOf(this.byKey, `[${name.toLowerCase()}`));
      this.texts += element.getAttribute(name)!.length;
    }
  }

  /** Counts by class, after all elements. */
  settle(): void {
    for (const [classes, tally] of this.byClasses) {
      for (const name of new Set(classes.toLowerCase().split(/\s+/))) if (name) tallyOf(this.byKey, `.${name}`).plus(tally);
    }
  }

  sum(keys: readonly string[]): Tally {
    const sum = new Tally();
    for (const key of new Set(keys)) {
      const tally = this.tally(key);
      if (tally) sum.plus(tally);
    }
    return sum.count > this.all.count ? this.all : sum;
  }

  /** In powers of two, so that what is known of selectors holds for a while. */
  get extent(): Extent {
    const rounded = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, size)));
    return { depth: rounded(this.depth), siblings: rounded(1 + this.all.index / Math.max(1, this.all.count)) };
  }

  private tally(key: string): Tally | undefined {
    if (key === "*") return this.all;
    if (key === ":root") return this.root;
    if (key === ":slotted") return this.slotted;
    return this.byKey.get(key);
  }
}

function tallyOf(map: Map<string, Tally>, key: string): Tally {
  let tally = map.get(key);
  if (!tally) map.set(key, (tally = new Tally()));
  return tally;
}

/**
 * Says what a page costs a browser at most: the rules of its style sheets, each at the elements it may hold for, and the elements. Linear in
 * both. text is how many UTF-16 units of text there are; holds, if given, says for how many elements a rule holds.
 */
export function survey<S>(root: Part, sheets: readonly Styles<S>[], text = 0, holds?: (sheet: Styles<S>, rule: Rule) => number): Surveyed<S> {
  const attributes = sheets.some(({ rules }) => rules.some(({ selectors }) => selectors.includes("[")));
  const scopes = tally(root, attributes);
  const costly: { readonly sheet: S; readonly rule: Rule; readonly steps: number }[] = [];
  const byKey = new Map<string, Set<string>>();
  const refs = new Map<string, number>();
  const variables = new Set(sheets.flatMap(({ rules }) => rules.flatMap(({ variables }) => variables)));
  const columns = new Set(sheets.flatMap(({ rules }) => rules.filter((rule) => rule.columns)).flatMap((rule) => costsOf(rule, { depth: 1, siblings: 1 }).flatMap(({ keys }) => keys)));
  const nested = columns.size > 0 ? nesting(root, columns) : 0;
  let steps = 0;
  let perElement = stepsOfElement;
  for (const scope of scopes.values()) steps += scope.all.count * stepsOfElement;
  for (const styles of sheets) {
    const scope = scopes.get(styles.scope);
    if (!scope) continue;
    const { extent } = scope;
    for (const rule of styles.rules) {
      const selectors = costsOf(rule, extent);
      let its = 1;
      let held = 0;
      let depth = 0;
      for (const selector of selectors) {
        const found = scope.sum(selector.keys);
        held += found.count;
        depth += found.depth;
        its += matching(selector, found, scope);
        perElement += selector.keys[0] === "*" ? selector.self : Math.min(1, selector.self);
      }
      const deep = held === 0 ? 0 : depth / held / usualDepth;
      held = Math.min(held, scope.all.count);
      if (rule.steps > 0 && held * rule.steps > maxSteps / 100 && its < maxSteps / 10 && holds) held = Math.min(held, holds(styles, rule));
      // What is drawn by itself is drawn again with each that is around it.
      its += rule.steps === Infinity ? Infinity : held * rule.steps * Math.max(1, deep);
      if (rule.columns && held > 0) its += column * 4 ** nested;
      if (rule.justified && held > 0) its += text * text / justified;
      for (const id of rule.uses && variables.size > 0 ? [...rule.refs, ...variables] : rule.refs) {
        refs.set(id, (refs.get(id) ?? 0) + held);
        for (const { keys } of selectors) for (const key of keys) byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
      }
      steps += its;
      if (its > maxSteps / 10_000) costly.push({ sheet: styles.sheet, rule, steps: its });
    }
  }
  return { steps, tooMuch: chosen(costly, steps), refs: { byKey, times: refs }, perElement, elements: scopes.get(root)?.all.count ?? 0 };
}

const known = new WeakMap<Rule, { readonly extent: Extent; readonly costs: readonly SelectorCost[] }>();

function costsOf(rule: Rule, extent: Extent): readonly SelectorCost[] {
  const before = known.get(rule);
  if (before && before.extent.depth === extent.depth && before.extent.siblings === extent.siblings) return before.costs;
  const costs = selectorCosts(rule.selectors, rule.around && costsOf(rule.around, extent), extent);
  known.set(rule, { extent, costs });
  return costs;
}

/** Tests of a selector at those elements that are looked at, in steps. */
function matching(selector: SelectorCost, found: Tally, scope: Scope): number {
  let steps = selector.texts * scope.texts / 16;
  for (const { keys, tests } of selector.inside) steps += times(scope.sum(keys).inside, tests);
  if (found.count === 0) return steps;
  const { self, up, back, both } = selector;
  if (selector.needs.some((keys) => scope.sum(keys).count === 0)) return steps + found.count;
  return steps + times(found.count, self) + times(found.depth, up) + times(found.index, back) + times(found.path, both);
}

const times = (count: number, tests: number): number => (count === 0 || tests === 0 ? 0 : count * tests);

/** The costliest rules, as many as have to go. */
function chosen<S>(costly: { readonly sheet: S; readonly rule: Rule; readonly steps: number }[], steps: number): Map<S, Set<Rule>> {
  const out = new Map<S, Set<Rule>>();
  if (steps <= maxSteps) return out;
  costly.sort((a, b) => b.steps - a.steps);
  // Not once the least that would do: the page may grow.
  let left = 0;
  const fits = new Set<object>();
  for (let i = costly.length - 1; i >= 0 && left + costly[i]!.steps <= maxSteps / 2; i--) {
    left += costly[i]!.steps;
    fits.add(costly[i]!);
  }
  for (const each of costly) {
    if (fits.has(each)) continue;
    const rules = out.get(each.sheet) ?? new Set();
    out.set(each.sheet, rules.add(each.rule));
  }
  return out;
}

/** How deeply elements are in each other that have any of some keys. */
function nesting(root: Part, keys: ReadonlySet<string>): number {
  let most = 0;
  const stack: { readonly part: Part; readonly around: number }[] = [{ part: root, around: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    let { around } = next;
    const { part } = next;
    if (part.kind === "element" && (keys.has("*") || hasAny(part.node as Looks, keys))) most = Math.max(most, ++around);
    for (let child = part.first; child; child = child.younger) if (child.kind !== "text") stack.push({ part: child, around });
  }
  return most;
}

function hasAny(element: Looks, keys: ReadonlySet<string>): boolean {
  for (const key of keysOf(element)) if (keys.has(key)) return true;
  return false;
}

/** Counts what is in each document and shadow root. */
function tally(root: Part, attributes: boolean): Map<Part, Scope> {
  const scopes = new Map<Part, Scope>([[root, new Scope()]]);
  const parts: Part[] = [];
  const around: number[] = [];
  const places: { readonly scope: Part; readonly depth: number; readonly index: number; readonly path: number }[] = [];
  const visit = (part: Part, parent: number, scope: Part, depth: number, path: number): void => {
    let index = 0;
    for (let child = part.first; child; child = child.younger) {
      if (child.kind === "text") continue;
      parts.push(child);
      around.push(parent);
      if (child.kind === "element") places.push({ scope, depth: depth + 1, index, path: path + index }), index++;
      else {
        scopes.set(child, new Scope());
        places.push({ scope: child, depth: 0, index: 0, path: 0 });
      }
    }
  };
  visit(root, -1, root, 0, 0);
  for (let i = 0; i < parts.length; i++) {
    const { scope, depth, path } = places[i]!;
    visit(parts[i]!, i, scope, depth, path);
  }
  const inside = new Float64Array(parts.length).fill(1);
  for (let i = parts.length - 1; i >= 0; i--) {
    const parent = around[i]!;
    if (parent >= 0) inside[parent]! += inside[i]!;
  }
  parts.forEach((part, i) => {
    const { scope, depth, index, path } = places[i]!;
    if (part.kind === "element") scopes.get(scope)!.add(part.node as Looks, attributes, depth, index, path, inside[i]!);
    else if (part.kind === "shadow" && around[i]! >= 0) {
      const host = parts[around[i]!]!;
      const own = scopes.get(part)!;
      own.root.add(1, 0, 0, 1);
      for (let child = host.first; child; child = child.younger) if (child.kind === "element") own.slotted.add(1, 0, 0, 1);
    }
  });
  for (const scope of scopes.values()) scope.settle();
  return scopes;
}
