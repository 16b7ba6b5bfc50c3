/** The pseudo-classes of which the sender tells what matches them. In style sheets an attribute stands for them. */
export const told =
  ":(?:(?:hover|active|focus|focus-visible|focus-within|target|(?:user-)?(?:in)?valid|(?:-webkit-)?autofill|defined)(?![-\\w(\\\\])|state\\(\\s*[-\\w]+\\s*\\))";

/** The simple selector for a pseudo-class, of the same specificity. */
export function selectorFor(pseudo: string): string {
  const selector = `[${attributeFor(pseudo.slice(1))}]`;
  return pseudo === ":defined" ? `:not(${selector})` : selector;
}

/** The attribute that stands for a pseudo-class. */
export function attributeFor(name: string): string {
  return `qwelp-${name.toLowerCase().replace(/[()\s]+/g, " ").trim().replace(" ", "-")}`;
}
