import { getAttributeNames } from "./methods.js";

/** What fonts are called that have dots for letters, and what others are called, too, so that their pictures decide. */
const fontNames = /text-?security|dots?-?font|password|conceal|redact/i;
const maybeNames = /dots?$|^(disc|dots?|bullets?|asterisks?|mask(ed)?)\b/i;

const property = "-webkit-text-security";
const masking = /text-security|blur\(/i;

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
    some = style ? !!style.getPropertyValue(property) || masking.test(style.filter) || hasShadowOnly(style) : !cssRules && masking.test(rule.cssText);
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
    else if (status === "loaded") dotted.set(name, drawsAllAlike(/^["']/.test(family) ? family : JSON.stringify(family), doc));
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

/** A shadow or a blur of more than two pixels. */
const blurs = /(px |blur\()([3-9]|\d\d)[\d.]*px(\)|,|$|none)/;

/** Whether what is in an element is blurred, or only its shadow is seen, and that is not on its way to be another thing. */
export function isBlurred(element: Element): boolean {
  const style = getComputedStyle(element);
  const shadow = isShadow(style) && style.backgroundClip !== "text" ? style.textShadow : "";
  return blurs.test(shadow + style.filter) && Number(style.opacity) > 0.5 && !element.getAnimations?.().length;
}

/** Whether nothing of the letters in a field is seen: what is drawn in their place may be. */
export function isUnseen(field: Element): boolean {
  const style = getComputedStyle(field);
  const { fontSize, textIndent, letterSpacing, backgroundColor } = style;
  const fill = style.getPropertyValue(ink);
  return (clear.test(fill) && style.backgroundClip !== "text" && style.getPropertyValue("-webkit-text-stroke-width") === "0px") || fill === backgroundColor ||
    parseFloat(fontSize) < 2 || Math.abs(parseFloat(textIndent)) > 900 || parseFloat(letterSpacing) < -4;
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

/** Whether a font has one picture for letters that look nothing like each other; undefined where the browser shows no page what it draws. */
function drawsAllAlike(font: string, doc: Document): boolean | undefined {
  const canvas = doc.createElement("canvas");
  canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const alike = (family: string): boolean => {
    const pictures = ["i", "W", "8"].map((letter) => {
      context!.clearRect(0, 0, 32, 32);
      context!.font = `20px ${family}`;
      context!.fillText(letter, 4, 24);
      return context!.getImageData(0, 0, 32, 32).data.join();
    });
    return pictures.every((picture) => picture === pictures[0]);
  };
  if (!context || alike("monospace")) return context && widths(context, font) > 1 ? false : undefined;
  return alike(font);
}

/** How many widths letters have: in a font of dots, one. */
function widths(context: CanvasRenderingContext2D, font: string): number {
  context.font = `20px ${font}`;
  return new Set(Array.from("iW8", (letter) => context.measureText(letter).width)).size;
}
