/**
 * The rules of a style sheet as the page has them now, each as text, imported sheets in place of their @import. What known has of a rule is
 * not read again. Throws when the sheet may not be read.
 */
export function rulesOf(sheet: CSSStyleSheet, resolve: (css: string, base: string) => string, known = new WeakMap<CSSRule, string>()): string[] {
  const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
  return Array.from(sheet.cssRules, (rule) => {
    let text = known.get(rule);
    if (text === undefined) {
      text = isImport(rule) ? imported(rule, rulesOfImport(rule, resolve)) : resolve(rule.cssText, base);
      known.set(rule, text);
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

const address = `(?:"((?:[^"\\\\\\n\\r\\f]|\\\\[^])*)"|'((?:[^'\\\\\\n\\r\\f]|\\\\[^])*)')`;
const tokens = /* @__PURE__ */ new RegExp(
  String.raw`/\*[^]*?(?:\*/|$)|(@namespace\s+(?:[\w-]+\s+)?)?\b(?:url|src)\(\s*(?:${address}(?:[^()"']|\([^()]*\))*|((?:[^"'()\\\s]|\\[^])+)\s*)?\)` +
    String.raw`|(@import\s+)?${address}|(image-set)?\(|\)`, "gi");

/**
 * Replaces every address in CSS text but those within the document (url(#a)): in url() and src(), with what may stand behind it there, and
 * alone in image-set(); replacement is given the text inside.
 */
export function replaceURLs(css: string, replacement: (url: string) => string): string {
  if (!/(url|src|image-set)\(|@import/i.test(css)) return css;
  const open: boolean[] = []; // brackets, and whether they are those of image-set
  return css.replace(tokens, (all: string, namespace?: string, ...found: (string | undefined)[]) => {
    const [double, single, bare, imported, alone, alike, set] = found;
    if (all === ")") open.pop();
    else if (all.endsWith("(")) open.push(!!set);
    else if (imported) return `${imported}url(qwelp:0)`;
    else if (!namespace && !all.startsWith("/*")) { // A namespace is a name, which nothing is loaded from.
      const inside = double ?? single ?? bare ?? (open[open.length - 1] ? alone ?? alike : undefined);
      const url = unescape(inside ?? "");
      if (inside !== undefined && url !== "" && !url.startsWith("#")) return `url(${replacement(url)})`;
    }
    return all;
  });
}

/** The text that CSS text with escapes stands for. */
export function unescape(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|\r?\n|([^]))/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)) : (char ?? ""));
}
