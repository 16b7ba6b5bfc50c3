import { allIn } from "./nodes.js";
const fewest = 4; // boxes of a code
const mostBoxes = 12; // more are a puzzle
const levels = 4; // from a box up to what holds all

const groups = new WeakMap<Element, Element>();

/** Whether a field is one of the boxes, each for a character, in which a code is typed: neighbours alike, or alike to one that is secret. */
export function inCodeBoxes(field: Element, secrets: WeakSet<Element>): boolean {
  if (field.localName !== "input") return false;
  const single = isSingle(field as HTMLInputElement);
  const square = !single && isSquare(field as HTMLInputElement);
  if (!single && !alike(field as HTMLInputElement, field as HTMLInputElement)) return false;
  let group = field.parentElement;
  for (let level = 0; group && level < levels; level++, group = group.parentElement) {
    const boxes = [...(allIn(group, "input") as NodeListOf<HTMLInputElement>)].filter((box) => box === field || (single ? isSingle(box) : alike(box, field as HTMLInputElement)));
    if (boxes.length > mostBoxes) return false;
    if (boxes.length < fewest || !(single || boxes.some((box) => secrets.has(box)) || (square && boxes.every(isSquare) && !namedApart(boxes)))) continue;
    for (const box of boxes) if (!groups.has(box)) groups.set(box, group);
    return true;
  }
  return false;
}

/** Whether a field looks as if it were for one character, and has no more in it. */
function isSquare({ type, value, offsetWidth, offsetHeight }: HTMLInputElement): boolean {
  return /^(text|tel|number|search)$/.test(type) && value.length <= 1 && offsetWidth > 0 && offsetWidth <= 1.35 * offsetHeight && offsetWidth < 90;
}

/** Whether fields have labels that say what each is for, as those of margins or colours have. */
function namedApart(boxes: readonly HTMLInputElement[]): boolean {
  const said = boxes.map((box) => [box.placeholder, box.ariaLabel ?? box.getAttribute("aria-label"), ...Array.from(box.labels ?? [], ({ textContent }) => textContent)].join(" ").replace(/[\d\s]+/g, ""));
  return new Set(said).size > 1;
}

/** Whether a field is for one character. */
function isSingle({ maxLength, size, pattern }: HTMLInputElement): boolean {
  return maxLength === 1 || size === 1 || /^\^?(\\d|\[0-9\])(\{1\})?\$?$/.test(pattern);
}

/** All the boxes of a code that a field is one of. */
export function boxesWith(field: Element): Element[] | undefined {
  const group = groups.get(field);
  return group && [...(allIn(group, "input") as NodeListOf<HTMLInputElement>)].filter((box) => groups.get(box) === group);
}

/** Whether two fields differ by a number only, and are as narrow as a character needs. */
function alike(one: HTMLInputElement, other: HTMLInputElement): boolean {
  const shape = ({ type, className, name, id }: HTMLInputElement): string => [type, className, (name || id).replace(/\d/g, "")].join();
  return shape(one) === shape(other) && one.offsetWidth < 90;
}
