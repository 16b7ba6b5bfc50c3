import type { QwelpPrivacy, QwelpSettings } from "../settings.gen.js";
import { privateElsewhere } from "../places.js";
import { getAttribute, matches } from "./methods.js";
import { Hidden, Ignored, Open, Redacted, type Policy } from "./policy.js";
import { isSecret } from "./secret.js";
import type { Tree } from "./tree.js";

const attribute = "data-qwelp";
const words = ["unredact", "redact", "hide"] as const;
/**
 * Privacy tells the policy of nodes: what is said of the nearest ancestor of which something is said, across shadow roots and frames. The
 * stricter of host and slot counts for what is slotted. Nothing inside a hidden or ignored node is told.
 */
export class Privacy {
  /** Whether anything of this page may not be open; the attribute, where nothing else says so, is noticed when it comes. */
  used = false;
  private rules = "";
  private path = "";
  private base: Policy = Open;
  private selectors: readonly string[] = [];
  private any = "";
  private matched = new Map<Element, number>();
  private readonly roots = new Set<Document | ShadowRoot>();

  constructor(
    private readonly tree: Tree,
    private readonly settings: () => QwelpSettings,
  ) {}

  /** Whether the settings are others than those in use. */
  get outdated(): boolean {
    return this.rules !== this.told();
  }

  /** Whether the page is at another path now, by which the settings are others. */
  get moved(): boolean {
    if (location.pathname === this.path) return false;
    this.path = location.pathname;
    return this.outdated;
  }

  /** Whether all of the page is redacted of which nothing is said. */
  get byDefault(): boolean {
    return this.base !== Open;
  }

  reset(): void {
    const settings: QwelpPrivacy = this.settings().privacy ?? {};
    this.rules = this.told();
    this.path = location.pathname;
    this.base = settings.default === "private" ? Redacted : Open;
    this.selectors = words.map((word, kind) => (settings[word] ?? []).filter((selector) => this.valid(selector, kind)).join());
    this.any = this.selectors.filter(Boolean).join();
    this.matched.clear();
    this.roots.clear();
    this.used = !!(this.base || this.any);
  }

  private told(): string {
    const { privacy, frames } = this.settings();
    return JSON.stringify([privacy, frames]);
  }

  private valid(selector: string, kind: number): boolean {
    try {
      document.createDocumentFragment().querySelector(selector);
      return true;
    } catch {
      console.warn("qwelp: no selector:", selector);
      // Whoever set it had something to hide.
      if (kind) this.base = Redacted;
      return false;
    }
  }

  addRoot(root: Document | ShadowRoot): void {
    this.roots.add(root);
    this.used ||= !!root.querySelector(`[${attribute}]`);
  }

  /** Whose policy an attribute may decide, apart from selectors. */
  concerns(name: string): "all" | "fields" | undefined {
    if (name === attribute) this.used = true;
    return name === attribute ? "all" : /^(type|name|id|class|style|autocomplete|role|inputmode|contenteditable|maxlength|placeholder|aria-label|formcontrolname)$/.test(name) ? "fields" : undefined;
  }

  /** Whether policies have to be looked at, given whether anything of the page has changed: what some selectors match changes without. */
  watches(mutated: boolean): boolean {
    return this.used && (mutated || this.any.includes(":"));
  }

  /** The policy under which the mirror has a node. */
  sent(node: Node): Policy {
    return this.tree.get(node)?.policy ?? Open;
  }

  /** The policy of a node now. Ancestors are as the mirror has them, unless live. */
  of(node: Node, live = false): Policy {
    const own = node.nodeType === Node.ELEMENT_NODE ? this.own(node as Element) : this.framed(node);
    const above = this.used ? this.above(node, live) : Open;
    return (above >= Hidden || own < 0 ? above : own) as Policy;
  }

  /** The policy that an element itself is given; -1: none. */
  private own(element: Element): number {
    const said = getAttribute.call(element, attribute);
    let policy = -1;
    if (said !== null) {
      const kind = words.indexOf(said as "hide");
      policy = said === "ignore" ? Ignored : kind < 0 ? Redacted : kind;
      this.used = true;
    }
    if (this.any && matches.call(element, this.any)) {
      this.selectors.forEach((selector, kind) => {
        if (kind > policy && selector && matches.call(element, selector)) policy = kind;
      });
    }
    return policy < Redacted && isSecret(element) ? Redacted : policy;
  }

  /** The policy that a document in a frame is given, by its path; -1: none. */
  private framed(node: Node): number {
    if (node.nodeType !== Node.DOCUMENT_NODE || node === document || !privateElsewhere((node as Document).location?.pathname ?? "/")) return -1;
    this.used = true;
    return Redacted;
  }

  private above(node: Node, live: boolean): Policy {
    if (node === document) return this.base;
    const around = node.parentNode ?? (node as ShadowRoot).host ?? (node as Document).defaultView?.frameElement;
    const slot = (node as Element).assignedSlot;
    const of = (outer: Node): Policy => (!live && this.tree.id(outer) ? this.sent(outer) : this.of(outer, live));
    const policy = around ? of(around) : this.base;
    return slot ? (Math.max(policy, of(slot)) as Policy) : policy;
  }

  /**
   * Of the mirror's nodes, those whose policy is another now, and nodes that may have become part of it: by what is said of the elements
   * in changed, by having come to one of parents, or by what selectors match.
   */
  outdatedNodes(changed: Iterable<Element>, parents: Iterable<Node>): Node[] {
    const suspects = new Set<Node>(changed);
    const moved = new Set<Node>();
    const add = (parent: Node, to: Set<Node>): void => {
      for (let child = parent.firstChild; child; child = child.nextSibling) {
        const entry = this.tree.get(child);
        if (entry && (to === suspects || entry.parent !== parent)) to.add(child);
      }
    };
    if (this.used) {
      for (const parent of parents) add(parent, moved);
      const now = new Map<Element, number>();
      for (const root of this.roots) {
        if (!this.tree.id(root)) this.roots.delete(root);
        else {
          if (this.any) for (const element of root.querySelectorAll(this.any)) now.set(element, this.own(element));
          if ("host" in root) add(root.host, suspects);
        }
      }
      for (const element of [...now.keys(), ...this.matched.keys()]) if (now.get(element) !== this.matched.get(element)) suspects.add(element);
      this.matched = now;
    }
    // What surrounds a moved node may have another policy itself by now, which the mirror does not have yet.
    return [...suspects, ...moved].filter((node) => !this.tree.id(node) || this.of(node, moved.has(node)) !== this.sent(node));
  }
}
