import { MinSpliced } from "../../../signal/wire/wire.gen.js";
import { Refused, type Entry } from "./tree.js";

/** Keeps a long text of an element as it came, by the name of the attribute: the sender may change a part of it later. */
export function keepLong(entry: Entry, name: string, value: string | undefined): void {
  if (value !== undefined && value.length >= MinSpliced) (entry.long ??= new Map()).set(name, value);
  else entry.long?.delete(name);
}

/** A long text of an element with another text in place of a part of it. */
export function splicedLong(entry: Entry, name: string, at: number, gone: number, text: string): string {
  const before = entry.long?.get(name);
  if (before === undefined || at + gone > before.length) throw new Refused(`node ${entry.number} has no such text`);
  return before.slice(0, at) + text + before.slice(at + gone);
}
