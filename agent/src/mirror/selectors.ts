import { globalAttributes, htmlAttributes, isInert, mathAttributes, svgAttributes } from "./names.js";

/** The pseudo-classes of which the sender tells what matches them. In style sheets an attribute stands for them. */
export const told =
  ":(?:(?:hover|active|focus|focus-visible|focus-within|target|(?:user-)?(?:in)?valid|(?:-webkit-)?autofill|defined|open|fullscreen|-webkit-full-screen|picture-in-picture|" +
  "interest-(?:source|target)|playing|paused|muted|seeking|buffering|stalled|volume-locked)(?![-\\w(\\\\])|state\\(\\s*[-\\w]+\\s*\\))";

/** Attributes that fields of the mirror do not have as the customer's do. In style sheets others stand for them. */
export const standing: ReadonlySet<string> = new Set(["type", "name", "readonly"]);

/** Those that elements have under their own name, though not always with the value that the customer's have. */
const changed = new Set(["href", "popover", "usemap"]);
const own = new Set([...globalAttributes, ...htmlAttributes, ...svgAttributes, ...mathAttributes].map((name) => name.toLowerCase()));

/** Whether elements have an attribute under its own name, of which nothing comes where it means nothing. */
export function hasOwnName(name: string): boolean {
  return own.has(name.toLowerCase()) || isInert(name);
}

/**
 * The name of the attribute that style sheets ask for in place of one which means something to browsers, or which no element of the mirror has;
 * undefined: it is asked for by its own name.
 */
export function standInFor(name: string): string | undefined {
  const known = name.toLowerCase();
  if (standing.has(known)) return attributeFor(known);
  if (!changed.has(known) && hasOwnName(known)) return undefined;
  // Two hyphens: it is no pseudo-class.
  return `qwelp--${known}`;
}

/** Attributes of HTML whose values style sheets compare without regard to case. */
export const caseless: ReadonlySet<string> = new Set(
  "accept accept-charset axis charset codetype declare defer enctype http-equiv language method nohref noresize rev target type valuetype vlink".split(" "));

/** Pseudo-classes that ask for what fields of the mirror are otherwise than the customer's. */
export const answered = ":(?:read-(?:only|write)|default)(?![-\\w(\\\\])";

/** The simple selector for a pseudo-class, of the same specificity. */
export function selectorFor(pseudo: string): string {
  const selector = `[${attributeFor(pseudo.slice(1))}]`;
  switch (pseudo.toLowerCase()) {
    case ":defined":
      return `:not(${selector})`;
    case ":open":
      // Dialogs and details are open here too.
      return `:is(:open, ${selector})`;
    case ":default":
      return `:is(:default, ${selector})`;
    case ":read-write":
      return `${anything}:where(:read-write, [qwelp-editable]:enabled)`;
    case ":read-only":
      return `${anything}:where(:read-only:not([qwelp-editable]:enabled))`;
    default:
      return selector;
  }
}

/** As specific as a pseudo-class, and always true. */
export const anything = ":not([qwelp-none])";

/** What exportparts has to name besides, so that parts can be asked for what they match: see Pseudo. */
export const exported = ["hover", "active", "focus", "focus-visible", "focus-within", "valid", "invalid", "user-valid", "user-invalid", "open"]
  .map((name) => `, ${attributeFor(name)}`).join("");

/** The attribute that stands for a pseudo-class. */
export function attributeFor(name: string): string {
  return `qwelp-${name.toLowerCase().replace(/[()\s]+/g, " ").trim().replace(" ", "-")}`;
}
