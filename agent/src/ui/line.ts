/**
 * Line gives one visible line of at most limit characters of a text of a stranger's: without control characters, without those that change
 * the direction of text or take no room, and without runs of combining marks that would paint over what stands around it. White space becomes
 * one space. It reads no more than eight characters for each of limit. The same as internal/visible does in Go.
 */
export function line(text: string, limit: number): string {
  let made = "";
  let count = 0;
  let marks = 0;
  let space = false;
  let left = limit * mostHidden;
  for (const char of text) {
    if (left-- === 0) break;
    if (/^\p{White_Space}$/u.test(char)) {
      space = count > 0;
      continue;
    }
    const shows = visible.test(char);
    if (/^\p{M}$/u.test(char)) marks++;
    else if (shows) marks = 0;
    if (marks > 2 || !shows) continue;
    if (count + (space ? 1 : 0) >= limit) break;
    made += space ? ` ${char}` : char;
    count += space ? 2 : 1;
    space = false;
  }
  return made;
}

const mostHidden = 8; // characters read for each that is shown

/** Graphic, but for spaces, variation selectors, and letters that fonts draw as nothing. */
const visible = /^(?![\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0])[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
