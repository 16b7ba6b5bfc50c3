import { allMatches } from "../platform/texts.js";
import { damaged, namesFiles, replaceURLs, textOf } from "./css.js";
import { subjectsOf, type Subject } from "./selectors.js";

/** A rule by which elements may show assets. */
export interface Carrier {
  readonly subjects: readonly Subject[];
  /** The URLs in it. */
  readonly urls: readonly string[];
  /** The custom properties and animations it asks for. */
  readonly names: readonly string[];
  /** Media queries that it depends on. */
  readonly media: readonly MediaList[];
  /** Whether elements inside those that match may show it. */
  readonly inherited: boolean;
}

/** What a rule says of the files of a font. */
export interface FontRule {
  readonly style: CSSStyleDeclaration;
  readonly base: string;
}

/** What a style sheet says of files. */
export interface Carried {
  readonly carriers: Carrier[];
  readonly fonts: FontRule[];
  /** URLs, and names of further ones, by names of custom properties and animations. */
  readonly named: (readonly [name: string, urls: readonly string[], names: readonly string[]])[];
}

interface Around {
  readonly base: string;
  readonly subjects: readonly Subject[];
  readonly media: readonly MediaList[];
}

/** What rules of several kinds have. */
interface AnyRule extends CSSRule {
  readonly selectorText?: string;
  readonly style?: CSSStyleDeclaration;
  readonly media?: MediaList;
  readonly styleSheet?: CSSStyleSheet | null;
  readonly name?: string;
  readonly initialValue?: string | null;
  readonly cssRules?: CSSRuleList;
}

const asking = /var\(\s*(--[^\s,)]+)/g;
const animating = /(?:^|[\s;])animation(?:-name)?\s*:([^;]*)/g;

/** The names of custom properties and animations that declarations ask for. */
export function namesIn(css: string): string[] {
  const names = css.includes("var(") ? allMatches(css, asking).map(([, name]) => name!) : [];
  if (css.includes("animation")) for (const [, value] of allMatches(css, animating)) names.push(...(value!.match(/[-\w\u0080-\uffff]+/g) ?? []));
  return names;
}

/** The absolute URLs in declarations. Those of custom properties count from where they are used, so they stay as they are. */
export function urlsIn(css: string, base: string, scale: number): string[] {
  const urls: string[] = [];
  if (namesFiles(css)) {
    replaceURLs(css, (url, custom) => {
      const whole = custom ? url : absolute(url, base);
      if (whole) urls.push(whole);
      return "";
    }, scale);
  }
  return urls;
}

/** A URL from a base; "" when it is none. */
export function absolute(url: string, base: string): string {
  // Of some MB, it takes long to be read: mostly there is nothing in it that a browser would write otherwise.
  if (/^data:[!"$-~]*$/.test(url)) return url;
  try {
    return new URL(url, base).href;
  } catch {
    return "";
  }
}

/** Reads rules one by one: each step of the generator is one. What has been read of a rule before is not read again. */
export function* carriedBy(sheet: CSSStyleSheet, base: string, scale: number, known: WeakMap<CSSRule, Carried>): Generator<void, Carried> {
  const all: Carried = { carriers: [], fonts: [], named: [] };
  for (const rule of sheet.cssRules) {
    let one = known.get(rule);
    if (!one) {
      one = { carriers: [], fonts: [], named: [] };
      yield* read(rule, { base, subjects: [], media: [] }, scale, one);
      known.set(rule, one);
    }
    if (one.carriers.length > 0) all.carriers.push(...one.carriers);
    if (one.fonts.length > 0) all.fonts.push(...one.fonts);
    if (one.named.length > 0) all.named.push(...one.named);
  }
  return all;
}

function* read(rule: AnyRule, around: Around, scale: number, into: Carried): Generator<void> {
  yield;
  const { selectorText, style, media } = rule;
  let inside = around;
  if (selectorText !== undefined) inside = { ...inside, subjects: subjectsOf(selectorText, around.subjects) };
  if (media?.length) inside = { ...inside, media: [...around.media, media] };
  const { styleSheet } = rule;
  if (styleSheet) {
    for (const each of rulesIn(styleSheet)) yield* read(each, { ...inside, base: styleSheet.href ?? around.base }, scale, into);
    return;
  }
  if (rule.type === CSSRule.FONT_FACE_RULE) into.fonts.push({ style: style!, base: around.base });
  else if (rule.type === CSSRule.KEYFRAMES_RULE) {
    const { cssText } = rule;
    into.named.push([rule.name!, urlsIn(cssText, around.base, scale), namesIn(cssText)]);
    return;
  } else if (rule.initialValue && rule.name) into.named.push([rule.name, urlsIn(`--a:${rule.initialValue}`, around.base, scale), []]);
  else if (style && inside.subjects.length > 0) declarations(rule, style, inside, scale, into);
  for (const each of rule.cssRules ?? []) yield* read(each, inside, scale, into);
}

function declarations(rule: CSSRule, style: CSSStyleDeclaration, { base, subjects, media }: Around, scale: number, into: Carried): void {
  const cssText = damaged.test(`{${style.cssText}`) ? textOf(rule) : style.cssText;
  const files = namesFiles(cssText);
  const names = namesIn(cssText);
  if (!files && names.length === 0) return;
  if (cssText.includes("--")) into.named.push(...customOf(style, base, scale));
  into.carriers.push({ subjects, urls: files ? urlsIn(cssText, base, scale) : [], names, media, inherited: /(^|[\s;])(list-style|cursor)/.test(cssText) });
}

/** What the custom properties of declarations name. */
export function customOf(style: CSSStyleDeclaration, base: string, scale: number): Carried["named"] {
  const named: Carried["named"] = [];
  for (const name of style) {
    if (!name.startsWith("--")) continue;
    const value = style.getPropertyValue(name);
    const urls = urlsIn(`${name}:${value}`, base, scale);
    const names = namesIn(value);
    if (urls.length > 0 || names.length > 0) named.push([name, urls, names]);
  }
  return named;
}

function rulesIn(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}
