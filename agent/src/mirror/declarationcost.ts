/** Steps of 10 ns that a browser takes for an element because of what is declared for it, beyond what any declaration takes. */
export function declarationSteps(text: string): number {
  if (!dear.test(text)) return 0;
  let steps = 0;
  for (const [, name, value] of text.toLowerCase().matchAll(/(?:^|[;{])\s*(-?[a-z][-a-z]*)\s*:([^;{}]*)/g)) {
    steps += stepsOf(name!.replace(/^-(?:webkit|moz)-/, ""), value!);
  }
  return steps;
}

const dear = /anim|filter|mask|clip|shadow|gradient|grid|column|content|blend|reflect|path|background|shape|counter|anchor|position-area/i;

const animation = 25_000;
const blurred = 500_000;
const pixel = 10_000; // of a blur, in each direction
const drawn = 5_000; // a filter, a mask, a layer of its own
const layer = 500;
const gradient = 50_000; // beside those that are usual
const line = 100; // of a grid
const letter = 25;
const nested = 20_000; // counters of elements as deep as they may be
const anchored = 100_000; // to find an anchor among many
const segment = 3; // of a path, for each character

function stepsOf(name: string, value: string): number {
  if (/^position-(?:anchor|area)$/.test(name) || /anchor(?:-size)?\(/.test(value)) return anchored;
  const layers = layer * (value.split(",").length - 1);
  switch (name) {
    case "animation":
    case "animation-name":
      return /^\s*(?:none|initial|inherit|unset|revert)\b/.test(value) ? 0 : animation * value.split(/,(?![^(]*\))/).length;
    case "filter":
    case "backdrop-filter":
      return blurred * count(value, /blur\(|drop-shadow\(|url\(/g) + drawn * count(value, /\w\(/g)
        + pixel * Array.from(value.matchAll(/[\d.]+(?:e\d+)?(?=px|r?em|v[wh]|in|cm|mm|pt|pc)/g), ([length]) => Math.min(1_000, Number(length))).reduce((sum, length) => sum + length, 0);
    case "mask":
    case "mask-image":
    case "mix-blend-mode":
    case "box-reflect":
    case "clip-path":
      return /^\s*(?:none|normal)\b/.test(value) ? 0 : drawn + layers + segment * value.length;
    case "content":
      return letter * value.length + nested * count(value, /counters\(/g);
    case "column-count":
    case "columns":
      return largest(value) > 20 ? 10 * line * largest(value) : 0;
    case "box-shadow":
    case "text-shadow":
    case "background":
    case "background-image":
    case "border-image":
    case "shape-outside":
    case "offset-path":
    case "d":
      return layers > 20 * layer || value.length > 10_000 ? layers + segment * value.length + gradient * count(value, /gradient\(/g) : 0;
    default:
      return name.startsWith("grid") && largest(value) > 100 ? line * largest(value) * (1 + count(value, /repeat\(/g)) : 0;
  }
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

/** The largest number that stands alone. */
function largest(value: string): number {
  return (value.match(/(?<![-\w.#])\d+(?:e\+?\d+)?(?![-\w.%])/g) ?? []).reduce((most, number) => Math.max(most, Number(number)), 0);
}
