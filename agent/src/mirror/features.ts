/** The value that a media feature has when it was told of no other. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ["prefers-reduced-motion", "no-preference"], ["prefers-reduced-transparency", "no-preference"], ["prefers-contrast", "no-preference"],
  ["forced-colors", "none"], ["hover", "none"], ["any-hover", "none"], ["pointer", "none"], ["any-pointer", "none"],
  ["display-mode", "browser"], ["scripting", "none"],
]);

const pixels: ReadonlyMap<string, number> = new Map([["", 1], ["px", 1], ["em", 16], ["rem", 16], ["in", 96], ["cm", 96 / 2.54], ["mm", 96 / 25.4], ["pt", 4 / 3]]);
const dots: ReadonlyMap<string, number> = new Map([["", 1], ["dppx", 1], ["x", 1], ["dpi", 1 / 96], ["dpcm", 2.54 / 96]]);

/** The media features that are the customer's, asked for in parentheses: a regular expression's source. What it takes holds no quotes or escapes. */
export const featured = String.raw`\(\s*(${[...otherwise.keys()].join("|")}|(?:-webkit-)?(?:min-|max-)?(?:-moz-)?(?:resolution|device-(?:pixel-ratio|width)))`
  + String.raw`(?:\s*(:|[<>]=?|=)\s*([-\w.]+))?\s*\)`;

const always = "(min-width: 0)";
const never = "(min-width: 99999999px)";

/** Features answers what media queries ask for by what holds for the customer. */
export class Features {
  private readonly holding = new Map<string, string[]>();
  /** Device pixels per CSS pixel. */
  scale = 1;
  private readonly told: string;

  constructor(holding: readonly string[] = []) {
    this.told = String(holding);
    for (const feature of ["scripting: enabled", ...holding.slice(0, 64)]) {
      const [name, value] = feature.split(": ");
      if (value !== undefined) this.holding.set(name!, [...(this.holding.get(name!) ?? []), value]);
    }
  }

  /** Whether it was told the same. */
  like(other: Features): boolean {
    return this.told === other.told;
  }

  get dark(): boolean {
    return this.has("prefers-color-scheme", "dark");
  }

  /** Gives what is to be asked in place of a match of featured. */
  readonly answer = (match: readonly string[]): string => {
    const name = match[1]!.toLowerCase();
    return (otherwise.has(name) ? this.has(name, match[3]?.toLowerCase()) : this.compare(name, match[2], match[3]?.toLowerCase())) ? always : never;
  };

  /** Rewrites a media query list. */
  query(text: string): string {
    return text.replace(new RegExp(featured, "gi"), (...match) => this.answer(match as string[]));
  }

  /** Without a value: whether it has one but that for none. */
  private has(name: string, value: string | undefined): boolean {
    const values = this.holding.get(name);
    if (value === undefined) return values !== undefined || name === "display-mode";
    return values ? values.includes(value) : value === otherwise.get(name);
  }

  private compare(name: string, sign: string | undefined, value: string | undefined): boolean {
    const [, bound, plain] = /^(?:-webkit-)?(?:(min|max)-)?(?:-moz-)?(.*)$/.exec(name)!;
    const isSize = plain!.startsWith("device-") && plain !== "device-pixel-ratio";
    const has = isSize ? parseFloat(this.holding.get(plain!)?.[0] ?? "") : this.scale;
    if (value === undefined) return true;
    const [, number, unit] = /^([\d.]+)([a-z]*)$/.exec(value) ?? [];
    const wanted = Number(number) * ((isSize ? pixels : dots).get(unit ?? "?") ?? NaN);
    switch (bound ?? sign) {
      case "min":
      case ">=":
        return has >= wanted;
      case "max":
      case "<=":
        return has <= wanted;
      case ">":
        return has > wanted;
      case "<":
        return has < wanted;
      default:
        return has === wanted;
    }
  }
}
