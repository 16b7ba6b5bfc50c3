import { registry } from "./page/registry.js";
import { PlacePrivate, type Place } from "../../signal/wire/wire.gen.js";

/**
 * The kind of place of the page at a path: the pattern that matches most closely decides. Where two match equally, or nobody knows what the server
 * makes of the path, it is private.
 */
export function kindAt(places: readonly Place[], path: string): number {
  let plain: string;
  try {
    plain = decodeURIComponent(path).replace(/\/+/g, "/");
  } catch {
    return PlacePrivate;
  }
  let most = -1;
  let found = 0;
  for (const { path: pattern, kind } of places) {
    const weight = weigh(pattern, plain);
    if (weight < 0 || weight < most) continue;
    found = weight === most && kind !== found ? PlacePrivate : kind;
    most = weight;
  }
  return found;
}

/** How closely a pattern is that of a path; -1: it is not. */
function weigh(pattern: string, path: string): number {
  const escaped = pattern.replace(/\{\$\}$/, "").replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\}/g, "[^/]+");
  const shape = new RegExp(`^${escaped}${pattern.endsWith("/") ? "" : "$"}`);
  if (shape.test(path)) return pattern.length;
  // The server redirects such a path to the one with a slash at its end.
  return shape.test(`${path}/`) && pattern.endsWith("/") ? pattern.length - 2 : -1;
}

/** Whether a document of this page's site, by its path, is none of those of which the tag of this page speaks, and so has to be private. */
export function privateElsewhere(path: string): boolean {
  const { places, path: loaded = path } = registry();
  if (!places || path === loaded) return false;
  const kind = kindAt(places, path);
  return kind === PlacePrivate || kind !== kindAt(places, loaded);
}
