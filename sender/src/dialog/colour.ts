/** A colour of the sRGB space: red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export const white: Colour = [255, 255, 255];
export const black: Colour = [0, 0, 0];

/** Reads the two forms in which a canvas returns colours: "#rrggbb" and "rgba(r, g, b, a)". A translucent colour is laid on white, a transparent one is none. */
export function parseColour(text: string): Colour | undefined {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [parseInt(hex[1]!, 16), parseInt(hex[2]!, 16), parseInt(hex[3]!, 16)];
  const rgba = /^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(text);
  const alpha = Number(rgba?.[4] ?? 0);
  if (!rgba || alpha === 0) return undefined;
  return mix(white, [Number(rgba[1]), Number(rgba[2]), Number(rgba[3])], alpha);
}

/** Returns the colour for CSS. */
export function cssColour(colour: Colour): string {
  return "#" + colour.map((part) => part.toString(16).padStart(2, "0")).join("");
}

/** Goes from one colour to another: share 0 is from, 1 is to. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * share);
  return [part(0), part(1), part(2)];
}

/** The contrast of two colours, from 1 to 21. See: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever reads better on a background: one of them always has a contrast of 4.5 or more. White wins where both have it. */
export function textOn(background: Colour): Colour {
  return contrast(white, background) >= 4.5 ? white : black;
}

/** Returns the colour itself or, where its contrast with the background is under ratio, the nearest to it towards black or white that has it. */
export function readableOn(background: Colour, colour: Colour, ratio: number): Colour {
  const end = textOn(background);
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, end, share);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return end;
}
