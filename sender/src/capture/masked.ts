import { getAttributeNames } from "./methods.js";

type Drawn = typeof import("./drawn.js");

/** What fonts are called that have dots for letters, and what others are called, too, so that their pictures decide. */
const fontNames = /text-?security|dots?-?font|password|conceal|redact/i;
const maybeNames = /dots?$|^(disc|dots?|bullets?|asterisks?|mask(ed)?)\b/i;

const property = "-webkit-text-security";
const masking = /text-security|blur\(/i;

/** What looks at how letters are drawn: drawn.ts, which comes with names.js. */
let drawn: Partial<Drawn> = {};

/** Takes what looks at how letters are drawn. */
export function draw(how: Drawn): void {
  drawn = how;
}

/** Whether what is in an element is blurred. */
export function isBlurred(element: Element): boolean {
  return !!drawn.isBlurred?.(element);
}

/** Whether nothing of the letters in a field is seen. */
export function isUnseen(field: Element): boolean {
  return !!drawn.isUnseen?.(field);
}

/** Whether anything of the page may mask what is no field: only then elements are asked for it. */
let some = false;
const readSheets = new WeakMap<CSSStyleSheet, number>(); // how many rules they had
const readRules = new WeakSet<CSSRule>();
const dotted = new Map<string, boolean | undefined>(); // families of the page's fonts; undefined: this browser shows no pictures of them

/** Whether anything of the page may mask what is no field. */
export function mayMask(): boolean {
  return some;
}

/** Takes note of CSS text. */
export function noticeStyle(css: string | null): void {
  some ||= !!css && masking.test(css);
}

/** Takes note of the sheets and fonts of a document or shadow root. */
export function noticeRoot(root: Document | ShadowRoot): void {
  if ("fonts" in root) noticeFonts(root);
  for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) noticeSheet(sheet);
  for (const element of some ? [] : root.querySelectorAll(`[style*="text-security" i], [style*="blur(" i]`)) noticeStyle(element.getAttribute("style"));
  for (const animation of some ? [] : root.getAnimations?.() ?? []) noticeAnimation(animation);
}

/** Takes note of an animation, or of the effect of one, if that is what it is. */
export function noticeAnimation(it: unknown): void {
  const { effect = it } = (it ?? {}) as { effect?: unknown };
  for (const frame of (effect as Partial<KeyframeEffect> | null)?.getKeyframes?.() ?? []) some ||= /textsecurity/i.test(Object.keys(frame).join());
}

/** Takes note of a sheet's rules; edited: also of those that were read before. */
export function noticeSheet(sheet: CSSStyleSheet, edited = false): void {
  if (some) return;
  try {
    const { cssRules } = sheet;
    if (readSheets.get(sheet) !== cssRules.length || edited) noticeRules(cssRules, edited);
    readSheets.set(sheet, cssRules.length);
  } catch {
    some = true; // Whatever it says.
  }
}

/** Takes note of rules; edited: also of those that were read before. */
export function noticeRules(rules: ArrayLike<CSSRule> | Iterable<CSSRule>, edited: boolean): void {
  for (const rule of Array.from(rules)) {
    if (some) return;
    if (readRules.has(rule) && !edited) continue;
    readRules.add(rule);
    const { style, cssRules, styleSheet } = rule as { style?: CSSStyleDeclaration; cssRules?: CSSRuleList; styleSheet?: CSSStyleSheet | null };
    some = style ? !!style.getPropertyValue(property) || masking.test(style.filter.includes("var(") ? rule.cssText : style.filter) || hasShadowOnly(style) : !cssRules && masking.test(rule.cssText);
    if (cssRules) noticeRules(cssRules, edited);
    if (styleSheet) noticeSheet(styleSheet, edited);
  }
}

/** Takes note of the fonts that a document has loaded. */
export function noticeFonts(doc: Document): void {
  for (const { family, status } of doc.fonts) {
    const name = unquoted(family);
    if (dotted.has(name)) continue;
    if (fontNames.test(name)) dotted.set(name, true);
    else if (status === "loaded") dotted.set(name, drawn.drawsAllAlike?.(/^["']/.test(family) ? family : JSON.stringify(family), doc));
    some ||= !!dotted.get(name);
  }
}

/** Whether the screen shows what an element holds by dots or the like. */
export function isMasked(element: Element, field: boolean): boolean {
  return masks(getComputedStyle(element), field) || (some && masks(getComputedStyle(element, field ? "::placeholder" : "::first-line"), false));
}

/** Whether a pseudo-element shows what an attribute of an element holds, masked. */
export function saysMasked(element: Element): boolean {
  return getAttributeNames.call(element).some((name) => !/^(class|style)$/.test(name)) && ["::before", "::after"].some((pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return worded.test(style.content) && masks(style, false);
  });
}

const worded = /attr\(|["'].*[a-z\d\u00c0-\u1fff\u3040-\ud7ff]/i;

function masks(style: CSSStyleDeclaration, field: boolean): boolean {
  const masked = style.getPropertyValue(property);
  if (masked && masked !== "none") return true;
  const font = unquoted(style.fontFamily.split(",", 1)[0]!);
  if (dotted.get(font) ?? (field && (dotted.has(font) || fontNames.test(font) || maybeNames.test(font)))) return true;
  return field && (style.filter.includes("blur(") || isShadow(style));
}

const ink = "-webkit-text-fill-color";
const clear = /^(transparent|rgba\(.*, 0\))$/;

/** Whether only the shadow of letters is seen, which blurs them. */
function isShadow(style: CSSStyleDeclaration): boolean {
  return style.textShadow !== "none" && clear.test(style.getPropertyValue(ink));
}

/** Whether a rule may leave the shadow of letters only. */
function hasShadowOnly({ textShadow, color, webkitTextFillColor }: CSSStyleDeclaration): boolean {
  return !!textShadow && (clear.test(color) || clear.test(webkitTextFillColor));
}

function unquoted(family: string): string {
  return family.trim().replace(/^["']|["']$/g, "").toLowerCase();
}
