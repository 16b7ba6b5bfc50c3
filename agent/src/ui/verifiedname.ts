import { flatten } from "./flatten.js";

/** What apps call the name of a customer, best first; without case, spaces, dashes and underscores. */
const keys = ["name", "fullname", "displayname", "customername", "username", "customer", "user", "login", "email", "mail", "customerid", "userid", "id"];

/** Returns what names the customer best in what the app's server has verified; "" when nothing does. */
export function verifiedName(verified: Readonly<Record<string, unknown>>): string {
  let best = "";
  let rank = keys.length;
  for (const [path, value] of flatten(verified)) {
    const levels = path.split(" › ").map((level) => level.toLowerCase().replace(/[\s_-]/g, ""));
    // The name of something else than a person, such as of a product, is no customer's.
    if (levels.length > 2 || (levels.length === 2 && !["customer", "user", "account", "person", "profile", "member"].includes(levels[0]!))) continue;
    const found = keys.indexOf(levels.at(-1)!);
    if (found < 0 || found >= rank || value === "–" || value === "") continue;
    [best, rank] = [value, found];
  }
  return best;
}
