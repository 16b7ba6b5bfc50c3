import { attribute, attributeOf } from "./dom.js";
import { maxPseudo } from "./limits.js";
import { attributeFor, told } from "./selectors.js";
import { Refused, type Entry } from "./tree.js";

const name = new RegExp(`^${told}$`);

/** Pseudo keeps the attributes, and names of parts, that stand for pseudo-classes. */
export class Pseudo {
  private readonly matching = new Map<string, ReadonlySet<Entry>>();

  /** Replaces what matches a pseudo-class. Returns what matched it before or does now, but not both. */
  tell(pseudo: string, entries: readonly Entry[]): Entry[] {
    if (!name.test(`:${pseudo}`)) return [];
    const before = this.matching.get(pseudo);
    if (!before && this.matching.size >= maxPseudo) throw new Refused("too many pseudo-classes");
    const now = new Set(entries);
    this.matching.set(pseudo, now);
    const key = attributeFor(pseudo);
    const ended = [...(before ?? [])].filter((entry) => !now.has(entry) && !entry.gone);
    const begun = entries.filter((entry) => !before?.has(entry));
    for (const { node } of ended) {
      attribute(node as Element, null, key, undefined);
      part(node as Element, key, false);
    }
    for (const { node } of begun) {
      attribute(node as Element, null, key, "");
      part(node as Element, key, true);
    }
    return [...ended, ...begun];
  }

  /** The part attribute of an entry has been set: what it matches is another part of it. */
  parted(entry: Entry): void {
    for (const [pseudo, entries] of this.matching) if (entries.has(entry)) part(entry.node as Element, attributeFor(pseudo), true);
  }

  /** Whether an entry was told to match a pseudo-class. */
  has(pseudo: string, entry: Entry): boolean {
    return this.matching.get(pseudo)?.has(entry) ?? false;
  }
}

/** Behind ::part() no attribute can be asked for: a part that matches a pseudo-class is one of a further name. */
function part(element: Element, name: string, on: boolean): void {
  const parts = attributeOf(element, "part")?.split(" ").filter((each) => each !== name);
  if (parts) attribute(element, null, "part", (on ? [...parts, name] : parts).join(" "));
}
