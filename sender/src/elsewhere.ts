import { registry } from "./page/registry.js";

/**
 * Tells by the patterns of the app's other routes whether a page at a path is private, although the page whose tag names them is not: the longest
 * pattern that matches decides, and of equally long ones the stricter. Patterns are paths of Go's http.ServeMux, in which names of wildcards are left out.
 */
export function privateAt(patterns: Readonly<Record<string, boolean>>, path: string): boolean {
  let plain: string;
  try {
    plain = decodeURIComponent(path).replace(/\/+/g, "/");
  } catch {
    return true; // as the server does, whatever that makes of it
  }
  let most = -1;
  let found = false;
  for (const [pattern, strict] of Object.entries(patterns)) {
    const weight = weigh(pattern, plain);
    if (weight > most) found = strict;
    else if (weight === most) found ||= strict;
    most = Math.max(most, weight);
  }
  return most >= 0 && found;
}

/** How closely a pattern is that of a path; -1: it is not. */
function weigh(pattern: string, path: string): number {
  const escaped = pattern.replace(/\{\$\}$/, "").replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\}/g, "[^/]+");
  const shape = new RegExp(`^${escaped}${pattern.endsWith("/") ? "" : "$"}`);
  if (shape.test(path)) return pattern.length;
  // The server redirects such a path to the one with a slash at its end.
  return shape.test(`${path}/`) && pattern.endsWith("/") ? pattern.length - 2 : -1;
}

/** Whether a document of this page's site, by its path, is one of which another tag would say that it is private. */
export function privateElsewhere(path: string): boolean {
  const { elsewhere } = registry();
  return !!elsewhere && privateAt(elsewhere, path);
}

/** Whether a script has led this page, without loading another, to a path where it is private. What the server said of it held where it was loaded. */
export function privateHere(): boolean {
  return location.pathname !== registry().path && privateElsewhere(location.pathname);
}
