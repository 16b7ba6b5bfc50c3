import { attribute, attributeOf, hasAttribute } from "./dom.js";
import { attributeFor, standing } from "./selectors.js";

/**
 * No field of the mirror is one that a browser fills. There is no form and none for a password, none has a name but radio buttons, and where
 * something could be written it is read-only. Style sheets ask for attributes that say what the customer's has instead.
 */

/** Types that look like one line of text, and are filled. */
const filled = new Set(["password", "email", "tel", "url"]);

/** Types in which nothing is written, or only numbers and dates. */
const unwritten = new Set(["hidden", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button", "number", "date", "datetime-local", "month", "week", "time"]);

/** What has a name that browsers go by. */
const named = new Set(["input", "textarea", "select", "button", "fieldset", "output"]);

const editable = attributeFor("editable");

/** Whether an attribute of an element is set by stand only. */
export function isStanding(element: Element, name: string): boolean {
  return named.has(element.localName) && (name === "name" || (element.localName === "input" || element.localName === "textarea") && standing.has(name));
}

/** Notes an attribute as the customer's page has it, and gives a field what follows from it. */
export function stand(element: Element, name: string, value: string | undefined): void {
  attribute(element, null, attributeFor(name), value);
  if (isStanding(element, name)) arrange(element);
}

/** Gives a field what follows from what is noted. */
export function arrange(element: Element): void {
  const said = element.localName === "input" ? attributeOf(element, attributeFor("type")) : null;
  const type = (said ?? "text").toLowerCase();
  const readonly = hasAttribute(element, attributeFor("readonly"));
  const written = !unwritten.has(type);
  set(element, "name", type === "radio" ? attributeOf(element, attributeFor("name")) : null);
  if (element.localName === "input") set(element, "type", filled.has(type) ? "text" : said);
  if (element.localName !== "input" && element.localName !== "textarea") return;
  set(element, "readonly", written || readonly ? "" : null);
  set(element, editable, written && !readonly ? "" : null);
}

function set(element: Element, name: string, value: string | null): void {
  if (attributeOf(element, name) !== value) attribute(element, null, name, value ?? undefined);
}
