import { featured } from "./features.js";
import { typeSelectors } from "./names.js";
import { answered, anything, attributeFor, caseless, selectorFor, standInFor, told } from "./selectors.js";

/** CSS text in which nothing is loaded but assets that have arrived. */
export interface SafeCSS {
  readonly text: string;
  /** The assets it asks for, those that have not arrived among them; and device, when it asks for what is told of the customer's. */
  readonly assets: readonly number[];
}

/** Stands among assets for the customer's device, of which media queries ask. */
export const device = -1;

/** What CSS text gets in place of what it asks for. */
export interface Means {
  /** The URL of an asset; undefined when it has not arrived. */
  readonly url: (asset: number) => string | undefined;
  /** What is asked in place of a media feature, a match of featured. */
  readonly answer: (match: readonly string[]) => string;
}

/** Stands for every URL that is not to be loaded: valid wherever a URL is, and empty. */
export const nowhere = 'url("data:,")';

const escape = String.raw`\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n0-9a-fA-F])`;
const nameChar = String.raw`(?:[-\w\u0080-\uffff]|${escape})`;
const ident = String.raw`(?:--|-?(?:[A-Za-z_\u0080-\uffff]|${escape}))${nameChar}*`;
const number = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;

/** The begin of an attribute selector. */
const attributeSelector = String.raw`\[[ \t\n]*(?:(?:\*|${ident})?\|)?${ident}(?![-\w\\(\u0080-\uffff])`;

/** The tokens that matter (CSS Syntax 3 section 4), each from its first character; what lies between them is delimiters and white space. */
const tokens = String.raw`/\*|${told}|${answered}|<!--|["'()]|${attributeSelector}|@${ident}|#${nameChar}+|${number}(?:${ident})?|${ident}\(?`;

/** Characters that older browsers take into names and newer ones do not. Escaped, they mean the same to both. */
const disputed = /[\x80-\xb6\xb8-\xbf\xd7\xf7\u037e\u2000-\u200b\u200e-\u203e\u2041-\u206f\u2190-\u2bff\u2ff0-\u3000\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]/g;

/** What may stand in image-set() beside url(); anything else could bring in a string, which is a URL there. */
const imageSetFunction = /^(?:type|calc|(?:repeating-)?(?:linear|radial|conic)-gradient)$/;

/**
 * Rewrites CSS text, of a sheet, a style attribute or a single value: url(qwelp:7) becomes what url gives for asset 7, url(#a) stays,
 * and everything else that could load something is made void, however it is written. Media queries are answered by the customer's device.
 */
export function safeCSS(css: string, means: Means): SafeCSS {
  if (!remarkable.test(css)) return { text: css, assets: [] };
  return new Rewriter(prepare(css), means).run();
}

/** How many characters safeCSS looks at, those it looks at again counted again. */
export function stepsOf(css: string, means: Means): number {
  const rewriter = new Rewriter(prepare(css), means);
  rewriter.run();
  return rewriter.steps;
}

const remarkable = new RegExp(String.raw`url|src|image|element|import|\\|script|\bform\b|hgroup|\[|attr|${told}|${answered}|${featured}`, "i");

/** Input preprocessing of CSS Syntax 3 section 3.3. */
function prepare(css: string): string {
  return css.replace(/\r\n?|\f/g, "\n").replace(/\0/g, "\ufffd").replace(disputed, (char) => `\\${char.charCodeAt(0).toString(16)} `);
}

/** What follows the name of an attribute in a selector that says no more than its value. */
const rest = /[ \t\n]*[~|^$*]?=[ \t\n]*(?:"[^"\\\n]*"|'[^'\\\n]*'|[-\w]+)[ \t\n]*\]/y;
const brace = /[{};]/g;
const plainReference = /^url\(\s*(["']?)#[^"'()\\\s]*\1\s*\)?$/i;
const attributeName = new RegExp(String.raw`[ \t\n]*(${ident})(?![-\w\\(|\u0080-\uffff])`, "y");
const feature = new RegExp(featured, "iy");

/** What ends in a pseudo-element, or in a function behind one, where no attribute selector may stand. */
const pseudoElement = /::[-\w]+(?:\([^()]*\))?(?::[-\w]+(?:\([^()]*\))?)*(?::(?:not|is|where)\([^(){};]*)?$/;
const isAnswered = new RegExp(`^${answered}`);
const part = /::part\([^()]*\)$/;
const longestPseudo = 80; // characters in front of a pseudo-class that are looked at for one

class Rewriter {
  private readonly token = new RegExp(tokens, "g");
  private readonly out: string[] = [];
  private readonly assets = new Set<number>();
  /** For each open parenthesis, where in out the name of its image-set stands; -1 for any other function, -2 for none. */
  private readonly open: number[] = [];
  private copied = 0;
  private stop = -1; // the next brace or semicolon
  private scope = -1; // where the limits of @scope end, which stand in parentheses
  private query = -1; // where a media query ends
  /** The ::part() that was rewritten last, by where in out stand what is in front of it and the names in it; end: where it ends in css. */
  private part = { front: -1, names: -1, end: -1 };
  steps = 0;

  constructor(
    private readonly css: string,
    private readonly means: Means,
  ) {}

  run(): SafeCSS {
    for (let from = 0, match = this.token.exec(this.css); match; match = this.token.exec(this.css)) {
      this.steps += this.token.lastIndex - from;
      this.take(match[0], match.index);
      from = this.token.lastIndex;
    }
    this.out.push(this.css.slice(this.copied));
    return { text: this.out.join(""), assets: [...this.assets] };
  }

  private take(text: string, start: number): void {
    switch (text[0]) {
      case "/": {
        const end = this.css.indexOf("*/", start + 2);
        this.token.lastIndex = end < 0 ? this.css.length : end + 2;
        this.steps += this.token.lastIndex - start;
        return;
      }
      case '"':
      case "'":
        this.skipString(start);
        this.voidImageSet();
        return;
      case "(":
        if (start < this.query && this.takeFeature(start)) return;
        this.open.push(-2);
        return;
      case ":":
        if (this.inSelector(start)) this.takePseudo(text, start);
        return;
      case ")":
        this.open.pop();
        return;
      case "[":
        if (this.inSelector(start)) this.takeAttribute(text, start);
        return;
      case "@":
        if (unescape(text).toLowerCase() === "@import") this.replace(start, this.token.lastIndex, "@qwelp-import");
        if (/^@scope$/i.test(text)) this.scope = this.nextBrace(start);
        if (/^@media$/i.test(text)) this.query = this.nextBrace(start);
        return;
    }
    const standIn = typeSelectors.get(text.toLowerCase());
    if (standIn && /^[\s,>+~(|*{}/]?$/.test(this.css[start - 1] ?? "") && this.inSelector(start)) this.replace(start, this.token.lastIndex, standIn);
    else if (text.endsWith("(") && /^[^\d#]/.test(text)) this.takeFunction(unescape(text.slice(0, -1)).toLowerCase(), start);
  }

  private takeAttribute(text: string, start: number): void {
    const name = unescape(text.slice(1)).trim().replace(/^\*?\|/, "").replace("|", ":").toLowerCase();
    const standIn = standInFor(name);
    if (!standIn) return;
    this.replace(start, this.token.lastIndex, `[${escaped(standIn)}`);
    rest.lastIndex = this.token.lastIndex;
    const end = caseless.has(name) && rest.test(this.css) ? rest.lastIndex : 0;
    if (end === 0) return;
    this.steps += end - start;
    this.replace(end - 1, end, " i]");
    this.token.lastIndex = end;
  }

  private takePseudo(text: string, start: number): void {
    const name = ` ${attributeFor(text.slice(1))}`;
    if (start === this.part.end) {
      if (isAnswered.test(text)) return;
      this.out[this.part.front] += anything;
      this.out[this.part.names] += name;
      this.part.end = this.copied = this.token.lastIndex;
      return;
    }
    const before = this.css.slice(Math.max(this.copied, start - longestPseudo), start);
    this.steps += before.length;
    const [of] = part.exec(before) ?? [];
    if (of && isAnswered.test(text)) return;
    if (of) {
      this.replace(start - of.length, this.token.lastIndex, anything);
      this.part = { front: this.out.length - 1, names: this.out.length, end: this.copied };
      this.out.push(of.slice(0, -1) + name, ")");
    } else if (!pseudoElement.test(before)) {
      this.replace(start, this.token.lastIndex, selectorFor(text));
    }
  }

  private takeFunction(name: string, start: number): void {
    if (name === "url") {
      this.takeURL(start);
      return;
    }
    if (name === "attr") this.takeAttr();
    // What another element shows would be shown as often as there are such elements, and in them.
    if (name === "src" || name === "image" || name === "element" || name === "-moz-element") this.replace(start, this.token.lastIndex, "qwelp-void(");
    if (!imageSetFunction.test(name)) this.voidImageSet();
    if (name === "image-set" || name === "-webkit-image-set") {
      this.replace(start, this.token.lastIndex, `${name}(`);
      this.open.push(this.out.length - 1);
    } else {
      this.open.push(-1);
    }
  }

  private takeAttr(): void {
    attributeName.lastIndex = this.token.lastIndex;
    const [text, name = ""] = attributeName.exec(this.css) ?? [];
    const standIn = standInFor(unescape(name));
    if (text && standIn) this.replace(this.token.lastIndex, attributeName.lastIndex, escaped(standIn));
    if (text) this.token.lastIndex = attributeName.lastIndex;
  }

  private takeFeature(start: number): boolean {
    feature.lastIndex = start;
    const match = feature.exec(this.css);
    if (!match) return false;
    this.replace(start, feature.lastIndex, this.means.answer(match));
    this.token.lastIndex = feature.lastIndex;
    this.assets.add(device);
    return true;
  }

  /** Whether what begins at start stands in a selector: a block follows before a declaration ends, and this is no media feature. */
  private inSelector(start: number): boolean {
    if (this.open.at(-1) === -2 && start > this.scope) return false;
    return this.css[this.nextBrace(start)] === "{";
  }

  /** Where the next brace or semicolon stands. No start may be less than one before: what has been looked at is not looked at again. */
  private nextBrace(start: number): number {
    if (start > this.stop) {
      brace.lastIndex = start;
      this.stop = brace.exec(this.css)?.index ?? this.css.length;
      this.steps += this.stop - start;
    }
    return this.stop;
  }

  /** The image-set whose arguments are being read is not to be understood. */
  private voidImageSet(): void {
    const name = this.open.at(-1) ?? -1;
    if (name >= 0) this.out[name] = "qwelp-void(";
  }

  private takeURL(start: number): void {
    const inside = this.afterSpace(this.token.lastIndex);
    const quote = this.css[inside];
    let end: number;
    let url: string | undefined;
    if (quote === '"' || quote === "'") {
      const close = this.skipString(inside);
      url = unescape(this.css.slice(inside + 1, close));
      end = this.afterSpace(this.token.lastIndex);
      if (this.css[end] !== ")" && end < this.css.length) {
        // With modifiers, or broken: the rest is read as that of any function.
        this.replace(start, inside, "qwelp-void(");
        this.open.push(-1);
        return;
      }
    } else {
      end = this.endOf(/[\\)]/g, inside);
      const text = this.css.slice(inside, this.beforeSpace(end));
      url = /^(?:[^"'()\\\s\0-\x1f\x7f]|\\[^\n])*$/.test(text) ? unescape(text) : undefined;
    }
    this.token.lastIndex = Math.min(end + 1, this.css.length);
    if (url?.startsWith("#")) {
      // So that whoever looks for them finds them.
      if (!plainReference.test(this.css.slice(start, this.token.lastIndex))) this.replace(start, this.token.lastIndex, `url("${url.replace(/["\\\n]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}")`);
      return;
    }
    this.replace(start, this.token.lastIndex, this.loaded(url));
  }

  private loaded(url: string | undefined): string {
    const asset = /^qwelp:(\d{1,10})$/.exec(url ?? "")?.[1];
    if (asset === undefined) return nowhere;
    this.assets.add(Number(asset));
    const address = this.means.url(Number(asset));
    return address ? `url("${address}")` : nowhere;
  }

  /** Goes on behind the string that begins at start, and returns where its contents end. */
  private skipString(start: number): number {
    const quote = this.css[start]!;
    const end = this.endOf(quote === '"' ? /["\\\n]/g : /['\\\n]/g, start + 1);
    this.token.lastIndex = this.css[end] === quote ? end + 1 : end;
    return end;
  }

  /** Where stop, which also finds backslashes, finds something else that is not escaped. */
  private endOf(stop: RegExp, start: number): number {
    stop.lastIndex = start;
    for (let match = stop.exec(this.css); match; match = stop.exec(this.css)) {
      if (match[0] !== "\\") {
        this.steps += match.index - start;
        return match.index;
      }
      stop.lastIndex = match.index + 2;
    }
    this.steps += this.css.length - start;
    return this.css.length;
  }

  private afterSpace(at: number): number {
    for (; isSpace(this.css[at]); at++) this.steps++;
    return at;
  }

  private beforeSpace(at: number): number {
    for (; isSpace(this.css[at - 1]); at--) this.steps++;
    return at;
  }

  private replace(start: number, end: number, text: string): void {
    this.out.push(this.css.slice(this.copied, start), text);
    this.copied = end;
  }
}

function escaped(name: string): string {
  return name.replace(/[^-\w\u0080-\uffff]/g, "\\$&");
}

function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n";
}

/** Text of CSS without its escapes. */
export function unescape(text: string): string {
  return text.replace(/\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|\n|([^]))/g, (_, hex?: string, char?: string) => {
    if (hex === undefined) return char ?? "";
    const point = parseInt(hex, 16);
    return point === 0 || point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  });
}
