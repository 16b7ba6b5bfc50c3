/** The text of a style sheet's rules as the page has them now, imported sheets in place of their @import. Throws when it may not be read. */
export function rulesText(sheet: CSSStyleSheet, resolve: (css: string, base: string) => string): string {
  const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
  let text = "";
  const own: string[] = [];
  const flush = (): void => {
    if (own.length > 0) text += resolve(own.join("\n"), base) + "\n";
    own.length = 0;
  };
  for (const rule of sheet.cssRules) {
    if (!isImport(rule)) {
      own.push(rule.cssText);
      continue;
    }
    flush();
    if (rule.styleSheet) text += imported(rule, rulesText(rule.styleSheet, resolve));
  }
  flush();
  return text;
}

/** By what it has: a frame's rules are of another realm's classes. */
function isImport(rule: CSSRule): rule is CSSImportRule {
  return "styleSheet" in rule;
}

function imported(rule: CSSImportRule, css: string): string {
  if (rule.supportsText) css = `@supports ${rule.supportsText} {\n${css}}\n`;
  if (rule.media.mediaText) css = `@media ${rule.media.mediaText} {\n${css}}\n`;
  if (rule.layerName != null) css = `@layer ${rule.layerName} {\n${css}}\n`;
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
