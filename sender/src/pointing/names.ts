import { getter } from "../platform/realm.js";

const longest = 60; // characters
const renderedText = getter<HTMLElement, string>("HTMLElement", "innerText");
const textOf = getter<Node, string | null>("Node", "textContent");

/** Returns what people call an element, as screen readers say it, in short; "" when it has no name. It stays on the customer's side. */
export function nameOf(element: Element): string {
  const root = element.getRootNode() as Document | ShadowRoot;
  const attribute = (name: string): string => element.getAttribute(name) ?? "";
  const field = element as HTMLInputElement;
  const byID = attribute("aria-labelledby").split(/\s+/).map((id) => (id && root.getElementById?.(id)?.textContent) || "").join(" ");
  const labels = Array.from(/^(input|select|textarea|button|meter|output|progress)$/.test(element.localName) ? (field.labels ?? []) : [], (label) => label.textContent).join(" ");
  const isButton = element.localName === "input" && /^(button|submit|reset)$/.test(field.type);
  // What a field holds is no name of it.
  const text = /^(input|select|textarea)$/.test(element.localName) ? "" : ("innerText" in element && renderedText(element as HTMLElement)) || textOf(element);
  for (const name of [byID, attribute("aria-label"), labels, attribute("alt"), isButton ? field.value : "", text, attribute("title"), attribute("placeholder")]) {
    const words = Array.from((name ?? "").slice(0, 1000).trim().replace(/\s+/g, " "));
    if (words.length > 0) return words.length > longest ? `${words.slice(0, longest - 1).join("")}…` : words.join("");
  }
  return "";
}
