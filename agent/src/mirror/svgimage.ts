import { excess, referencesOf } from "./instances.js";
import { maxInstances, maxSteps, maxSVG } from "./limits.js";
import { readRules } from "./rules.js";
import { survey, type Looks, type Part } from "./survey.js";

const mostEntities = 1 << 20; // characters that entities may add
const mostMoving = 500; // elements that SMIL moves

/**
 * Reads an image in SVG, and returns one that shows the same and costs no more than an image may; undefined: it costs more. What is returned says
 * nothing of its encoding: it is UTF-8, as it was read.
 */
export async function boundedSVG(blob: Blob): Promise<Blob | undefined> {
  if (blob.size > maxSVG) return undefined;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const encoding = bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : declared(bytes);
  const text = new TextDecoder(encoding).decode(bytes).replace(/^\s*<\?xml[^>]*\?>/, "");
  if (entitiesOf(text) > mostEntities) return undefined;
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  return isBounded(documentElement) ? new Blob([text], { type: blob.type }) : undefined;
}

/** The encoding that an XML declaration names, as far as browsers know it. */
function declared(bytes: Uint8Array): string {
  const begin = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const name = /^\s*<\?xml[^>]*encoding\s*=\s*["']([-\w]+)["']/.exec(begin)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return "utf-8";
  }
}

/** How many characters the entities add that a document declares; Infinity when there are some within others. */
export function entitiesOf(text: string): number {
  if (!text.includes("<!ENTITY")) return 0;
  let longest = 0;
  for (const [, , value] of text.matchAll(/<!ENTITY\s+[^\s"']+\s*(["'])([^]*?)\1/g)) {
    if (/[&%]/.test(value!)) return Infinity;
    longest = Math.max(longest, value!.length);
  }
  return longest * (text.split("&").length - 1);
}

/** Whether an image costs no more than one may. */
export function isBounded(root: Element): boolean {
  let depth = 0;
  let moving = 0;
  const byId = new Map<string, Part[]>();
  const referring: Looks[] = [];
  const sheets: string[] = [];
  const top: Draft = { kind: "document", node: undefined, first: undefined, younger: undefined };
  const stack: { readonly element: Element; readonly part: Draft; readonly deep: number }[] = [{ element: root, part: (top.first = partOf(root)), deep: 1 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { element, part, deep } = next;
    depth = Math.max(depth, deep);
    if (/^(?:animate|set$)/.test(element.localName)) moving++;
    if (element.localName === "style") sheets.push(element.textContent ?? "");
    const id = element.getAttribute("id");
    if (id !== null) {
      const same = byId.get(id);
      if (same) same.push(part);
      else byId.set(id, [part]);
    }
    if (referencesOf(element).length > 0) referring.push(element);
    let last: Draft | undefined;
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) {
      const made = partOf(child);
      if (last) last.younger = made;
      else part.first = made;
      last = made;
      stack.push({ element: child, part: made, deep: deep + 1 });
    }
  }
  if (depth > deepest || moving > mostMoving) return false;
  const { steps, refs } = survey(top, sheets.map((css) => ({ sheet: css, scope: top, rules: readRules(css).rules })));
  return steps <= maxSteps / 10 && excess((id) => byId.get(id) ?? [], referring, refs, maxInstances).out.size === 0;
}

const deepest = 256;

type Draft = { -readonly [K in keyof Part]: Part[K] };

function partOf(element: Element): Draft {
  return { kind: "element", node: element, first: undefined, younger: undefined };
}
