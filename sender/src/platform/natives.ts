/**
 * The built-in objects of every bundle of the sender, kept for all that come after session.js: pages replace them, add to Object.prototype what then
 * counts as a field of every descriptor, and to Array.prototype a toJSON. What is not the browser's any more is taken from an empty frame. It
 * stands at the beginning of session.js: see internal/tools/bundle.
 */

type Types = Record<string, any>;

// Those of the bundle behind it do not have their values yet.
const { Array, Function, Object, Reflect, Symbol, document } = window as unknown as Types;
const shared = ((window as unknown as Record<symbol, Types | undefined>)[Symbol.for("qwelp")] ??= {});
if (!shared["natives"]) {
  const functionText = Function.prototype.toString;
  const { keys, defineProperty, getOwnPropertyDescriptor, prototype } = Object as Types;
  const alone = (fields: object | undefined): any => fields && { __proto__: null, ...fields };
  let frame: HTMLIFrameElement | undefined;
  const own = (name: string): any => {
    const type = (window as unknown as Types)[name];
    try {
      // With its name: the text of a bound function looks like the browser's.
      if (/^function \w+\(\) {\s+\[native code/.test(Reflect.apply(functionText, type.stringify ?? type, []))) return type;
      if (!frame) {
        frame = document.createElement("iframe");
        document.documentElement.appendChild(frame);
      }
      return (frame!.contentWindow as unknown as Types)[name];
    } catch {
      return type; // The page forbids it: what it has must do.
    }
  };
  const json = own("JSON");
  const { parse, stringify: quote } = json;
  // A toJSON of arrays or of every object is one that the page has added; an object's own is its own business.
  const stringify = (value: any): string | undefined => {
    if (!value || typeof value !== "object") return quote(value);
    if (Array.isArray(value)) return `[${value.map((item: unknown) => stringify(item) ?? "null")}]`;
    if (value.toJSON && value.toJSON !== prototype.toJSON) return stringify(value.toJSON());
    return `{${(keys(value) as string[]).map((key) => [quote(key), stringify(value[key])]).filter((pair: unknown[]) => pair[1]).map((pair: unknown[]) => pair.join(":"))}}`;
  };
  const list = function (length: number) {
    return Array(length);
  } as any;
  Object.setPrototypeOf(list, Array);
  list.from = (items: Iterable<unknown>, change = (item: unknown, _: number): unknown => item) => [...items].map((item, i) => change(item, i));
  const natives: Types = (shared["natives"] = {
    JSON: { parse, stringify },
    Array: list,
    Object: {
      __proto__: Object, keys,
      entries: (of: Types) => keys(of).map((key: string) => [key, of[key]]),
      defineProperty: (of: object, name: PropertyKey, as: object) => defineProperty(of, name, alone(as)),
      getOwnPropertyDescriptor: (of: object, name: PropertyKey) => alone(getOwnPropertyDescriptor(of, name)),
    },
  });
  for (const name of ["Map", "Set", "WeakMap", "WeakSet", "Date"]) natives[name] = own(name);
  if (frame) document.documentElement.removeChild(frame);
}

export {};
