/** The pseudo-classes of which the sender tells what matches them. In style sheets an attribute stands for them. */
export const told =
  ":(?:(?:hover|active|focus|focus-visible|focus-within|target|(?:user-)?(?:in)?valid|(?:-webkit-)?autofill|defined|open|fullscreen|-webkit-full-screen|picture-in-picture|" +
  "interest-(?:source|target)|playing|paused|muted|seeking|buffering|stalled|volume-locked)(?![-\\w(\\\\])|state\\(\\s*[-\\w]+\\s*\\))";

/** The simple selector for a pseudo-class, of the same specificity. */
export function selectorFor(pseudo: string): string {
  const selector = `[${attributeFor(pseudo.slice(1))}]`;
  switch (pseudo) {
    case ":defined":
      return `:not(${selector})`;
    case ":open":
      // Dialogs and details are open here too.
      return `:is(:open, ${selector})`;
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
