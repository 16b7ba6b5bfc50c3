import { unescape } from "./css.js";

/** What it takes to find out whether an element matches a selector, in tests of a simple selector. */
export interface SelectorCost {
  /** What elements must have to be looked at, any of these: "b", "#b", ".b", "[b", ":root", ":slotted", or "*" for all. */
  readonly keys: readonly string[];
  /** Tests at the element itself and its next neighbours. */
  readonly self: number;
  /** At each of its ancestors. */
  readonly up: number;
  /** At each of the siblings in front of it. */
  readonly back: number;
  /** At each of the siblings in front of each of its ancestors. */
  readonly both: number;
  /** What ancestors must have; where nothing on the page has it, browsers see so at once. */
  readonly needs: readonly (readonly string[])[];
  /** Tests at all elements inside those that have one of keys, once. */
  readonly inside: readonly { readonly keys: readonly string[]; readonly tests: number }[];
  /** Tests of what texts the attributes of the page have. */
  readonly texts: number;
}

/** How large a page is, for selectors within selectors. */
export interface Extent {
  readonly depth: number;
  readonly siblings: number;
}

interface Compound {
  keys: readonly string[];
  tests: number;
  up: number;
  back: number;
  both: number;
}

type Draft = { -readonly [K in "self" | "up" | "back" | "both" | "texts"]: number } & { keys: readonly string[]; needs: (readonly string[])[]; inside: { keys: readonly string[]; tests: number }[] };

const deepest = 16; // functions in functions
const everything: readonly string[] = ["*"];
const nthOf = 20; // tests that one :nth-child(of) takes beside its selector
const token = /\\(?:[0-9a-fA-F]{1,6}\s?|[^])|\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\[\s*([-\w\u0080-\uffff|\\]*)\s*([*^$~|]?=)?|([.#]?)((?:[-\w\u0080-\uffff]|\\(?:[0-9a-fA-F]{1,6}\s?|[^]))+)|(::?)((?:[-\w\u0080-\uffff]|\\[^])+)(\()?|[()\],&*>+~|]|\s+|[^]/y;

/** Reads what stands in front of a block. around: the selectors of the rule it is nested in. */
export function selectorCosts(text: string, around: readonly SelectorCost[] | undefined, extent: Extent): SelectorCost[] {
  const reader = new Reader(text, around, extent);
  const costs = reader.list(0, around !== undefined);
  return costs.length > 0 ? costs : [{ keys: [], self: 0, up: 0, back: 0, both: 0, needs: [], inside: [], texts: 0 }];
}

/** The tests at one element, wherever it is in a page. */
export function testsOf({ self, up, back, both }: Pick<SelectorCost, "self" | "up" | "back" | "both">, { depth, siblings }: Extent): number {
  return self + up * depth + back * siblings + both * depth * siblings;
}

class Reader {
  private at = 0;
  private match: RegExpExecArray | null = null;

  constructor(
    private readonly text: string,
    private readonly around: readonly SelectorCost[] | undefined,
    private readonly extent: Extent,
  ) {}

  /** Reads selectors up to the end, or to the parenthesis that closes them. nested: without &, a selector is about what is inside the rule around. */
  list(depth: number, nested: boolean): SelectorCost[] {
    const all: SelectorCost[] = [];
    let parts: { compound: Compound; before: string }[] = [];
    let compound: Compound | undefined;
    let combinator = "";
    let own = false; // it has &
    let draft = blank();
    const close = (): void => {
      if (compound) parts.push({ compound, before: combinator });
      compound = undefined;
    };
    const finish = (): void => {
      close();
      if (parts.length > 0) {
        const first = parts[0]!;
        if (nested && !own) parts.unshift({ compound: this.parent(), before: "" }), first.before ||= " ";
        all.push(joined(parts, draft, this.extent));
      }
      parts = [];
      combinator = "";
      own = false;
      draft = blank();
    };
    const here = (): Compound => (compound ??= { keys: everything, tests: 0, up: 0, back: 0, both: 0 });
    while (this.next()) {
      const [whole, attribute, operator, prefix, name, colons, pseudo, opens] = this.match!;
      const char = whole[0]!;
      if (char === ")" && depth > 0) break;
      if (char === ",") finish();
      else if (char === "/" && whole[1] === "*") continue;
      else if (/\s/.test(char)) {
        if (compound) close(), combinator = " ";
      } else if (char === ">" || char === "+" || char === "~") {
        close();
        combinator = char;
      } else if (char === "&") {
        own = true;
        const parent = this.parent();
        const own_ = here();
        own_.tests += parent.tests, own_.up += parent.up, own_.back += parent.back, own_.both += parent.both;
        narrow(own_, parent.keys);
      } else if (char === "[") {
        here().tests++;
        narrow(here(), [`[${attribute!.toLowerCase()}`]);
        if (operator && operator !== "=") draft.texts++;
        this.toBracket();
      } else if (name !== undefined) {
        here().tests++;
        narrow(here(), [(prefix ?? "") + unescape(name).toLowerCase()]);
      } else if (colons && pseudo !== undefined) {
        this.pseudo(pseudo.toLowerCase(), opens !== undefined, here(), draft, depth);
      } else {
        here().tests++;
        if (char === "(") this.skip();
      }
    }
    finish();
    return all;
  }

  private pseudo(name: string, opens: boolean, compound: Compound, draft: Draft, depth: number): void {
    compound.tests++;
    if (!opens) {
      if (name === "root" || name === "host") narrow(compound, [":root"]);
      return;
    }
    if (depth >= deepest) {
      compound.tests = Infinity;
      this.skip();
      return;
    }
    switch (name) {
      case "is":
      case "where":
      case "matches":
      case "-webkit-any":
      case "-moz-any":
      case "not":
      case "host":
      case "host-context":
      case "slotted":
      case "cue": {
        const inner = this.list(depth + 1, false);
        for (const each of inner) add(compound, each), take(draft, each);
        if (name === "slotted") narrow(compound, [":slotted"]);
        else if (name.startsWith("host")) narrow(compound, [":root"]);
        else if (name !== "not" && inner.length > 0) narrow(compound, inner.flatMap(({ keys }) => keys));
        return;
      }
      case "has": {
        const inner = this.list(depth + 1, false);
        for (const each of inner) {
          take(draft, each);
          draft.inside.push({ keys: compound.keys, tests: testsOf(each, this.extent) });
        }
        return;
      }
      case "nth-child":
      case "nth-last-child": {
        const of = /[^()]*?\sof\s/y;
        of.lastIndex = this.at;
        if (!of.test(this.text)) return this.skip();
        this.at = of.lastIndex;
        for (const each of this.list(depth + 1, false)) {
          take(draft, each);
          const tests = testsOf(each, this.extent);
          compound.tests += nthOf * tests;
          compound.back += tests;
        }
        return;
      }
      default:
        compound.tests += 4;
        this.skip();
    }
  }

  /** What & stands for. */
  private parent(): Compound {
    const around = this.around ?? [];
    const compound: Compound = { keys: around.flatMap(({ keys }) => keys), tests: 1, up: 0, back: 0, both: 0 };
    for (const each of around) add(compound, each);
    if (compound.keys.length === 0 || compound.keys.length > 64) compound.keys = around.length > 0 ? everything : [":root"];
    return compound;
  }

  private next(): boolean {
    token.lastIndex = this.at;
    this.match = this.at < this.text.length ? token.exec(this.text) : null;
    if (this.match) this.at = token.lastIndex;
    return this.match !== null;
  }

  private toBracket(): void {
    while (this.next()) if (this.match![0] === "]") return;
  }

  /** Goes on behind the parenthesis that closes the one that is open. */
  private skip(): void {
    for (let open = 1; open > 0 && this.next(); ) {
      const text = this.match![0];
      if (text.endsWith("(")) open++;
      else if (text === ")") open--;
    }
  }
}

function blank(): Draft {
  return { keys: everything, self: 0, up: 0, back: 0, both: 0, needs: [], inside: [], texts: 0 };
}

/** Has a compound take, beside its own tests, those of a selector within it. */
function add(to: Compound, inner: SelectorCost): void {
  to.tests += inner.self;
  to.up += inner.up;
  to.back += inner.back;
  to.both += inner.both;
}

function take(draft: Draft, inner: SelectorCost): void {
  for (const each of inner.inside) draft.inside.push(each);
  draft.texts += inner.texts;
}

/** Of what an element has to have, browsers look for what they find fewest elements by. */
function narrow(compound: Compound, keys: readonly string[]): void {
  if (keys.length > 0 && rank(keys) > rank(compound.keys)) compound.keys = keys;
}

function rank(keys: readonly string[]): number {
  return keys.reduce((least, key) => Math.min(least, key === "*" ? 0 : key[0] === "[" ? 1 : /^[.#:]/.test(key) ? (key[0] === "#" ? 4 : 3) : 2), 4);
}

function joined(parts: readonly { compound: Compound; before: string }[], draft: Draft, extent: Extent): SelectorCost {
  const last = parts[parts.length - 1]!;
  const cost = { ...draft, keys: last.compound.keys, self: last.compound.tests, up: last.compound.up, back: last.compound.back, both: last.compound.both };
  let isUp = false;
  let isBack = false;
  for (let i = parts.length - 1; i > 0; i--) {
    const combinator = parts[i]!.before;
    const { compound } = parts[i - 1]!;
    if (combinator === " ") isUp = true;
    if (combinator === "~") isBack = true;
    if (combinator === " " || combinator === ">") cost.needs.push(compound.keys);
    const tests = testsOf({ self: compound.tests, up: compound.up, back: compound.back, both: compound.both }, extent);
    if (isUp && isBack) cost.both += tests;
    else if (isUp) cost.up += tests;
    else if (isBack) cost.back += tests;
    else cost.self += tests;
  }
  return cost;
}
