import { registry } from "../page/registry.js";
import { isQuiet, quietly } from "./quiet.js";
import { nameOf, shadowOf } from "./nodes.js";

type Realm = Window & typeof globalThis;

/** What a page does that no event and no observer tells. Nothing it throws reaches the page. */
export interface PageListener {
  /** A sheet, or any sheet, may be another now; rule: no other of its rules is. */
  edited(sheet: CSSStyleSheet | undefined, how: Edit, rule: CSSRule | undefined): void;
  adopted(root: Document | ShadowRoot): void;
  /** An element may have got a shadow root. */
  attached(host: Element): void;
  /** A custom element may have other states, or be defined; a field may hold something else; the page may have another address. */
  stated(): void;
  /** Script has written this into a sheet. */
  given(css: string): void;
}

/** Switched on or off; rules put in or out; rules edited; the page has taken what it may edit them with later. */
export type Edit = "switched" | "inserted" | "edited" | "taken";

/** Interfaces of style sheets and of what is in them, and how their methods are called that change something. */
const sheets = /^(CSS\w*(Rule|Sheet|Declarations?)|StyleSheet|StylePropertyMap|MediaList)$/;
const edits = /^(insert|delete|append|set|remove|replace|add|clear)/;

/** Methods and properties of other interfaces. */
const others = new Map([
  ["Element", "attachShadow"], ["HTMLElement", "attachInternals"], ["Document", "adoptedStyleSheets"], ["ShadowRoot", "adoptedStyleSheets"],
  ["CustomElementRegistry", "define"], ["CustomStateSet", "add clear delete"], ["HTMLStyleElement", "disabled"],
  ["HTMLInputElement", "value checked indeterminate valueAsNumber valueAsDate stepUp stepDown setRangeText"], ["HTMLTextAreaElement", "value setRangeText"],
  ["HTMLSelectElement", "value selectedIndex"], ["HTMLOptionElement", "selected"], ["History", "pushState replaceState"],
]);
/** Of which only their state is another afterwards. */
const stateful = /^(Custom|History|HTML(Input|TextArea|Select|Option))/;

const { apply } = Reflect;
const functionText = Function.prototype.toString;
const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object; // the safe ones: natives.ts
/** What stands in for a function of the page's, and the function. */
export const natives = new WeakMap<object, object>();
const closed = new WeakMap<Element, ShadowRoot>();
const internals = new WeakMap<Element, ElementInternals>();

/** Elements whose internals we took, since nobody else had. */
const taken = new WeakSet<object>();

/**
 * The shadow root of an element, also a closed one: that was attached, or whose internals were, while a hook was in place; and that of a
 * custom element whose class never asks for its internals; and those that the page keeps for us.
 */
export function rootOf(element: Element): ShadowRoot | null {
  const root = shadowOf(element) ?? closed.get(element) ?? registry().roots?.get(element);
  if (root) return root;
  if (nameOf(element).includes("-") && !internals.has(element) && !asks(element.constructor)) take(element as HTMLElement);
  return internals.get(element)?.shadowRoot ?? null;
}

function take(element: HTMLElement): void {
  try {
    internals.set(element, element.attachInternals());
    taken.add(element);
  } catch {
    // Somebody else has them, or the class forbids it.
  }
}

const asking = new WeakMap<object, boolean>();

/** Whether a class, or one that it extends, has code of its own that could ask for internals: they are given out once. */
function asks(type: object): boolean {
  let known = asking.get(type);
  if (known === undefined) {
    try {
      const text = apply(functionText, type, []);
      known = text.includes("attachInternals") || (!text.includes("[native code]") && asks(getPrototypeOf(type) as object));
    } catch {
      known = true; // No class at all.
    }
    asking.set(type, known);
  }
  return known;
}

/**
 * Listens to calls of a function, or of the getter or setter of a property: after is called when one has been made. The function stays what it
 * is to whoever looks: name, length, text, results and errors. Pushes what takes the hook out again.
 */
export function wrap(undo: (() => void)[], owner: object, name: string, key: "value" | "get" | "set", after: After): void {
  const before = getOwnPropertyDescriptor(owner, name);
  const native = before?.[key] as ((...args: unknown[]) => unknown) | undefined;
  if (!native || !before?.configurable) return;
  let on = true;
  const proxy = new Proxy(native, {
    apply(target, self, args) {
      if (name === "attachInternals" && taken.delete(self as object)) return internals.get(self as Element);
      const result: unknown = apply(target, name === "toString" ? (natives.get(self as object) ?? self) : self, args);
      try {
        if (on && !isQuiet()) quietly(() => after(self, result, args));
      } catch {
        // Ours alone.
      }
      return result;
    },
  });
  natives.set(proxy, native);
  defineProperty(owner, name, { ...before, [key]: proxy });
  undo.push(() => {
    on = false;
    const now = getOwnPropertyDescriptor(owner, name);
    // Whoever has wrapped it in the meantime keeps what is by now the function itself.
    if (now?.[key] === proxy) defineProperty(owner, name, { ...now, [key]: native });
  });
}

/** Listens to what a realm's pages call that capture has to know. Returns what takes the hooks out again. */
export function hook(realm: Realm, heard: PageListener): () => void {
  const undo: (() => void)[] = [];
  for (const type of getOwnPropertyNames(realm)) {
    const names = others.get(type);
    const owner = names || sheets.test(type) ? (realm as unknown as Record<string, { prototype?: object } | undefined>)[type]?.prototype : undefined;
    for (const name of owner ? (names?.split(" ") ?? getOwnPropertyNames(owner)) : []) {
      const after = listener(type, name, heard);
      if (names || edits.test(name)) wrap(undo, owner!, name, "value", after);
      // Where each property of a style has a setter, there are hundreds, and elements' own styles are set often.
      if (type !== "CSSStyleDeclaration" || name === "cssText") wrap(undo, owner!, name, "set", after);
      // What is handed out can be changed without a further call.
      if (/^(style|adopted)/.test(name)) wrap(undo, owner!, name, "get", after);
    }
  }
  wrap(undo, realm.Function.prototype, "toString", "value", () => undefined);
  return () => {
    for (const each of undo) each();
  };
}

export type After = (self: unknown, result: unknown, args: unknown[]) => void;

function listener(type: string, name: string, heard: PageListener): After {
  switch (name) {
    case "attachShadow":
      return (host, root) => {
        closed.set(host as Element, root as ShadowRoot);
        heard.attached(host as Element);
      };
    case "attachInternals":
      return (host, own) => {
        internals.set(host as Element, own as ElementInternals);
        heard.attached(host as Element);
      };
    case "adoptedStyleSheets":
      return (root) => heard.adopted(root as Document);
  }
  if (stateful.test(type)) return () => heard.stated();
  // What replace() was given becomes the rules some time later.
  const how = name === "disabled" ? "switched" : /^(style|replace$)/.test(name) ? "taken" : /Sheet(insert|delete)Rule$/.test(type + name) ? "inserted" : "edited";
  return (self, _, args) => {
    if (/^(insertRule|addRule|replace)/.test(name)) heard.given(name === "addRule" ? `${args[0] as string}{${args[1] as string}}` : String(args[0]));
    const { parentRule, parentStyleSheet, sheet } = self as { parentRule?: CSSRule | null; parentStyleSheet?: CSSStyleSheet | null; sheet?: CSSStyleSheet };
    // An element's own style: its attribute tells.
    if (type === "CSSStyleDeclaration" && !parentRule) return;
    let top = parentRule?.parentStyleSheet ?? parentStyleSheet ?? sheet ?? (/Sheet$/.test(type) ? (self as CSSStyleSheet) : undefined);
    const rule = type === "MediaList" || /Sheet$/.test(type) ? undefined : outermost(parentRule ?? (self as CSSRule));
    while (top?.parentStyleSheet) top = top.parentStyleSheet;
    heard.edited(top, how, rule);
  };
}

/** The rule of a whole sheet that holds a rule; imported sheets are held by what imports them. */
function outermost(rule: CSSRule): CSSRule | undefined {
  let top: CSSRule | undefined;
  for (let next: CSSRule | null | undefined = rule; next; next = next.parentRule ?? next.parentStyleSheet?.ownerRule) top = next;
  return top?.parentStyleSheet ? top : undefined;
}
