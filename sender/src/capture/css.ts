/**
 * The rules of a style sheet as the page has them now, each as text, imported sheets in place of their @import. What known has of a rule is
 * not read again. Throws when the sheet may not be read.
 */
export function rulesOf(sheet: CSSStyleSheet, resolve: (css: string, base: string) => string, known = new WeakMap<CSSRule, string>()): string[] {
  const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
  return Array.from(sheet.cssRules, (rule) => {
    let text = known.get(rule);
    if (text === undefined) {
      text = isImport(rule) ? imported(rule, rule.styleSheet ? rulesOf(rule.styleSheet, resolve) : []) : resolve(rule.cssText, base);
      known.set(rule, text);
    }
    return text;
  });
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

const urlToken = /(@namespace\s+(?:[\w-]+\s+)?)?url\(\s*(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|((?:[^"'()\\\s]|\\[^])*))\s*\)/gi;

/** Replaces every url() in CSS text but those within the document (url(#a)); replacement is given the text inside. */
export function replaceURLs(css: string, replacement: (url: string) => string): string {
  if (!/url\(/i.test(css)) return css;
  return css.replace(urlToken, (all: string, namespace?: string, double?: string, single?: string, bare?: string) => {
    if (namespace) return all; // a name, which nothing is loaded from
    const url = unescape(double ?? single ?? bare ?? "");
    return url === "" || url.startsWith("#") ? all : `url(${replacement(url)})`;
  });
}

/** The text that CSS text with escapes stands for. */
export function unescape(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|\r?\n|([^]))/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)) : (char ?? ""));
}
