/** What fonts are called that have dots for letters. */
const fontNames = /text-?security|dots?-?(font|$)|password|conceal|redact|^(disc|dots?|bullets?|asterisks?|mask(ed)?)\b/i;

const property = "-webkit-text-security";

/** Whether anything of the page may mask what is no field: only then elements are asked for it. */
let some = false;
const readSheets = new WeakMap<CSSStyleSheet, number>(); // how many rules they had
const readRules = new WeakSet<CSSRule>();
const dotted = new Map<string, boolean>(); // families of the page's fonts

/** Whether anything of the page may mask what is no field. */
export function mayMask(): boolean {
  return some;
}

/** Takes note of CSS text. */
export function noticeStyle(css: string | null): void {
  some ||= !!css && css.includes("text-security");
}

/** Takes note of the sheets and fonts of a document or shadow root. */
export function noticeRoot(root: Document | ShadowRoot): void {
  if ("fonts" in root) noticeFonts(root);
  for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) noticeSheet(sheet);
  for (const element of some ? [] : root.querySelectorAll(`[style*="text-security" i]`)) noticeStyle(element.getAttribute("style"));
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
    some = !!style?.getPropertyValue(property) || (!style && !cssRules && rule.cssText.includes("text-security"));
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
    else if (status === "loaded") dotted.set(name, drawsAllAlike(family, doc));
    some ||= !!dotted.get(name);
  }
}

/** Whether the screen shows what an element holds by dots or the like. */
export function isMasked(element: Element, field: boolean): boolean {
  const style = getComputedStyle(element);
  const masked = style.getPropertyValue(property);
  if (masked && masked !== "none") return true;
  const font = unquoted(style.fontFamily.split(",", 1)[0]!);
  if (dotted.get(font) ?? (field && fontNames.test(font))) return true;
  return field && (style.filter.includes("blur(") || isShadow(style));
}

/** Whether only the shadow of letters is seen, which blurs them. */
function isShadow(style: CSSStyleDeclaration): boolean {
  return style.textShadow !== "none" && /^(transparent|rgba\(.*, 0\))$/.test(style.getPropertyValue("-webkit-text-fill-color"));
}

function unquoted(family: string): string {
  return family.trim().replace(/^["']|["']$/g, "").toLowerCase();
}

/** Whether a font has one picture for letters that look nothing like each other. */
function drawsAllAlike(family: string, doc: Document): boolean {
  const canvas = doc.createElement("canvas");
  canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return false;
  const pictures = ["i", "W", "8"].map((letter) => {
    context.clearRect(0, 0, 32, 32);
    context.font = `20px ${/^["']/.test(family) ? family : JSON.stringify(family)}`;
    context.fillText(letter, 4, 24);
    return context.getImageData(0, 0, 32, 32).data.join();
  });
  return pictures.every((picture) => picture === pictures[0]);
}
