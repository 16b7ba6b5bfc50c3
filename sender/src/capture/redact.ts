import { each } from "../platform/lists.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { endOf, pastString, unescape } from "./css.js";

/** What stands for a text that is redacted, whatever its length. White space stays white space. */
export function redactedText(text: string): string {
  return /\S/.test(text) ? SecretValue : text && " ";
}

/** Families of properties and descriptors that lay out, draw or move what is there, by the first word of their name. */
const harmless = /* @__PURE__ */ new RegExp("^(-webkit-|-moz-)?(accent|align|alignment|all|anchor|animation|app|appearance|ascent|aspect|backdrop|backface|background|base|baseline|block|border|" +
  "bottom|box|break|buffered|caption|caret|clear|clip|color|columns?|contain|container|content-visibility|corner|cursor|cx|cy|d|descent|direction|display|dominant|dynamic|empty|field|fill|filter|" +
  "flex|float|flood|font|forced|gap|grid|height|hyphens|image|inherits|initial-letter|inline|inset|interactivity|interest|interpolate|isolation|justify|left|letter|lighting|line|" +
  "margin|marker|mask|math|max|min|mix|object|offset|opacity|order|orphans|osx|outline|overflow|overlay|override|overscroll|padding|page|paint|perspective|place|pointer|position|print|r|range|" +
  "reading|resize|right|rotate|row|rtl|ruby|rule|rx|ry|scale|scroll|scrollbar|shape|size|speak|src|stop|stroke|syntax|system|tab|table|tap|text|timeline|top|touch|transform|transition|" +
  "translate|trigger|unicode|user|vector|vertical|view|visibility|white|widows|width|will|word|writing|x|y|z|zoom)(-[a-z-]+)?$");
/** Those that show text, of which symbols and icons stay. */
const showing = /^(-webkit-|-epub-)?(content|quotes|list-style(-type)?|hyphenate-character|text-overflow|text-emphasis(-style)?)$/;
const symbols = /^(symbols|additive-symbols|prefix|suffix|negative|pad)$/;
const counting = /^counter-(reset|set|increment)$/;
/** Those whose strings are names, which nobody sees. */
const naming = /^(font(-family)?|grid(-area|-template|-template-areas)?|src)$/;
const types = /^(\*|<[-a-z]+>[+#]?)([\s|]+<[-a-z]+>[+#]?)*$/;
const features = /^(wght|wdth|slnt|ital|opsz|grad|liga|[cdhr]lig|c?alt|kern|[tpol]num|frac|afrc|ordn|zero|su[pb]s|sinf|smcp|c2sc|pcap|c2pc|s?swsh|salt|titl|case|ss\d\d|cv\d\d)$/i;
/** A list of fonts, which shows in no text; strings are left out of it. */
const fonts = /^(?=.*,\s*(sans-serif|serif|monospace|cursive|fantasy|system-ui|emoji|math|ui-[-a-z]+)\s*(,|$))[-\w\s]*(,[-\w\s]*)+$/is;
const mime = /^(image|font)\/[-+.\w]+$/;

/** At-rules, and those of them that may be without a block. */
const rules = /^(media|supports|container|layer|scope|(-webkit-)?keyframes|font-face|font-palette-values|property|counter-style|function|starting-style|position-try)$/;
const statements = /^@(layer|charset)\b|^@namespace\s+([-\w]+\s+)?(url\()?["']?https?:\/\/www\.w3\.org\/[\w/]+["']?\)?$/i;

/** How the value of a property is looked at. */
type Kind = "plain" | "shown" | "symbols" | "counters" | "names" | "features" | "types" | "custom" | undefined;
const kinds = new Map<string, Kind>();
const most = 5_000; // names that are remembered

function kindOf(name: string): Kind {
  if (kinds.has(name)) return kinds.get(name);
  const kind: Kind = name.startsWith("--") || name === "initial-value" || name === "result" ? "custom"
    : showing.test(name) ? "shown" : counting.test(name) ? "counters" : symbols.test(name) ? "symbols" : naming.test(name) ? "names"
    : name === "syntax" ? "types" : /^font-(feature|variation)-settings$/.test(name) ? "features"
    : harmless.test(name) ? "plain" : undefined;
  if (kinds.size < most) kinds.set(name, kind);
  return kind;
}

/** Whether a declaration can neither show nor hold a word, nor name an address: all that is sent of the style of what is redacted. */
export function isLayout(declaration: string): boolean {
  const shape = declaration.replace(/\bpath\(([^"'()]*)(["'])([^"']*)\2\s*\)/gi, (all, _rule, _quote, path: string) => (isPath(path) ? "path()" : all));
  const [, name = "", value = ""] = /^\s*([-a-z]+)\s*:([^"'\\]*)$/i.exec(shape) ?? [];
  return kindOf(name.toLowerCase()) === "plain" && !/(url|attr|src|image|element|if|--[-\w]*)\(/i.test(value) &&
    !/^(view-|anchor|position-anchor|page|container(-name)?$|timeline|(scroll|animation)-timeline)/i.test(name);
}

const tokens = /\/\*[^]*?(?:\*\/|$)|["']|\\[^]|[(){}[\];]/g;
const functions = /(?:^|[^-\w])(url|src|(?:-webkit-)?image-set|path)$/i;
const closing: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** A string in CSS text. */
interface Quoted {
  readonly from: number;
  readonly to: number;
  /** What it stands in. */
  readonly within: "address" | "attribute" | "path" | "";
}

/**
 * CSS text without comments, without words that it puts into the page, and without anything that is not known to be harmless, of which no
 * words can be told apart. It takes time in proportion to the text.
 */
export function wordless(css: string): string {
  let out = "";
  let text = ""; // of the declaration, selector or at-rule, so far
  let strings: Quoted[] = [];
  const open: { readonly end: string; readonly within: Quoted["within"] }[] = [];
  let leftOut = 0; // blocks
  let at = 0;
  const end = (close: string): void => {
    if (!leftOut) {
      const kept = text.trim() === "" ? text : /^\s*@/.test(text) ? statement(text) : declaration(text, strings);
      out += kept ?? "";
      if (kept !== undefined || close === "}") out += close;
    } else if (close === "}") leftOut--;
    text = "";
    strings = [];
  };
  const begin = (): void => {
    const kept = leftOut ? undefined : prelude(text, strings);
    if (kept === undefined) {
      if (!leftOut++) out += "@media not all{}"; // Whoever counts rules finds as many.
    } else out += `${kept}{`;
    text = "";
    strings = [];
  };
  tokens.lastIndex = 0;
  for (let found = tokens.exec(css); found; found = tokens.exec(css)) {
    const [token] = found;
    text += css.slice(at, found.index);
    at = tokens.lastIndex;
    const { end: wanted, within = "" } = open[open.length - 1] ?? {};
    if (token === ";" && !wanted) end(token);
    else if (token === "}" && !wanted) end(token);
    else if (token === "{" && !wanted && !/^\s*--[^:]*:/.test(text)) begin();
    else if (token.startsWith("/*")) text += " ";
    else {
      if (token === wanted) open.pop();
      else if (closing[token]) {
        const name = token === "(" ? functions.exec(css.slice(Math.max(0, found.index - 20), found.index))?.[1]?.toLowerCase() : undefined;
        open.push({ end: closing[token]!, within: name === "path" ? name : name ? "address" : token === "[" ? "attribute" : "" });
        if (name === "url" && !quotedNext(css, at)) {
          at = tokens.lastIndex = Math.min(endOf(css, ")", at) + 1, css.length);
          open.pop();
        }
      } else if (/^["']/.test(token)) {
        at = tokens.lastIndex = pastString(css, at);
        strings.push({ from: text.length, to: text.length + at - found.index, within });
      }
      text += css.slice(found.index, at);
    }
  }
  text += css.slice(at);
  end("");
  return out;
}

function prelude(text: string, strings: Quoted[]): string | undefined {
  const trimmed = text.replace(/^(\s|<!--|-->)+/, "");
  if (!trimmed.startsWith("@")) return rewritten(text, strings, (_, within) => within === "attribute");
  const name = /^@([-a-z]+)/i.exec(trimmed)?.[1]?.toLowerCase() ?? "";
  return rules.test(name) ? rewritten(text, strings, () => false, /style\(|^@function/i.test(trimmed)) : undefined;
}

function statement(text: string): string | undefined {
  return statements.test(text.trim()) ? text : undefined;
}

function declaration(text: string, strings: Quoted[]): string | undefined {
  const colon = text.indexOf(":");
  const kind = kindOf(text.slice(0, Math.max(0, colon)).trim().toLowerCase());
  if (!kind) return undefined;
  const bare = strings.length > 0 || kind !== "plain" ? rewritten(text, strings, () => false, false, "") : text;
  // What is written in other letters may be another thing. Names of fonts often are.
  if (/\\[\da-z]/i.test(bare) && kind !== "names") return undefined;
  if (kind === "counters") return counters(text.slice(0, colon + 1), bare.slice(colon + 1));
  if (kind === "symbols" && /[\p{L}\p{N}]/u.test(bare.slice(colon + 1).replace(/\burl\([^)]*\)|\b\d\d?\b/g, ""))) return undefined;
  const renamed = kind === "shown" && /counters?\(/i.test(text);
  if (strings.length === 0 && kind !== "custom" && !renamed && !text.includes("style(")) return text;
  const listed = kind === "custom" && fonts.test(bare.slice(colon + 1));
  const kept = rewritten(text, strings, (string) =>
    kind === "names" || listed || (kind === "features" && features.test(string)) || (kind === "types" && types.test(string)), kind === "custom" || text.includes("style("));
  return renamed ? kept.replace(/(counters?\(\s*)([^\s,)]+)/gi, (_, before: string, name: string) => before + counter(name)) : kept;
}

/** Text with dots in place of strings that hold words, or with what else is to be there. */
function rewritten(text: string, strings: Quoted[], keeps: (string: string, within: string) => boolean, numbers = false, dots = `"${SecretValue}"`): string {
  let out = "";
  let at = 0;
  const add = (part: string): void => void (out += numbers ? ordinary(part) : part);
  for (const { from, to, within } of strings) {
    const quoted = text.slice(from, to);
    const string = unescape(quoted.slice(1, -1));
    add(text.slice(at, from));
    out += dots && (within === "address" || (within === "path" && isPath(string)) || mime.test(string) || keeps(string, within) || !/[\p{L}\p{N}]/u.test(unescape(quoted))) ? quoted : dots;
    at = to;
  }
  add(text.slice(at));
  return out;
}

function quotedNext(css: string, at: number): boolean {
  const next = /\s*["']/y;
  next.lastIndex = at;
  return next.test(css);
}

/** How many numbers follow on each command of a path. */
const numbersOf: Record<string, number> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };

/** Whether a text draws a shape, and is nothing else: commands, each with numbers as it needs them. */
export function isPath(text: string): boolean {
  const parts = text.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[a-z]|[^\s,]/gi) ?? [];
  let numbers = 0;
  let needed = 0;
  for (const part of [...parts, "z"]) {
    if (/[.\d]/.test(part)) numbers++;
    else {
      if (needed ? numbers === 0 || numbers % needed : numbers > 0) return false;
      numbers = 0;
      needed = numbersOf[part.toLowerCase()] ?? NaN;
      if (Number.isNaN(needed)) return false;
    }
  }
  return /^\s*m/i.test(text);
}

/** Text in which no number is more than measures, weights, layers and parts of colours are: counters can show them. */
function ordinary(text: string): string {
  return text.replace(/#?[-+.\w\u0080-\uffff]+%?/g, (word) => {
    if (!/^[-+.]*\d/.test(word)) return word;
    const [, whole, rest, unit] = /^[-+]?(\d*)(\.\d+)?([a-z]*|%)$/i.exec(word) ?? [];
    if (whole === undefined) return /\d{4}|\de/i.test(word) ? "0" : word;
    const number = Number(whole);
    return (unit || rest ? number < 10_000 : number < 256 || /^9+$/.test(whole) || (number <= 10_000 && number % 10 === 0)) ? word : `0${unit}`;
  });
}

// Names may be words. Whoever shows them shows what they count.
const names = new Map<string, string>();

function counter(name: string): string {
  if (/^(none|list-item|inherit|initial|unset|revert(-layer)?|!?important)$/i.test(name)) return name;
  if (!names.has(name)) names.set(name, `c${names.size + 1}`);
  return names.get(name)!;
}

/** A declaration of counters, which count from nothing by one. */
function counters(property: string, value: string): string | undefined {
  const plain = value.replace(/\breversed\(\s*([^\s()]+)\s*\)/gi, "$1").replace(/!\s*important\s*$/i, "");
  if (/[()"']/.test(plain)) return undefined;
  const parts = each(plain.trim().split(/\s+/), (word) => (/^[-+]?\d/.test(word) ? (/^[-+]?[01]$/.test(word) ? [word] : []) : [counter(word)]));
  return `${property} ${parts.join(" ")}${/!\s*important\s*$/i.test(value) ? " !important" : ""}`;
}
