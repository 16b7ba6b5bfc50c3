/** What an open value holds, as names and texts to be read: { cart: { total: 3 } } as [["cart › total", "3"]]. */
export function flatten(value: unknown, name = ""): [string, string][] {
  if (typeof value !== "object" || value === null) return [[name, String(value ?? "–")]];
  const entries = Object.entries(value);
  if (entries.length === 0) return name ? [[name, "–"]] : [];
  return entries.flatMap(([key, inner]) => flatten(inner, name ? `${name} › ${Array.isArray(value) ? Number(key) + 1 : key}` : key || '""'));
}
