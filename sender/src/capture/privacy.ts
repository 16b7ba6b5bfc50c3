import type { QwelpPrivacy, QwelpSettings } from "../settings.gen.js";
import { privateElsewhere } from "../places.js";
import { outer, slotsOf, type SlotOf } from "./flat.js";
import { getAttribute, matches, nearest } from "./methods.js";
import { firstOf, nameOf, nextOf, parentOf, textOf, typeOf } from "./nodes.js";
import { Hidden, Ignored, Open, Redacted, type Policy } from "./policy.js";
import { isSecret, showNamed } from "./secret.js";
import { isLeftOut, suspect } from "./suspect.js";
import type { Tree } from "./tree.js";

const attribute = "data-qwelp";
const words = ["unredact", "redact", "hide"] as const;
const named = /^[^,]*[#.[][^\s>+~,]*$/;
const copy = "selectedcontent"; // into which the browser copies what is in the chosen option

/**
 * Privacy tells the policy of nodes: what is said of the nearest ancestor of which something is said, across shadow roots and frames. The
 * stricter of host and slot counts for what is slotted. Nothing inside a hidden or ignored node is told.
 *
 * Policies are always those of the page as it is. What is found out holds until the page's own code can run again, and no longer.
 */
export class Privacy {
  /** Whether anything of this page may not be open; the attribute, where nothing else says so, is noticed when it comes. */
  used = false;
  /** Whether it came after the page's first words had been written, which were written as if nothing was private. */
  turned = false;
  private slotted = false;
  private marked = false; // the attribute has been seen
  private rules = "";
  private path = "";
  private base: Policy = Open;
  private selectors: readonly string[] = [];
  private any = "";
  private naming = ""; // selectors that unredact elements by more than their type
  private matched = new Map<Element, number>();
  private readonly roots = new Set<Document | ShadowRoot>();
  // What has been found out:
  private fresh = false;
  private readonly known = new Map<Node, Policy>(); // of what other nodes stand in
  private readonly slots = new Map<Node, SlotOf | undefined>(); // of their parents
  private least: Policy = Open;

  constructor(
    private readonly tree: Tree,
    private readonly settings: () => QwelpSettings,
  ) {
    showNamed((field) => getAttribute.call(field, attribute) === words[0] || (this.naming !== "" && matches.call(field, this.naming)));
  }

  /** Whether the settings are others than those in use. */
  get outdated(): boolean {
    return this.rules !== this.told();
  }

  /** Whether the page is at another path now, by which the settings are others. */
  get moved(): boolean {
    return location.pathname !== this.path && this.outdated;
  }

  /** The settings in use are those of the path the page is at. */
  arrive(): void {
    this.path = location.pathname;
  }

  /** Whether selectors may match others without a mutation. */
  get volatile(): boolean {
    return this.used && this.any.includes(":");
  }

  /** Slots may show other nodes than before. */
  slotsChanged(): void {
    this.slotted = true;
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
    this.naming = (settings.unredact ?? []).filter((selector) => named.test(selector) && this.valid(selector, 0)).join();
    this.any = this.selectors.filter(Boolean).join();
    this.matched.clear();
    this.roots.clear();
    this.renew();
    this.used = false;
    this.search(document);
    this.used ||= !!(this.marked || this.base || this.any);
    this.turned = this.slotted = false;
  }

  /** Has everything be found out anew. */
  renew(): void {
    this.fresh = false;
    this.known.clear();
    this.slots.clear();
  }

  private begin(): void {
    this.fresh = true;
    // Which rules hold at another path, the next flush finds out.
    this.least = this.moved ? Hidden : Open;
    queueMicrotask(() => this.renew());
  }

  private mark(): void {
    this.marked = true;
    this.turned ||= !this.used;
    this.used = true;
  }

  /** Looks for the attribute inside a node. */
  search(parent: Node): void {
    if (!this.used && finds(parent, `[${attribute}]`)) this.mark();
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
    this.search(root);
  }

  /** Whose policy an attribute may decide, apart from selectors. */
  concerns(name: string): "all" | "fields" | undefined {
    if (name === attribute) this.mark();
    return name === attribute ? "all" : /^(type|name|id|class|style|autocomplete|role|inputmode|contenteditable|maxlength|placeholder|aria-label|formcontrolname)$/.test(name) ? "fields" : undefined;
  }

  /** Whether policies have to be looked at, given whether anything of the page has changed: what some selectors match changes without. */
  watches(mutated: boolean): boolean {
    return this.used && (mutated || this.slotted || this.volatile);
  }

  /** The policy under which the mirror has a node. */
  sent(node: Node): Policy {
    return this.tree.get(node)?.policy ?? Open;
  }

  /** The policy of a node of the page. */
  of(node: Node): Policy {
    if (!this.fresh) this.begin();
    return this.given(node, this.used ? this.around(node) : Open);
  }

  /** The policy that counts when something is written of a node that the mirror has. */
  now(node: Node): Policy {
    const sent = this.sent(node);
    return this.used ? stricter(sent, this.of(node)) : sent;
  }

  /** The policy that an element itself is given; -1: none. */
  private own(element: Element): number {
    if (isLeftOut(element)) return Hidden;
    const said = getAttribute.call(element, attribute);
    let policy = -1;
    if (said !== null) {
      const kind = words.indexOf(said as "hide");
      policy = said === "ignore" ? Ignored : kind < 0 ? Redacted : kind;
      this.mark();
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
    if (typeOf(node) !== Node.DOCUMENT_NODE || node === document || !privateElsewhere((node as Document).location?.pathname ?? "/")) return -1;
    this.mark();
    return Redacted;
  }

  /** The policy that a node is given where the one around it is known. */
  private given(node: Node, around: Policy): Policy {
    const element = typeOf(node) === Node.ELEMENT_NODE && (node as Element);
    const own = element ? this.own(element) : this.framed(node);
    const policy = (around >= Hidden || own < 0 ? around : own) as Policy;
    return stricter(this.least, element && nameOf(element) === copy && this.used ? stricter(policy, this.copied(element)) : policy);
  }

  /** The policy around a node: of what it stands in, and of the slot that shows it. */
  private around(node: Node): Policy {
    // Without recursion: pages may be deep.
    const path: Node[] = [];
    let policy: Policy | undefined;
    for (let next = node; policy === undefined; ) {
      const around = next === document ? null : outer(next);
      // Outside the page, what made a node private is not there any more.
      policy = around ? this.known.get(around) : next === document ? this.base : Hidden;
      if (policy === undefined) path.push((next = around!));
    }
    for (let next = path.pop(); next; next = path.pop()) {
      policy = this.given(next, this.shown(next, policy));
      this.known.set(next, policy);
    }
    return this.shown(node, policy);
  }

  /** The policy around a node, given that of what it stands in. */
  private shown(node: Node, policy: Policy): Policy {
    const slotOf = this.slotsOf(parentOf(node));
    if (!slotOf) return policy;
    const slot = slotOf(node);
    // What no slot shows is seen by nobody.
    return stricter(policy, slot ? this.of(slot) : Redacted);
  }

  private slotsOf(parent: Node | null): SlotOf | undefined {
    if (!parent) return undefined;
    if (!this.slots.has(parent)) this.slots.set(parent, slotsOf(parent));
    return this.slots.get(parent);
  }

  /** The policy of what is in the chosen option, of which an element has a copy that selectors may not match. */
  private copied(element: Element): Policy {
    const { selectedOptions = [] } = (nearest(element, "select") as HTMLSelectElement | null) ?? {};
    let policy: Policy = Open;
    let text = "";
    for (const option of selectedOptions) {
      text += textOf(option);
      for (const each of [option, ...option.querySelectorAll("*")]) policy = stricter(policy, this.of(each));
    }
    // What is copied may have been changed since, or be another by now.
    return text === textOf(element) ? policy : stricter(policy, Redacted);
  }

  /**
   * Of the mirror's nodes, those whose policy is another now, and nodes that may have become part of it: by what is said of the elements
   * in changed, by having come to one of parents, by shadow roots that hosts have got, or by what selectors match.
   */
  outdatedNodes(changed: Iterable<Element>, parents: Iterable<Node>, hosts: Iterable<Element>): Node[] {
    const doubtful = new Set<Node>(changed);
    const outdated: Node[] = [];
    const add = (parent: Node, all: boolean): void => {
      for (let child = firstOf(parent); child; child = nextOf(child)) {
        const entry = this.tree.get(child);
        if (entry && (all || entry.parent !== parent)) doubtful.add(child);
      }
    };
    this.slotted = false;
    if (this.used) {
      for (const parent of parents) add(parent, !!this.slotsOf(parent));
      for (const host of hosts) add(host, true);
      const now = new Map<Element, number>();
      for (const root of this.roots) {
        if (!this.tree.id(root)) {
          this.roots.delete(root);
          continue;
        }
        for (const element of root.querySelectorAll(this.any ? `${this.any},${copy}` : copy)) {
          if (nameOf(element) === copy) doubtful.add(element);
          now.set(element, this.own(element));
        }
        if ("host" in root) add(root.host, true);
        // Its address may be another.
        else if (this.of(root) !== this.sent(root)) outdated.push(outer(root)!);
      }
      for (const element of [...now.keys(), ...this.matched.keys()]) if (now.get(element) !== this.matched.get(element)) doubtful.add(element);
      this.matched = now;
    }
    for (const node of doubtful) {
      suspect.node = node;
      if (!isLeftOut(node) && (!this.tree.id(node) || this.of(node) !== this.sent(node))) outdated.push(node);
    }
    return outdated;
  }
}

const { querySelector } = Element.prototype;

/** Whether there is what a selector matches inside a node. */
function finds(parent: Node, selector: string): boolean {
  const type = typeOf(parent);
  return type === Node.ELEMENT_NODE ? !!querySelector.call(parent as Element, selector) : type !== Node.TEXT_NODE && !!(parent as Document).querySelector?.(selector);
}

function stricter(one: Policy, other: Policy): Policy {
  return one > other ? one : other;
}
