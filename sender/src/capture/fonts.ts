import type { Assets } from "./assets.js";
import type { Sheets } from "./sheets.js";

const mostTried = 32; // files that a font is looked for in
const sample = "mMwWiIlL1 0O&@%Qgjpqy ñß";

/**
 * Fonts sends the fonts that script has made: a style sheet of our own says the same. What they are made of is only told as it happens; of one
 * that was there before, the file is looked for among those that the page has loaded, by how text looks in it.
 */
export class Fonts {
  private readonly sources = new WeakMap<FontFace, string>();
  private readonly tried = new WeakMap<FontFace, Set<string>>();
  private readonly sheets = new WeakMap<Document, { readonly sheet: CSSStyleSheet; text: string }>();
  private stop: (() => void) | undefined;

  constructor(
    private readonly own: Pick<Sheets, "fonts">,
    private readonly natives: WeakMap<object, object>,
    private readonly assets: Pick<Assets, "find">,
    private readonly found: () => void,
  ) {}

  /** Notes what fonts are made of. */
  listen(): void {
    const before = Object.getOwnPropertyDescriptor(window, "FontFace");
    const native = before?.value as typeof FontFace | undefined;
    if (this.stop || !native) return;
    const proxy: typeof FontFace = new Proxy(native, {
      construct: (target, args, type): FontFace => {
        const face = Reflect.construct(target, args, type === proxy ? target : type) as FontFace;
        try {
          this.sources.set(face, sourceOf(args[1]));
        } catch {
          // Ours alone.
        }
        return face;
      },
    });
    this.natives.set(proxy, native);
    const put = (from: unknown, to: unknown): void => {
      for (const [owner, name] of [[window, "FontFace"], [native.prototype, "constructor"]] as const) {
        const now = Object.getOwnPropertyDescriptor(owner, name);
        // Whoever has replaced it in the meantime keeps it so.
        if (now?.value === from) Object.defineProperty(owner, name, { ...now, value: to });
      }
    };
    put(native, proxy);
    this.stop = () => put(proxy, native);
  }

  end(): void {
    this.stop?.();
    this.stop = undefined;
  }

  look(root: Document): void {
    let text = "";
    for (const face of root.fonts) {
      if (!this.isScripts(root.fonts, face)) continue;
      const source = this.sources.get(face);
      if (source) text += ruleOf(face, source);
      else if (face.status === "loaded") void this.search(root, face).catch(() => undefined);
    }
    let known = this.sheets.get(root);
    if (text === (known?.text ?? "")) return;
    if (!known) this.sheets.set(root, (known = { sheet: new CSSStyleSheet(), text }));
    known.text = text;
    known.sheet.replaceSync(text);
    this.own.fonts(root, known.sheet);
  }

  /** Whether script has made a font: to add it once more means nothing, while one of a style sheet cannot be added. */
  private isScripts(fonts: FontFaceSet, face: FontFace): boolean {
    const { add } = fonts;
    try {
      Reflect.apply((this.natives.get(add) ?? add) as typeof add, fonts, [face]);
      return true;
    } catch {
      return false;
    }
  }

  private async search(root: Document, face: FontFace): Promise<void> {
    let tried = this.tried.get(face);
    if (!tried) this.tried.set(face, (tried = new Set()));
    const wanted = looks(root, face);
    for (const { name } of root.defaultView!.performance.getEntriesByType("resource")) {
      if (!/\.(woff2?|[ot]tf)([?#]|$)/i.test(name) || tried.has(name) || tried.size >= mostTried) continue;
      // That of a rule, which says itself what it is for.
      if (this.assets.find(name).length > 0) continue;
      tried.add(name);
      const response = await fetch(name, { cache: "force-cache" }).catch(() => undefined);
      if (!response?.ok) continue;
      const type = (this.natives.get(FontFace) ?? FontFace) as typeof FontFace;
      const { style, weight, stretch, featureSettings } = face;
      const probe = new type("qwelp-probe", await response.arrayBuffer(), { style, weight, stretch, featureSettings });
      if (!(await probe.load().catch(() => undefined)) || looks(root, probe) !== wanted) continue;
      this.sources.set(face, name);
      return this.found();
    }
  }
}

/** How text looks in a font. The page cannot notice that one of ours is in use. */
function looks(root: Document, face: FontFace): string {
  const { fonts } = root;
  const there = fonts.has(face);
  const pen = root.createElement("canvas").getContext("2d")!;
  const add = (): unknown => !there && fonts.add(face);
  add();
  pen.font = `${face.style} ${parseFloat(face.weight) || face.weight} 97px ${familyOf(face)}, monospace`;
  const seen = sample.split(" ").map((text) => {
    const { width, actualBoundingBoxAscent, actualBoundingBoxDescent, actualBoundingBoxLeft, actualBoundingBoxRight } = pen.measureText(text);
    return [width, actualBoundingBoxAscent, actualBoundingBoxDescent, actualBoundingBoxLeft, actualBoundingBoxRight];
  });
  if (!there) fonts.delete(face);
  return seen.join();
}

/** Where a font comes from, as a URL. Throws when that is none. */
function sourceOf(source: unknown): string {
  if (typeof source === "string") return /^\s*url\(\s*["']?(.*?)["']?\s*\)/.exec(source)?.[1] ?? "";
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source as ArrayBuffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x2000) text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return `data:font/otf;base64,${btoa(text)}`;
}

const familyOf = ({ family }: FontFace): string => (/^["']/.test(family) ? family : JSON.stringify(family));

/** Descriptors by the names of a font's properties. */
const descriptors = {
  style: "font-style", weight: "font-weight", stretch: "font-stretch", unicodeRange: "unicode-range", featureSettings: "font-feature-settings",
  variationSettings: "font-variation-settings", ascentOverride: "ascent-override", descentOverride: "descent-override", lineGapOverride: "line-gap-override",
  sizeAdjust: "size-adjust",
} as const;

function ruleOf(face: FontFace, source: string): string {
  const said = Object.entries(descriptors).map(([name, descriptor]) => [descriptor, face[name as "style"]]).filter(([, value]) => value);
  return `@font-face { font-family: ${familyOf(face)}; src: url(${JSON.stringify(source)}); ${said.map((each) => each.join(": ")).join("; ")} }\n`;
}
