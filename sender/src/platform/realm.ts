/**
 * The platform's own getters and methods, whatever the page has put in their place: those of prototypes, taken once. Where one is not the browser's
 * any more it is taken from a fresh realm, that of an empty frame, which is removed again. An element may hide its own: so they are never read from it.
 */

type Types = Record<string, { readonly prototype: object } | undefined>;
type Owned = (self: any, ...args: any[]) => any;

const { apply } = Reflect;
const { getOwnPropertyDescriptor } = Object;
const functionText = Function.prototype.toString;
// Bound once: call, apply and bind may be others later.
const uncurry = Function.prototype.bind.bind(Function.prototype.call) as (method: unknown) => Owned;
const types = globalThis as unknown as Types;
const kept = ["Node", "Element", "Document", "ShadowRoot", "Text", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement"];
let fresh: Types | undefined;

/** The getter of a property, as a function of the object. */
export function getter<Self extends object, T>(type: string, name: string): (self: Self) => T {
  return taken(type, name) ?? ((self) => self[name as keyof Self] as T);
}

/** A method, to be called on the object. */
export function method<M>(type: string, name: string): M {
  const own = types[type] && of(types, type, name);
  return (own && !isNative(own, name) ? of(realm(), type, name) ?? own : own) as M;
}

/** undefined where there is no such platform, as in tests of what works without a browser. */
function taken(type: string, name: string): Owned | undefined {
  const own = of(types, type, name);
  if (own && isNative(own, name)) return uncurry(own);
  if (!types[type]) return undefined;
  return uncurry(of(realm(), type, name) ?? own);
}

function of(from: Types, type: string, name: string): unknown {
  const owner = from[type]?.prototype;
  const property = owner && getOwnPropertyDescriptor(owner, name);
  return property?.get ?? property?.value;
}

/** By its text, which has its name: that of a bound function does not. */
function isNative(value: unknown, name: string): boolean {
  try {
    return new RegExp(`^function (get )?${name}\\(\\)\\s*\\{\\s*\\[native code\\]\\s*\\}$`).test(apply(functionText, value, []));
  } catch {
    return false;
  }
}

function realm(): Types {
  if (fresh) return fresh;
  fresh = {};
  try {
    const frame = document.createElement("iframe");
    frame.style.display = "none";
    document.documentElement.appendChild(frame);
    const view = frame.contentWindow as unknown as Types;
    for (const type of kept) fresh[type] = view[type];
    document.documentElement.removeChild(frame);
  } catch {
    // The page forbids it: what it has must do.
  }
  return fresh;
}
