import type { Allowance } from "./allowance.js";
import { documentOf } from "./dom.js";
import type { Entry } from "./tree.js";

/** One end of a range: UTF-16 units of a text, otherwise children. */
export interface End {
  readonly entry: Entry;
  readonly offset: number;
}

export interface Marked {
  readonly start: End;
  readonly end: End;
  /** A StaticRange, which does not follow what happens to its nodes. */
  readonly still: boolean;
}

interface Mark {
  readonly name: string;
  readonly kind: string;
  readonly priority: number;
  readonly ranges: readonly Marked[];
}

type Registry = Map<string, Highlight>;

/** Highlights marks in the mirrored documents what CSS.highlights marks in the customer's. */
export class Highlights {
  private readonly marks = new Map<Entry, Map<string, Mark>>();
  private readonly made = new WeakMap<Mark, { highlight: Highlight; ranges: AbstractRange[] }>();
  private readonly filled = new Set<Registry>();

  constructor(private readonly allowance: Allowance) {}

  /** Marks ranges of a document, in place of those under that name; kind: empty, if there are none any more. */
  set(document: Entry, name: string, kind: string, priority: number, ranges: readonly Marked[]): void {
    let all = this.marks.get(document);
    if (!all) this.marks.set(document, (all = new Map()));
    const before = all.get(name);
    if (before) this.allowance.forget(before);
    const mark: Mark = { name, kind, priority, ranges };
    if (!kind) all.delete(name);
    else if (this.allowance.take(mark, "ranges", ranges.length + 1)) all.set(name, mark);
    const registry = kind ? undefined : registryOf(document);
    registry?.delete(name);
  }

  /** Does what has been told, and puts back what changes of texts have moved. */
  settle(): void {
    for (const [document, marks] of this.marks) {
      const registry = registryOf(document);
      if (!registry) continue;
      for (const mark of marks.values()) this.show(registry, mark);
    }
  }

  forget(document: Entry): void {
    for (const mark of this.marks.get(document)?.values() ?? []) this.allowance.forget(mark);
    this.marks.delete(document);
  }

  dispose(): void {
    for (const registry of this.filled) registry.clear();
  }

  private show(registry: Registry, mark: Mark): void {
    const made = this.made.get(mark);
    const places = mark.ranges.flatMap(placesOf);
    if (made && registry.get(mark.name) === made.highlight && made.ranges.length === places.length && places.every((place, i) => isAt(made.ranges[i]!, place))) return;
    const ranges = places.map(rangeAt).filter((range) => range !== undefined);
    const highlight = new Highlight(...ranges);
    highlight.type = mark.kind as HighlightType;
    highlight.priority = mark.priority;
    registry.set(mark.name, highlight);
    this.made.set(mark, { highlight, ranges });
    this.filled.add(registry);
  }
}

type Place = Readonly<StaticRangeInit> & { readonly still: boolean };

function placesOf({ start, end, still }: Marked): Place[] {
  const from = placeOf(start);
  const to = placeOf(end);
  return from && to ? [{ startContainer: from[0], startOffset: from[1], endContainer: to[0], endOffset: to[1], still }] : [];
}

function placeOf({ entry, offset }: End): readonly [Node, number] | undefined {
  const { node } = entry;
  if (entry.gone || !node.isConnected) return undefined;
  if (entry.kind === "text") return [node, Math.min(offset, (node as Text).length)];
  if (entry.inside !== node) return undefined;
  let child = entry.first;
  for (let i = 0; child && i < offset; i++) child = child.younger;
  if (child && child.node.parentNode !== node) return undefined;
  return [node, child ? [...node.childNodes].indexOf(child.node as ChildNode) : node.childNodes.length];
}

function isAt(range: AbstractRange, { startContainer, startOffset, endContainer, endOffset }: Place): boolean {
  return range.startContainer === startContainer && range.startOffset === startOffset && range.endContainer === endContainer && range.endOffset === endOffset;
}

function rangeAt(place: Place): AbstractRange | undefined {
  if (place.still) return new StaticRange(place);
  const range = documentOf(place.startContainer).createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  return range;
}

/** What a document marks; not every browser can. */
function registryOf({ node }: Entry): Registry | undefined {
  const view = (node as Document).defaultView as (Window & typeof globalThis) | null | undefined;
  return view?.CSS?.highlights as unknown as Registry | undefined;
}
