/** What is made of each item of a list, one after the other. Pages replace flatMap. */
export function each<T, U>(list: readonly T[], make: (item: T) => readonly U[]): U[] {
  const all: U[] = [];
  for (const item of list) for (const made of make(item)) all.push(made);
  return all;
}
