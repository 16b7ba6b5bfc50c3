import { MaxDepth } from "./wire.gen.js";

/** WireError says that a message was malformed. It names the field, never its value. */
export class WireError extends Error {}

/**
 * Shape of a JSON value: a JavaScript type, "object" for an open one, "=a|b" for one of these strings, [shape] for an array, or the fields
 * of an object, whose key ends in "?" when it may be missing.
 */
export type Shape = string | readonly [Shape] | { readonly [key: string]: Shape };

/** Reads a message whose type is a key of shapes. Undefined: an unknown type. Throws WireError. */
export function decode(text: string, shapes: Readonly<Record<string, Shape>>): unknown {
  if (depth(text) > MaxDepth) throw new WireError(`nested deeper than ${MaxDepth}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WireError("not JSON");
  }
  if (!isObject(value) || typeof value["type"] !== "string" || value["type"] === "") throw new WireError("type: missing");
  const type = value["type"];
  if (!Object.hasOwn(shapes, type)) return undefined;
  check(value, shapes[type]!, type);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(value: unknown, shape: Shape, path: string): void {
  if (typeof shape === "string") {
    const ok = shape.startsWith("=")
      ? typeof value === "string" && shape.slice(1).split("|").includes(value)
      : shape === "object" ? isObject(value) : shape === "number" ? Number.isSafeInteger(value) : typeof value === shape;
    if (!ok) throw new WireError(`${path}: not ${shape}`);
  } else if (isArray(shape)) {
    if (!Array.isArray(value)) throw new WireError(`${path}: not a list`);
    for (const item of value) check(item, shape[0], path);
  } else {
    if (!isObject(value)) throw new WireError(`${path}: not an object`);
    for (const [key, inner] of Object.entries(shape)) {
      const name = key.replace("?", "");
      if (Object.hasOwn(value, name)) check(value[name], inner, `${path}.${name}`);
      else if (name === key) throw new WireError(`${path}.${name}: missing`);
    }
  }
}

/** How deep brackets nest in JSON text; one pass, so that a hostile text costs no more than an honest one. */
function depth(text: string): number {
  let level = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === "{" || c === "[") deepest = Math.max(deepest, ++level);
    else if (c === "}" || c === "]") level--;
  }
  return deepest;
}

function isArray(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
