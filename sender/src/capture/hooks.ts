type Realm = Window & typeof globalThis;

/** What a page does that no event and no observer tells. Nothing it throws reaches the page. */
export interface Heard {
  /** A sheet, or any sheet, may be another now. */
  edited(sheet: CSSStyleSheet | undefined, how: Edit): void;
  adopted(root: Document | ShadowRoot): void;
  /** An element may have got a shadow root. */
  attached(host: Element): void;
  /** A custom element's states may have changed. */
  changed(): void;
}

/** Switched on or off; its rules edited; the page has taken what it may edit them with later. */
export type Edit = "switched" | "edited" | "taken";

/** Methods, and properties with a setter, by interface. */
const members = {
  Element: "attachShadow",
  HTMLElement: "attachInternals",
  Document: "adoptedStyleSheets",
  ShadowRoot: "adoptedStyleSheets",
  CustomStateSet: "add clear delete",
  StyleSheet: "disabled",
  HTMLStyleElement: "disabled",
  CSSStyleSheet: "insertRule deleteRule replace replaceSync addRule removeRule",
  CSSGroupingRule: "insertRule deleteRule",
  CSSStyleRule: "insertRule deleteRule selectorText style styleMap",
  CSSKeyframesRule: "appendRule deleteRule name",
  CSSKeyframeRule: "keyText style",
  CSSFontFaceRule: "style",
  CSSPageRule: "style",
  CSSNestedDeclarations: "style",
  CSSPositionTryRule: "style",
  CSSStyleDeclaration: "setProperty removeProperty cssText",
  StylePropertyMap: "append clear delete set",
  MediaList: "mediaText appendMedium deleteMedium",
};

const { apply } = Reflect;
const { defineProperty, entries, getOwnPropertyDescriptor } = Object;
const natives = new WeakMap<object, object>();
const closed = new WeakMap<Element, ShadowRoot>();
const internals = new WeakMap<Element, ElementInternals>();

/** The shadow root of an element, also a closed one that was attached, or whose internals were, while a hook was in place. */
export function rootOf(element: Element): ShadowRoot | null {
  return element.shadowRoot ?? closed.get(element) ?? internals.get(element)?.shadowRoot ?? null;
}

/**
 * Listens to what a realm's pages call. Their functions stay what they are to whoever looks: name, length, text, results and errors.
 * Returns what takes the hooks out again.
 */
export function hook(realm: Realm, heard: Heard): () => void {
  const undo: (() => void)[] = [];
  const wrap = (owner: object, name: string, key: "value" | "get" | "set", after: After): void => {
    const before = getOwnPropertyDescriptor(owner, name);
    const native = before?.[key] as ((...args: unknown[]) => unknown) | undefined;
    if (!native || !before?.configurable) return;
    let on = true;
    const proxy = new Proxy(native, {
      apply(target, self, args) {
        const result: unknown = apply(target, name === "toString" ? (natives.get(self as object) ?? self) : self, args);
        try {
          if (on) after(self, result);
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
  };
  for (const [type, names] of entries(members)) {
    const owner = (realm as unknown as Record<string, { prototype: object } | undefined>)[type]?.prototype;
    if (!owner) continue;
    for (const name of names.split(" ")) {
      const after = listener(type, name, heard);
      wrap(owner, name, "value", after);
      wrap(owner, name, "set", after);
      // What is handed out can be changed without a further call.
      if (/^(style|adopted)/.test(name)) wrap(owner, name, "get", after);
    }
  }
  wrap(realm.Function.prototype, "toString", "value", () => undefined);
  return () => {
    for (const each of undo) each();
  };
}

type After = (self: unknown, result: unknown) => void;

function listener(type: string, name: string, heard: Heard): After {
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
  if (type === "CustomStateSet") return () => heard.changed();
  // What replace() was given becomes the rules some time later.
  const how = name === "disabled" ? "switched" : /^(style|replace$)/.test(name) ? "taken" : "edited";
  return (self) => {
    const { parentRule, parentStyleSheet, sheet } = self as { parentRule?: CSSRule | null; parentStyleSheet?: CSSStyleSheet | null; sheet?: CSSStyleSheet };
    // An element's own style: its attribute tells.
    if (type === "CSSStyleDeclaration" && !parentRule) return;
    let top = parentRule?.parentStyleSheet ?? parentStyleSheet ?? sheet ?? (/Sheet$/.test(type) ? (self as CSSStyleSheet) : undefined);
    while (top?.parentStyleSheet) top = top.parentStyleSheet;
    heard.edited(top, how);
  };
}
