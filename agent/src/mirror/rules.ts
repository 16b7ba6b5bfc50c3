import { declarationSteps } from "./declarationcost.js";

/** A style rule in CSS text. */
export interface Rule {
  /** Where it stands. */
  readonly start: number;
  readonly end: number;
  readonly selectors: string;
  /** The rule it is nested in. */
  readonly around: Rule | undefined;
  /** Steps for each element that it holds for. */
  readonly steps: number;
  /** What it refers to within the page, by id. */
  readonly refs: readonly string[];
  /** It lays text out in columns, which takes twice as long with each that is around; or to both margins, which takes longest for long texts. */
  readonly columns: boolean;
  readonly justified: boolean;
  /** What its custom properties refer to, and whether it uses any for what refers. */
  readonly variables: readonly string[];
  readonly uses: boolean;
}

/** The style rules of CSS text, and whether it closes all that it opens. */
export interface Rules {
  readonly rules: readonly Rule[];
  readonly whole: boolean;
}

type Draft = { -readonly [K in keyof Rule]: Rule[K] };

/** What is open. */
interface Open {
  readonly close: string;
  /** A block that has statements: of a rule, of what is around rules, or the whole text. */
  readonly statements: boolean;
  /** The rule that its declarations are of. */
  readonly rule: Draft | undefined;
  /** Whether that ends with it. */
  readonly ends: boolean;
  /** Where the statement begins that is read. */
  from: number;
}

const token = /\\[^]|\/\*|["'{}()[\];]|url\(\s*(?!["'\s])/gi;
/** At-rules whose blocks have style rules. */
const group = /^@(?:media|supports|layer|container|scope|starting-style|-moz-document|document|when|else|nest)\b/i;
const deepest = 64; // blocks in blocks

/** Finds the style rules of CSS text, nested ones too, as browsers find them (CSS Syntax 3 section 5). Linear. */
export function readRules(css: string): Rules {
  const rules: Draft[] = [];
  const open: Open[] = [{ close: "", statements: true, rule: undefined, ends: false, from: 0 }];
  let whole = true;
  token.lastIndex = 0;
  for (let match = token.exec(css); match; match = token.exec(css)) {
    const top = open[open.length - 1]!;
    const text = match[0];
    const { index } = match;
    switch (text[0]) {
      case "\\":
        continue;
      case "/": {
        const end = css.indexOf("*/", index + 2);
        whole &&= end >= 0;
        token.lastIndex = end < 0 ? css.length : end + 2;
        // In front of a statement it is nothing.
        if (css.slice(top.from, index).trim() === "") top.from = token.lastIndex;
        continue;
      }
      case '"':
      case "'":
        whole = skipString(css, text[0]) && whole;
        continue;
      case "u":
      case "U": {
        const end = css.indexOf(")", token.lastIndex);
        whole &&= end >= 0;
        token.lastIndex = end < 0 ? css.length : end + 1;
        continue;
      }
      case "(":
      case "[":
        open.push({ close: text === "(" ? ")" : "]", statements: false, rule: undefined, ends: false, from: index });
        continue;
      case "{":
        open.push(opened(css, open, index, rules));
        continue;
      case ";":
        if (!top.statements || (open.length === 1 && !/^\s*@/.test(css.slice(top.from, index)))) continue;
        declared(top, css, index);
        top.from = index + 1;
        continue;
      default:
        if (text !== top.close) {
          whole = false;
          continue;
        }
        open.pop();
        if (text !== "}") continue;
        declared(top, css, index);
        if (top.ends) top.rule!.end = index + 1;
        open[open.length - 1]!.from = index + 1;
    }
  }
  for (const top of open) {
    declared(top, css, css.length);
    if (top.ends) top.rule!.end = css.length;
  }
  return { rules, whole: whole && open.length === 1 };
}

function opened(css: string, open: readonly Open[], index: number, rules: Draft[]): Open {
  const top = open[open.length - 1]!;
  const other: Open = { close: "}", statements: false, rule: undefined, ends: false, from: index + 1 };
  if (!top.statements) return other;
  const before = css.slice(top.from, index);
  const prelude = before.trim();
  if (open.length > deepest) {
    const outermost = open.find(({ rule }) => rule)?.rule;
    if (outermost) outermost.steps = Infinity;
    return other;
  }
  if (prelude.startsWith("@")) return group.test(prelude) ? { ...other, statements: true, rule: top.rule } : other;
  // The value of a custom property may be a block.
  if (top.rule && /^--[^:]*:/.test(prelude)) return other;
  const rule: Draft = { start: index - before.trimStart().length, end: 0, selectors: prelude, around: top.rule, steps: 0, refs: [], columns: false, justified: false, variables: [], uses: false };
  rules.push(rule);
  return { ...other, statements: true, rule, ends: true };
}

/** A statement of a block ends that is no rule. */
function declared({ statements, rule, from }: Open, css: string, end: number): void {
  if (!statements || !rule) return;
  const text = css.slice(from, end);
  rule.steps += declarationSteps(text);
  rule.columns ||= /^\s*(?:-\w+-)?column(?:s|-count|-width)\s*:/i.test(text);
  rule.justified ||= /^\s*text-align(?:-all)?\s*:[^]*justify/i.test(text);
  const refs = idsIn(text);
  if (refs.length > 0) rule.refs = [...rule.refs, ...refs];
  if (refs.length > 0 && /^\s*--/.test(text)) rule.variables = [...rule.variables, ...refs];
  rule.uses ||= /^\s*[-a-z]*(?:mask|filter|clip|fill|stroke|marker|background|image|shape|content|cursor)[^:]*:[^]*var\(/i.test(text);
}

/** The ids that CSS text refers to. */
export function idsIn(text: string): string[] {
  return Array.from(text.matchAll(/url\(\s*["']?#([^"')]*)/gi), ([, id]) => id!.trim());
}

/** Goes on behind the string whose quote has just been read; false: it does not end. */
function skipString(css: string, quote: string): boolean {
  const stop = quote === '"' ? /["\n]|\\[^]/g : /['\n]|\\[^]/g;
  stop.lastIndex = token.lastIndex;
  for (let match = stop.exec(css); match; match = stop.exec(css)) {
    if (match[0][0] === "\\") continue;
    token.lastIndex = stop.lastIndex;
    return match[0] === quote;
  }
  token.lastIndex = css.length;
  return false;
}

/** CSS text without those rules whose selectors are these. */
export function withoutRules(css: string, rules: readonly Rule[], selectors: ReadonlySet<string>): string {
  if (selectors.size === 0) return css;
  const kept: string[] = [];
  let at = 0;
  for (const rule of rules) {
    if (rule.start < at || !selectors.has(rule.selectors)) continue;
    kept.push(css.slice(at, rule.start));
    at = rule.end;
  }
  return kept.join("") + css.slice(at);
}
