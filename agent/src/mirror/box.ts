import { attribute } from "./dom.js";

/** The attribute by which the sender tells that an element is redacted or hidden, and the size it has. */
export const boxAttribute = "data-qwelp-box";

const shape = /^(redacted|hidden|failed)((?: -?\d{1,7}(?:\.\d{1,2})?){2}|(?: -?\d{1,7}(?:\.\d{1,2})?){5})?$/;
const boxes = new WeakMap<Element, string>();

/** Has an element keep the size that it has on the customer's page, and show that something is hidden, to people who see it and who do not. */
export function setBox(element: Element, value: string | undefined): void {
  if (value === undefined || !shape.test(value)) return;
  boxes.set(element, value);
  attribute(element, null, "aria-label", value === "failed" ? "Could not be shown" : "Hidden");
  showBox(element);
}

/** Does so again after the element's style has been set. */
export function showBox(element: Element): void {
  const [, kind, numbers] = shape.exec(boxes.get(element) ?? "") ?? [];
  if (!kind) return;
  const style = styleOf(element);
  const set = (name: string, value: string): void => style?.setProperty(name, value, "important");
  set("background-image", "repeating-linear-gradient(135deg, rgb(128 128 128 / 0.3) 0 5px, rgb(128 128 128 / 0.12) 5px 10px)");
  if (kind !== "redacted") attribute(element, null, "role", "img");
  if (kind === "failed") for (const [name, size] of [["display", "inline-block"], ["width", "24px"], ["height", "24px"]] as const) set(name, size);
  if (!numbers) return;
  const [width, height, top, bottom, line] = numbers.trim().split(" ").map((number) => `${number}px`);
  for (const edge of ["", "min-", "max-"]) {
    set(`${edge}width`, width!);
    set(`${edge}height`, height!);
  }
  set("flex", "none");
  // A text area without scrolling would stand on another base line.
  if (element.localName !== "textarea") set("overflow", "clip");
  if (line === undefined) return;
  set("display", "inline-block");
  set("box-sizing", "border-box");
  set("white-space", "nowrap");
  set("margin-top", top!);
  set("margin-bottom", bottom!);
  set("line-height", line);
  if (!element.firstChild) set("vertical-align", "top");
}

/** The element's own style; a form's field of that name is in front of it. */
function styleOf(element: Element): CSSStyleDeclaration | undefined {
  for (const { prototype } of [HTMLElement, SVGElement, MathMLElement]) {
    try {
      return Object.getOwnPropertyDescriptor(prototype, "style")?.get?.call(element) as CSSStyleDeclaration;
    } catch {
      continue;
    }
  }
  return undefined;
}
