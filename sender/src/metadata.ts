import { each } from "./platform/lists.js";

/** As package internal/metadata has it in Go. */
const maxBytes = 8192;
const maxDepth = 7;

/** A member of an object that is no object with members itself. */
interface Part {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly path: string;
  readonly size: number;
}

type Holder = Record<string, unknown>;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * Returns a copy of given, as JSON has it, without what may not be metaData: what is no JSON, numbers that may be others
 * rounded, what is nested too deep, and the largest parts of what is too large in all. leave is called with the path of
 * each of those and the reason. In a list, null takes the place of what is left out. Never throws.
 */
export function fitMetaData(given: object, leave: (path: string, reason: string) => void): Holder {
  const copy = (holder: object, key: string, path: string, around: readonly unknown[]): unknown => {
    const refuse = (reason: string): undefined => void leave(path, reason);
    try {
      let value = (holder as Holder)[key];
      const toJSON = (value as { toJSON?: unknown } | null | undefined)?.toJSON;
      if (typeof toJSON === "function") value = toJSON.call(value, key);
      if (value instanceof Number || value instanceof String || value instanceof Boolean) value = value.valueOf();
      if (typeof value === "number" && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return refuse("is a number that does not stay exact, give it as text");
      if (typeof value === "bigint" || around.includes(value)) return refuse("is no JSON");
      if (typeof value === "function" || typeof value === "symbol") return undefined; // as JSON.stringify does
      if (!isObject(value)) return value;
      if (around.length > maxDepth) return refuse(`is nested deeper than ${maxDepth}`);
      const inner = (name: string): unknown => copy(value as object, name, `${path}.${name}`, [...around, value]);
      if (Array.isArray(value)) return Array.from(value, (_, i) => inner(String(i)) ?? null);
      return Object.fromEntries(Object.keys(value).map((name) => [name, inner(name)]).filter(([, item]) => item !== undefined));
    } catch {
      return refuse("is no JSON");
    }
  };
  const kept = (copy({ given }, "given", "", [{}]) ?? {}) as Holder;
  for (let left = sizeOf(kept); left > maxBytes;) { // again when only objects without members are left
    for (const { holder, key, path, size } of partsOf(kept, "").sort((a, b) => b.size - a.size)) {
      if (left <= maxBytes && (left = sizeOf(kept)) <= maxBytes) break; // commas count too
      delete holder[key];
      left -= size;
      leave(path, `is too large: all of it together may have ${maxBytes} bytes as JSON`);
    }
    left = sizeOf(kept);
  }
  return kept;
}

function partsOf(holder: Holder, path: string): Part[] {
  return each(Object.entries(holder), ([key, value]) => {
    const at = `${path}.${key}`;
    return isObject(value) && !Array.isArray(value) && Object.keys(value).length > 0
      ? partsOf(value as Holder, at)
      : [{ holder, key, path: at, size: sizeOf({ [key]: value }) - 2 }];
  });
}
