import { pastComment, pastString } from "./css.js";
import { differenceOf } from "./differencewriter.js";

const closes: Record<string, string> = { "{": "}", "(": ")", "[": "]" };

/** Where the rule ends that begins at a place of CSS text; -1: it is not closed, or something is closed that is not open. */
function endOfRule(css: string, from: number): number {
  const token = /["'\\{}()[\];]|\/\*/g;
  token.lastIndex = from;
  const statement = css[pastBlanks(css, from)] === "@";
  const open: string[] = [];
  for (let match = token.exec(css); match; match = token.exec(css)) {
    const [found] = match;
    const inside = token.lastIndex;
    if (found === "\\") token.lastIndex++;
    else if (found === "/*") token.lastIndex = pastComment(css, inside);
    else if (found === '"' || found === "'") token.lastIndex = pastString(css, inside);
    else if (found === ";") {
      if (statement && open.length === 0) return inside;
    } else if (found === "(" && isBareURL(css, match.index)) {
      token.lastIndex = css.indexOf(")", inside) + 1;
      // Where a backslash or a quote is in it, it is left to the browser what that means.
      if (token.lastIndex === 0 || /[\\"'(]/.test(css.slice(inside, token.lastIndex))) return -1;
    } else if (closes[found]) open.push(closes[found]!);
    else if (open.pop() !== found) return -1;
    else if (found === "}" && open.length === 0) return inside;
  }
  return -1;
}

/** Whether a parenthesis is that of a URL without quotes, in which braces mean nothing. */
function isBareURL(css: string, at: number): boolean {
  return /(^|[^-\w\\])url$/i.test(css.slice(Math.max(0, at - 4), at)) && /^\s*[^\s"']/.test(css.slice(at + 1, at + 80));
}

/** Past white space and comments. */
function pastBlanks(css: string, at: number): number {
  for (;;) {
    while (/\s/.test(css[at] ?? "")) at++;
    if (!css.startsWith("/*", at)) return at;
    at = pastComment(css, at + 2);
  }
}

/** What is known of a source text: where its rules end. */
interface Split {
  readonly text: string;
  readonly ends: readonly number[];
  /** The rules as they are sent. */
  readonly pieces: readonly string[];
  /** How many rules the browser has read in it. */
  readonly count: number;
}

/**
 * SourceRules takes the source text of a style sheet apart into its rules, as they are to be sent. Of a text that has changed, only what lies between
 * the common beginning and end is read.
 */
export class SourceRules {
  private last: Split | undefined;

  /** countOf returns how many rules the browser reads in a text. */
  constructor(private readonly countOf: (css: string) => number) {}

  /** The rules of a text in which the browser has read so many; undefined: these are others than those of the text. */
  read(text: string, count: number, rewrite: (css: string) => string): readonly string[] | undefined {
    const { last } = this;
    if (last?.text === text && last.count === count) return last.pieces;
    const changed = (last && this.change(last, text, count, rewrite)) ?? this.whole(text, count, rewrite);
    this.last = changed;
    return changed?.pieces;
  }

  private whole(text: string, count: number, rewrite: (css: string) => string): Split | undefined {
    if (this.countOf(text) !== count) return undefined;
    const ends: number[] = [];
    for (let from = 0; from >= 0 && pastBlanks(text, from) < text.length; ) ends.push((from = endOfRule(text, from)));
    // What cannot be taken apart goes as one.
    if (ends[ends.length - 1] === -1) return { text, ends: [], pieces: [rewrite(text)], count };
    return { text, ends, pieces: ends.map((end, i) => rewrite(text.slice(ends[i - 1] ?? 0, end).trim())), count };
  }

  private change({ text: before, ends, pieces, count: had }: Split, text: string, count: number, rewrite: (css: string) => string): Split | undefined {
    if (ends.length === 0) return undefined;
    const { at, gone } = differenceOf(before, text);
    const longer = text.length - before.length;
    const first = indexAfter(ends, at); // of the rules that may be others
    const from = ends[first - 1] ?? 0;
    const added: number[] = [];
    let next = first; // of the rules behind
    let end = from;
    for (;;) {
      // The rules begin again as they were, in what is the same.
      while (next < ends.length && (ends[next - 1] ?? 0) + longer < end) next++;
      if ((ends[next - 1] ?? 0) >= at + gone && (ends[next - 1] ?? 0) + longer === end) break;
      if (pastBlanks(text, end) === text.length) {
        next = ends.length;
        break;
      }
      end = endOfRule(text, end);
      if (end < 0) return undefined;
      added.push(end);
    }
    const old = before.slice(from, ends[next - 1] ?? 0);
    if (this.countOf(text.slice(from, end)) - this.countOf(old) !== count - had) return undefined;
    return {
      text,
      count,
      ends: [...ends.slice(0, first), ...added, ...ends.slice(next).map((each) => each + longer)],
      pieces: [...pieces.slice(0, first), ...added.map((each, i) => rewrite(text.slice(added[i - 1] ?? from, each).trim())), ...pieces.slice(next)],
    };
  }
}

/** The index of the first end that is behind a place. */
function indexAfter(ends: readonly number[], at: number): number {
  let low = 0;
  for (let high = ends.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
