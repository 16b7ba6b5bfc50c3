import { closing, splitTop, unescape } from "./css.js";

/** A selector without its pseudo-element: which elements may show what its rule says. */
export interface Subject {
  /** What the elements match, for querySelectorAll of the root of the sheet. */
  readonly selector: string;
  /** Such as "::before"; "" for the elements themselves. */
  readonly pseudo: string;
  /** Elements that this finds are not in the root itself: its host, what is slotted, parts of shadow roots inside. */
  readonly outside: "" | "host" | "slotted" | "part";
  /** Classes without which nothing matches, in lower case. */
  readonly classes: readonly string[];
}

/** The subjects of a selector list; of a nested rule, within those of the rule around it. */
export function subjectsOf(list: string, around: readonly Subject[] = []): Subject[] {
  const parents = around.map(({ selector }) => selector).join();
  return splitTop(list).map((selector) => subjectOf(parents ? within(selector.trim(), parents) : selector.trim()));
}

/** The selector of a nested rule as one of its own. */
function within(selector: string, parents: string): string {
  const parent = `:is(${parents})`;
  return selector.includes("&") ? selector.split("&").join(parent) : `${parent} ${selector}`;
}

const legacy = /^:(before|after|first-line|first-letter)$/i;

function subjectOf(text: string): Subject {
  let selector = text;
  let pseudo = "";
  let outside: Subject["outside"] = text.includes(":host") ? "host" : "";
  const token = /\\[^]|\[|\(|::?[-\w]+/g;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [name] = match;
    if (name === "[" || name === "(") token.lastIndex = closing(text, token.lastIndex);
    else if (name === "::slotted" || name === "::part") {
      outside = name === "::part" ? "part" : "slotted";
      selector = "*";
    } else if (name.startsWith("::") || legacy.test(name)) {
      pseudo = name.replace(/^:(?!:)/, "::").toLowerCase();
      if (selector === text) selector = text.slice(0, match.index);
      break;
    }
  }
  if (/(^|[\s>+~|])$/.test(selector)) selector += "*";
  return { selector, pseudo, outside, classes: outside === "slotted" || outside === "part" ? [] : classesOf(selector) };
}

/** The classes that stand outside of parentheses and brackets. */
function classesOf(selector: string): string[] {
  const classes: string[] = [];
  const token = /\[|\(|\.((?:[-\w\u0080-\uffff]|\\[^])+)|\\[^]/g;
  for (let match = token.exec(selector); match; match = token.exec(selector)) {
    if (match[0] === "[" || match[0] === "(") token.lastIndex = closing(selector, token.lastIndex);
    else if (match[1]) classes.push(unescape(match[1]).toLowerCase());
  }
  return classes;
}
