/** All that a global expression matches. Pages replace matchAll. */
export function allMatches(text: string, pattern: RegExp): RegExpExecArray[] {
  const all: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    all.push(found);
    if (!found[0]) pattern.lastIndex++;
  }
  return all;
}
