import { titles, type Tag } from "./page/tongue.js";
import type { QwelpBranding, QwelpPosition } from "./settings.gen.js";

/** What a field may hold: the rules of the Go package sender, where they are explained. */
export type Rule = (value: unknown) => boolean;

/** What the support button needs to know of the settings: all else waits for the press. */
export type Look = Pick<QwelpBranding, "primaryColor" | "dialogTitle" | "position" | "cornerRadius" | "font" | "zIndex" | "button">;

export const matches = (shape: RegExp): Rule => (value) => typeof value === "string" && shape.test(value);

/** Text of at most max characters without control characters; line breaks and tabs are none. */
export function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && [...value].length <= max && !/[^\P{Cc}\t\n\r]/u.test(value);
}

/** The ways to write a colour that every browser knows, without the keywords that mean another colour elsewhere. */
const colourShape = /^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i;

/** isColour tells what the browser's style sheets take for a colour. */
export const colourRule = (isColour: (text: string) => boolean): Rule => (value) => isText(value, 100) && colourShape.test(value) && isColour(value);

const family = `[a-z-][\\w-]*( [\\w-]+)*|"[\\w .-]+"|'[\\w .-]+'`;

export const lookRules = (isColour: (text: string) => boolean): Record<keyof Look, Rule> => ({
  primaryColor: colourRule(isColour),
  dialogTitle: (value) => isText(value, 100),
  position: matches(/^(top|bottom)-(left|right)$/),
  cornerRadius: matches(/^(0|\d\d?(\.\d{1,3})?(px|em))$/),
  font: matches(new RegExp(`^(?!.{201})(${family})(, ?(${family}))*$`, "i")),
  button: matches(/^none$/),
  zIndex: (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31,
});

/** Returns what a page has given of the look so far: of each field the last that holds what it may. */
export function lookOf(given: readonly unknown[], isColour: (text: string) => boolean): Look {
  const look: Record<string, unknown> = {};
  for (const settings of given as readonly ({ branding?: Record<string, unknown> } | undefined)[]) {
    try {
      for (const [name, rule] of Object.entries(lookRules(isColour))) {
        const value = settings?.branding?.[name];
        if (value && rule(value)) look[name] = value;
      }
    } catch {
      // What cannot be read is named when the session needs it.
    }
  }
  return look;
}

/** The colour of our buttons. */
export const primaryColor = (look: Look): string => look.primaryColor ?? "#0b57d0";

/** The corner for button and dialog, on a page that is read in that direction. */
export const position = (look: Look, dir: string): QwelpPosition => look.position ?? (dir === "rtl" ? "bottom-left" : "bottom-right");

/** The name of the support button and its dialog, on a page in that language. */
export const dialogTitle = (look: Look, tag: Tag): string => look.dialogTitle ?? titles[tag];
