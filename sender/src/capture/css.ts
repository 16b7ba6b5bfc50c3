/** What a rule's text has in place of a shorthand that the browser does not say. */
export const damaged = /[{;]\s*((?!--)[-a-z]+):\s*(?:!important)?(?=;)/;

/** What completes the text of such rules, once it is there. */
export const mender: { mend: (rule: CSSRule) => string } = { mend: (rule) => rule.cssText };

/** The text of a rule. */
export function textOf(rule: CSSRule): string {
  const { cssText } = rule;
  return damaged.test(cssText) ? mender.mend(rule) : cssText;
}

/**
 * The rules of a style sheet as the page has them now, each as text, imported sheets in place of their @import. What known has of a rule is
 * not read again. Throws when the sheet may not be read.
 */
export function rulesOf(sheet: CSSStyleSheet, resolve: (css: string, base: string) => string, known = new WeakMap<CSSRule, string>()): string[] {
  const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
  return Array.from(sheet.cssRules, (rule) => {
    let text = known.get(rule);
    if (text === undefined) {
      text = isImport(rule) ? imported(rule, rulesOfImport(rule, resolve)) : resolve(textOf(rule), base);
      // What is not whole may be completed later.
      if (!damaged.test(text)) known.set(rule, text);
    }
    return text;
  });
}

/** None, where the page may not read them: it may read the others still. */
function rulesOfImport({ styleSheet }: CSSImportRule, resolve: (css: string, base: string) => string): string[] {
  try {
    return styleSheet ? rulesOf(styleSheet, resolve) : [];
  } catch {
    return [];
  }
}

/** By what it has: a frame's rules are of another realm's classes. */
function isImport(rule: CSSRule): rule is CSSImportRule {
  return "styleSheet" in rule;
}

function imported(rule: CSSImportRule, rules: string[]): string {
  // One rule, whatever it holds: rules are counted.
  let css = `@media ${rule.media.mediaText || "all"} {\n${rules.join("\n")}}`;
  if (rule.supportsText) css = `@supports ${rule.supportsText} {\n${css}}`;
  if (rule.layerName != null) css = `@layer ${rule.layerName} {\n${css}}`;
  return css;
}

/** What stands in the place of a URL. custom: it stands in a custom property, where a relative one counts from the sheet that uses it. */
export type Replacement = (url: string, custom: boolean) => string;

const carrying = /url\(|image-set\(|src\(/i;
const addressed = /* @__PURE__ */ new RegExp(`${carrying.source}|@import`, "i");
const supported = /^image\/(apng|avif|bmp|gif|jpe?g|png|svg\+xml|webp|x-icon|vnd\.microsoft\.icon)$/i;

/** Whether CSS text may name a file. */
export function namesFiles(css: string): boolean {
  return carrying.test(css);
}

/**
 * Replaces every url() in CSS text but those within the document (url(#a)); replacement is called with the text inside. Of an image-set(), only
 * the image that a screen of this scale shows stays. Time grows with the length of the text, and no text is too long.
 */
export function replaceURLs(css: string, replacement: Replacement, scale = 1, custom?: boolean): string {
  return addressed.test(css) ? new Replacer(css, replacement, scale, custom).run() : css;
}

class Replacer {
  private readonly out: string[] = [];
  private copied = 0;
  private looked = 0; // up to where it is known in which declaration the text is

  constructor(
    private readonly css: string,
    private readonly replacement: Replacement,
    private readonly scale: number,
    private custom: boolean | undefined,
  ) {}

  run(): string {
    const { css, custom } = this;
    const token = /url\(|(?:-webkit-)?image-set\(|src\(|@import\s*["']|["'\\]|\/\*/gi;
    for (let match = token.exec(css); match; match = token.exec(css)) {
      const [found] = match;
      if (found === "\\") token.lastIndex++;
      else if (found === "/*") token.lastIndex = pastComment(css, token.lastIndex);
      else if (found.length === 1) token.lastIndex = pastString(css, token.lastIndex);
      else if (found.startsWith("@")) token.lastIndex = this.looked = this.imported(token.lastIndex);
      if (found.length < 3 || found.startsWith("@") || /[-\w]/.test(css[match.index - 1] ?? "")) continue; // the end of another name
      if (custom === undefined) this.custom = this.inCustom(match.index);
      token.lastIndex = this.looked = /set\($/i.test(found) ? this.imageSet(match.index, token.lastIndex) : this.url(match.index, token.lastIndex);
    }
    this.out.push(css.slice(this.copied));
    return this.out.join("");
  }

  /** Whether what begins at a place belongs to a custom property. */
  private inCustom(from: number): boolean {
    const between = withoutComments(this.css.slice(this.looked, from));
    const begins = Math.max(between.lastIndexOf(";"), between.lastIndexOf("{"), between.lastIndexOf("}"));
    if (begins < 0 && this.looked > 0) return !!this.custom;
    return between.slice(begins + 1).trimStart().startsWith("--");
  }

  /** What an import names is read by its rule; as a text it goes nowhere. inside: behind the quote. */
  private imported(inside: number): number {
    const end = endOf(this.css, this.css[inside - 1]!, inside) + 1;
    this.put(inside - 1, end, "url(qwelp:0)");
    return end;
  }

  private url(from: number, inside: number): number {
    const { css } = this;
    const { url, end } = readURL(css, inside);
    // A namespace is a name, which nothing is loaded from.
    if (url === "" || url?.startsWith("#") || /@namespace\s+(?:[\w-]+\s+)?$/i.test(css.slice(Math.max(0, from - 100), from))) return end;
    this.put(from, end, url === undefined ? "url(qwelp:0)" : `url(${this.replacement(url, !!this.custom)})`);
    return end;
  }

  private imageSet(from: number, inside: number): number {
    const end = closing(this.css, inside);
    const options = splitTop(this.css.slice(inside, end - 1)).map(optionOf).filter(({ type }) => !type || supported.test(type));
    options.sort((a, b) => a.resolution - b.resolution);
    const chosen = options.find(({ resolution }) => resolution >= this.scale) ?? options[options.length - 1];
    if (!chosen) return end;
    const { image, resolution } = chosen;
    if (/image-set\(/i.test(image)) {
      this.put(from, end, "url(qwelp:0)"); // No set may be in another.
      return end;
    }
    const url = /^["']/.test(image) ? `url(${image})` : image;
    this.put(from, end, `image-set(${replaceURLs(url, this.replacement, this.scale, !!this.custom)} ${resolution}x)`);
    return end;
  }

  private put(from: number, end: number, text: string): void {
    this.out.push(this.css.slice(this.copied, from), text);
    this.copied = end;
  }
}

function withoutComments(css: string): string {
  let text = "";
  let copied = 0;
  for (let at = css.indexOf("/*"); at >= 0; at = css.indexOf("/*", copied)) {
    text += css.slice(copied, at);
    copied = css.indexOf("*/", at + 2) + 2;
    if (copied < 2) return text;
  }
  return text + css.slice(copied);
}

/** One image of an image-set. */
function optionOf(option: string): { image: string; resolution: number; type: string } {
  const text = option.trim();
  const opens = text.indexOf("(");
  const end = /^["']/.test(text) ? endOf(text, text[0]!, 1) + 1 : opens < 0 ? 0 : /^url\($/i.test(text.slice(0, opens + 1)) ? readURL(text, opens + 1).end : closing(text, opens + 1);
  const rest = text.slice(end);
  const [, number = "1", unit = "x"] = /(?:^|\s)([\d.]+)(x|dppx|dpi|dpcm)\b/i.exec(rest) ?? [];
  const per: Record<string, number> = { dpi: 96, dpcm: 96 / 2.54 };
  return { image: text.slice(0, end), resolution: Number(number) / (per[unit.toLowerCase()] ?? 1), type: /type\(\s*["']?([^"')]*)/i.exec(rest)?.[1] ?? "" };
}

/** Text cut at the commas, or other characters, that are in no string and no parentheses. */
export function splitTop(text: string, separator = ","): string[] {
  const parts: string[] = [];
  const token = /["'()[\],\\;]/g;
  let begins = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [char] = match;
    if (char === "\\") token.lastIndex++;
    else if (char === '"' || char === "'") token.lastIndex = endOf(text, char, token.lastIndex) + 1;
    else if (char === "(" || char === "[") token.lastIndex = closing(text, token.lastIndex);
    else if (char === separator) {
      parts.push(text.slice(begins, match.index));
      begins = token.lastIndex;
    }
  }
  parts.push(text.slice(begins));
  return parts;
}

/** Where the parenthesis or bracket that opens before a place is closed: behind that. */
export function closing(text: string, inside: number, urls = true): number {
  const token = /["'()[\]\\]/g;
  token.lastIndex = inside;
  let depth = 1;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [char] = match;
    if (char === "\\") token.lastIndex++;
    else if (char === '"' || char === "'") token.lastIndex = endOf(text, char, token.lastIndex) + 1;
    else if (urls && char === "(" && /url$/i.test(text.slice(Math.max(0, match.index - 3), match.index))) token.lastIndex = readURL(text, token.lastIndex).end;
    else if (char === "(" || char === "[") depth++;
    else if (--depth === 0) return token.lastIndex;
  }
  return text.length;
}

/** Reads a URL behind its opening parenthesis; undefined when it is none. end: behind the closing one. */
function readURL(css: string, inside: number): { url: string | undefined; end: number } {
  const at = pastSpace(css, inside);
  const quote = css[at];
  if (quote !== '"' && quote !== "'") {
    const end = endOf(css, ")", at);
    const text = css.slice(at, end).trimEnd();
    return { url: /["'(\s]/.test(text.replace(/\\[^]/g, "")) ? undefined : unescape(text), end: Math.min(end + 1, css.length) };
  }
  const close = endOf(css, quote, at + 1);
  // Behind the string there may be modifiers.
  return { url: unescape(css.slice(at + 1, close)), end: closing(css, close + 1, false) };
}

/** Where a character stands that no backslash is before, or the end. */
export function endOf(text: string, char: string, from: number): number {
  const token = char === ")" ? /[)\\]/g : char === '"' ? /["\\]/g : /['\\]/g;
  token.lastIndex = from;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] !== "\\") return match.index;
    token.lastIndex++;
  }
  return text.length;
}

/**
 * Where a string ends whose quote is before a place: behind it, or at the end of the line, which ends a string that is not closed. As a loop: a regular
 * expression has no stack for millions of escapes.
 */
export function pastString(text: string, inside: number): number {
  const quote = text[inside - 1];
  const token = /["'\\\n\r\f]/g;
  token.lastIndex = inside;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [char] = match;
    if (char === "\\") token.lastIndex++;
    else if (char === quote) return token.lastIndex;
    else if (/[^"']/.test(char)) return match.index;
  }
  return text.length;
}

/** CSS text with something else in place of each string. */
export function replaceStrings(css: string, replacement: (quoted: string) => string): string {
  const out: string[] = [];
  const quote = /["']/g;
  let copied = 0;
  for (let match = quote.exec(css); match; match = quote.exec(css)) {
    quote.lastIndex = pastString(css, quote.lastIndex);
    out.push(css.slice(copied, match.index), replacement(css.slice(match.index, quote.lastIndex)));
    copied = quote.lastIndex;
  }
  return out.join("") + css.slice(copied);
}

export function pastComment(text: string, inside: number): number {
  const end = text.indexOf("*/", inside);
  return end < 0 ? text.length : end + 2;
}

function pastSpace(text: string, at: number): number {
  while (/\s/.test(text[at] ?? "")) at++;
  return at;
}

/** The text that CSS text with escapes stands for. */
export function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|\r?\n|([^]))/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)) : (char ?? ""));
}
