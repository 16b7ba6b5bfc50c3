import { each } from "../platform/lists.js";
import { getAttribute, nearest } from "./methods.js";
import type { secrecyOf as SecrecyOf, Secrecy } from "./names.js";
import { draw } from "./masked.js";
import { rootNode } from "./nodes.js";

const mostAround = 60; // fields
const mostLabel = 80; // characters: what is longer is a text
const bareCode = /^\s*(enter )?(the |your )?(code|c[oó]digo|codice|kod|код|コード|رمز|代码)\W*$/i;

/** How secret what is called so is: names.js, whose words come by themselves. Until they are there, all is secret. */
let secrecyOf: typeof SecrecyOf = () => 2;

/** Whether the app says that a field is none, whatever it is called. */
let isShown: (element: Element) => boolean = () => false;

/** Takes what the app says. */
export function showNamed(shown: typeof isShown): void {
  isShown = shown;
}

/** Takes what is called secret. */
export function know(names: typeof import("./names.js")): void {
  secrecyOf = names.secrecyOf;
  draw(names);
}

/** How secret an element is by its names and labels. */
export function secrecy(element: Element): Secrecy {
  const attribute = (name: string): string => getAttribute.call(element, name) ?? "";
  const filled = `${(element as HTMLInputElement).autocomplete ?? ""} ${attribute("autocomplete")}`;
  if (/(^|\s)(cc-(number|csc)|one-time-code)/i.test(filled)) return 2;
  // An old trick has browsers fill no search field.
  const search = (element as HTMLInputElement).type === "search" || /^(combobox|searchbox)$/.test(attribute("role"));
  if (!search && /(current|new)-password/i.test(filled)) return 2;
  let most: Secrecy = /(^|\s)cc-\S/i.test(filled) ? 1 : 0;
  if (isShown(element)) return most;
  const { called, labelled } = wordsFor(element);
  let others: string | undefined;
  const around = (): string => (others ??= wordsAround(element));
  for (const texts of [called, labelled]) for (const text of texts) {
    const found = text && text.length <= mostLabel ? secrecyOf(text, texts === called, around) : 0;
    if (found === 2) return 2;
    most ||= found;
  }
  return isNumeric(element as HTMLInputElement) && [...called, ...labelled].some((text) => bareCode.test(text ?? "")) ? 2 : most;
}

/** What a field is called by script, and by people. */
function wordsFor(element: Element): Record<"called" | "labelled", (string | null)[]> {
  const root = rootNode(element) as Partial<ShadowRoot>;
  const own = [element, ...(root.host ? [root.host] : [])];
  const called = each(own, (e) => ["name", "id", "formcontrolname", "ng-model", "data-testid"].map((name) => e.getAttribute(name)));
  const labelled = each(own, (e) => ["placeholder", "aria-label", "label", "title"].map((name) => e.getAttribute(name)));
  for (const id of (getAttribute.call(element, "aria-labelledby") ?? "").split(/\s+/)) labelled.push((id && (root as ShadowRoot).getElementById?.(id)?.textContent) || "");
  for (const label of (element as HTMLInputElement).labels ?? []) labelled.push(label.textContent);
  const before = element.previousSibling;
  labelled.push(before?.nodeType === Node.TEXT_NODE ? (before as Text).data : "", nearest(element, "td")?.previousElementSibling?.textContent ?? "");
  return { called, labelled };
}

/** What the other fields beside a field are called. */
function wordsAround(element: Element): string {
  const all = (nearest(element, "form, dialog, [role=dialog]") ?? element.ownerDocument).querySelectorAll("input, select");
  return each([...all].slice(0, mostAround).filter((one) => one !== element), (each) => {
    const { called, labelled } = wordsFor(each);
    return [...called, ...labelled, getAttribute.call(each, "autocomplete")];
  }).filter((text) => text && text.length <= mostLabel).join(" ");
}

function isNumeric({ inputMode, type, maxLength }: HTMLInputElement): boolean {
  return (inputMode === "numeric" || type === "tel" || type === "number") && maxLength >= 4 && maxLength <= 8;
}
