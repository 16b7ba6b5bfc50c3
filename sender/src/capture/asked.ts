import { allMatches } from "../platform/texts.js";
import { addressIn, carriesCode } from "./addresses.js";
import { unescape } from "./css.js";
import type { Policy } from "./policy.js";

/** What style sheets ask of an attribute. */
interface Ask {
  /** The number of nodes that the mirror had when a sheet first asked: these were sent without it. */
  nodes: number;
  /** attr() shows it. */
  shown: boolean;
  /** What selectors compare it with, by operator and text. */
  readonly compared: Map<string, Comparison>;
}

interface Comparison {
  readonly operator: string;
  readonly text: string;
  readonly caseless: boolean;
}

const asking = /\[\s*(?:[-\w*]*\|)?((?:[-\w]|[^\0-\x7f]|\\.)+)\s*(?:([~|^$*]?)=\s*("[^"]*"|'[^']*'|[^\s\]"']+)\s*([is]?)\s*\])?|\battr\(\s*((?:[-\w]|[^\0-\x7f]|\\.)+)/gi;
const loading = /^(href|xlink:href|src|srcset|action|formaction|poster|data|background|cite|ping|longdesc|manifest|usemap|profile|classid|codebase|imagesrcset|attributionsrc)$/;
const secret = /(^|[-_.:])(auth|nonce|session|secret)([-_.:]|$)|token$|passw(or)?d|csrf|xsrf|api-?key|(auth|session)-?(id|key|code|hash)/i;
/** Types of fields whose value the page chooses, not the customer. */
const chosen = /^(radio|checkbox|button|submit|reset|image|range|color)$/;
const longest = 64; // characters of a value that no sheet shows
const longestShown = 4096;

/**
 * Asked knows which attributes style sheets ask for. What a selector or an attr() asks for is sent, unless it is a secret; of what is redacted,
 * only that frameworks have marked it.
 */
export class Asked {
  private readonly names = new Map<string, Ask>();
  private fresh = new Set<string>();

  /** nodes says how many nodes the mirror has. */
  constructor(private readonly nodes: () => number) {}

  reset(): void {
    this.names.clear();
    this.fresh.clear();
  }

  look(): void {}

  /** Takes note of what a style sheet asks for. */
  sheet(css: string): void {
    for (const [, selected, operator, quoted, flag, shown] of allMatches(css, asking)) {
      const name = unescape(selected ?? shown!).toLowerCase();
      let ask = this.names.get(name);
      if (!ask) this.names.set(name, (ask = { nodes: this.nodes(), shown: false, compared: new Map() }));
      const text = quoted && unescape(quoted.replace(/^(["'])(.*)\1$/s, "$2"));
      const comparison = `${operator}${flag} ${text}`;
      if (ask.shown || (!shown && (text === undefined ? ask.compared.size > 0 : ask.compared.has(comparison))) || ask.compared.size > 1_000) continue;
      if (text !== undefined) ask.compared.set(comparison, { operator: operator!, text, caseless: /i/i.test(flag!) });
      ask.shown = !!shown;
      ask.nodes = this.nodes();
      this.fresh.add(name);
    }
  }

  /** The names that sheets have come to ask for since the last call. */
  late(): ReadonlySet<string> {
    const late = this.fresh;
    this.fresh = new Set();
    return late;
  }

  /** Whether a node was sent before a sheet asked for an attribute. */
  missed(node: number, name: string): boolean {
    return node <= (this.names.get(name)?.nodes ?? 0);
  }

  /** The value to send for an attribute; undefined when no sheet asks for it. plain: of an address, what is sent anyway. */
  value(element: Element, name: string, value: string, policy: Policy, plain?: string): string | undefined {
    const ask = this.names.get(name.toLowerCase());
    if (!ask) return undefined;
    if (policy) return value === "" && name.includes("-") ? "" : undefined;
    if (name === "value" && /^(input|textarea)$/.test(element.localName) && !chosen.test((element as HTMLInputElement).type)) return undefined;
    // That it is there, and no more.
    if (carriesCode(name) || secret.test(name)) return "";
    if (loading.test(name)) return told((plain ?? addressIn(value)) + cut(value), value, ask.compared.values());
    if (value.length <= (ask.shown ? longestShown : longest)) return value;
    return told("", value, ask.compared.values());
  }
}

/** What shows that an address has more than is sent of it. */
function cut(value: string): string {
  return /^[^#?]+([#?])/.exec(value)?.[1] ?? "";
}

/** A value that says no more than may be said and what sheets compare the whole one with, which they say themselves. */
export function told(may: string, value: string, comparisons: Iterable<Comparison>): string {
  let [begin, middle, end] = [may, "", ""];
  for (const { operator, text, caseless } of comparisons) {
    const fold = (string: string): string => (caseless ? string.toLowerCase() : string);
    const [whole, part] = [fold(value), fold(text)];
    if (part === "" ? operator !== "" : compares(fold(begin + middle + end), operator, part) || !compares(whole, operator, part)) continue;
    if (operator === "" && compares(whole, operator, part)) return text;
    if (operator === "^") begin = text;
    else if (operator === "|") begin = whole === part ? text : `${text}-`;
    else if (operator === "*") middle += text;
    else if (operator === "~") middle += ` ${text} `;
    else if (operator === "$") end = text;
  }
  return begin + middle + end;
}

function compares(value: string, operator: string, text: string): boolean {
  switch (operator) {
    case "^":
      return value.startsWith(text);
    case "$":
      return value.endsWith(text);
    case "*":
      return value.includes(text);
    case "~":
      return value.split(/\s+/).includes(text);
    case "|":
      return value === text || value.startsWith(`${text}-`);
    default:
      return value === text;
  }
}
