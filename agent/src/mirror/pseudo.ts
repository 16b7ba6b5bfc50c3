import { attribute } from "./dom.js";
import { maxPseudo } from "./limits.js";
import { attributeFor, told } from "./selectors.js";
import { Refused, type Entry } from "./tree.js";

const name = new RegExp(`^${told}$`);

/** Pseudo keeps the attributes that stand for pseudo-classes. */
export class Pseudo {
  private readonly matching = new Map<string, ReadonlySet<Entry>>();

  /** Replaces what matches a pseudo-class. */
  tell(pseudo: string, entries: readonly Entry[]): void {
    if (!name.test(`:${pseudo}`)) return;
    const before = this.matching.get(pseudo);
    if (!before && this.matching.size >= maxPseudo) throw new Refused("too many pseudo-classes");
    const now = new Set(entries);
    this.matching.set(pseudo, now);
    const key = attributeFor(pseudo);
    for (const entry of before ?? []) if (!now.has(entry) && !entry.gone) attribute(entry.node as Element, null, key, undefined);
    for (const entry of now) if (!before?.has(entry)) attribute(entry.node as Element, null, key, "");
  }

  /** Whether an entry was told to match a pseudo-class. */
  has(pseudo: string, entry: Entry): boolean {
    return this.matching.get(pseudo)?.has(entry) ?? false;
  }
}
