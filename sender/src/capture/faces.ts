import { allMatches } from "../platform/texts.js";
import { absolute, type FontRule } from "./carriers.js";
import { replaceURLs, splitTop } from "./css.js";
import type { Registry } from "./look.js";
import type { Shown } from "./shown.js";
import { allIn, ownText } from "./nodes.js";

const readable = /^(woff2?|truetype|opentype|collection|woff2?-variations|truetype-variations|opentype-variations)$/i;

/** Faces finds the files of the fonts that a document has loaded, and that something open is written in. */
export class Faces {
  constructor(
    private readonly shown: Pick<Shown, "mayBeSeen">,
    private readonly roots: Iterable<Document | ShadowRoot>,
    private readonly registry: Registry,
  ) {}

  /** strictly: only what open elements are written in counts, since not all are. */
  *look(root: Document, rules: readonly FontRule[], strictly: boolean): Generator<void> {
    if (rules.length === 0) return;
    const byFace = new Map<string, FontRule>();
    for (const rule of rules) byFace.set(keyOfRule(rule.style), rule);
    for (const face of root.fonts ?? []) {
      if (face.status !== "loaded") continue;
      yield;
      const rule = byFace.get(keyOf(face));
      const url = rule && fileOf(rule, root, this.registry.answered);
      for (const asset of url ? this.registry.find(url) : []) {
        if (!asset.undecided) continue;
        const holds = (): boolean => face.status === "loaded" && root.fonts.has(face);
        if (!strictly) this.registry.found(asset, { element: undefined, holds });
        else {
          const element = yield* this.written(root, face);
          if (element) this.registry.found(asset, { element, holds: () => holds() && this.shown.mayBeSeen(element) && writes(element, face) });
        }
      }
    }
  }

  /** An open element that is written in a font. */
  private *written(root: Document, face: FontFace): Generator<void, Element | undefined> {
    for (const each of this.roots) {
      if (each !== root && each.ownerDocument !== root) continue;
      for (const element of allIn(each, "*")) {
        yield;
        if (writes(element, face) && this.shown.mayBeSeen(element)) return element;
      }
    }
    return undefined;
  }
}

/** Whether an element's own text, or what style sheets put before or after it, is written in a font. */
function writes(element: Element, face: FontFace): boolean {
  const own = ownText(element) + ((element as HTMLInputElement).value ?? "");
  if (own.trim() && covers(own, face) && familiesOf(element).includes(plain(face.family))) return true;
  return ["::before", "::after", "::marker"].some((pseudo) => {
    const { content } = getComputedStyle(element, pseudo);
    return /["'(]/.test(content) && covers(content, face) && familiesOf(element, pseudo).includes(plain(face.family));
  });
}

function familiesOf(element: Element, pseudo?: string): string[] {
  return splitTop(getComputedStyle(element, pseudo).fontFamily).map(plain);
}

function covers(text: string, { unicodeRange }: FontFace): boolean {
  const ranges = allMatches(unicodeRange || "U+0-10FFFF", /U\+([0-9a-f?]+)(?:-([0-9a-f]+))?/gi).map(([, from, to]): [number, number] => [
    parseInt(from!.replace(/\?/g, "0"), 16), parseInt(to ?? from!.replace(/\?/g, "f"), 16),
  ]);
  return Array.from(text).some((char) => ranges.some(([from, to]) => char.codePointAt(0)! >= from && char.codePointAt(0)! <= to));
}

const plain = (family: string): string => family.trim().replace(/^(["'])(.*)\1$/s, "$2").toLowerCase();

function keyOf({ family, style, weight, stretch, unicodeRange }: FontFace): string {
  return [plain(family), style || "normal", weight || "normal", stretch || "normal", (unicodeRange || "U+0-10FFFF").toUpperCase().replace(/\s/g, "")].join("|");
}

function keyOfRule(style: CSSStyleDeclaration): string {
  const of = (name: string): string => style.getPropertyValue(name);
  return keyOf({ family: of("font-family"), style: of("font-style"), weight: of("font-weight"), stretch: of("font-stretch"), unicodeRange: of("unicode-range") } as FontFace);
}

/** The file that the browser has taken of those a rule names: the first that it could read. */
function fileOf({ style, base }: FontRule, root: Document, answered: Registry["answered"]): string {
  const files: string[] = [];
  for (const source of splitTop(style.getPropertyValue("src"))) {
    const format = /format\(\s*["']?([^"')]*)/i.exec(source)?.[1];
    if (!format || readable.test(format)) replaceURLs(source, (url) => (files.push(absolute(url, base)), ""));
  }
  return files.find((url) => answered(url, root.defaultView) === true) ?? files.find((url) => answered(url, root.defaultView) !== false) ?? "";
}
