import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { attributeValue, looksNumbered } from "./allow.js";
import type { Assets } from "./assets.js";
import { outer } from "./flat.js";
import { rootOf } from "./hooks.js";
import { Allowed, Childless, Field, Frame, Host, Image, kindOf, Layer, Namespace, Pictured, Sheet, Use } from "./kind.js";
import { getAttribute, getAttributeNames } from "./methods.js";
import { documentOf, baseOf, firstOf, isIn, nameOf, nextOf, parentElementOf, parentOf, rootNode, typeOf } from "./nodes.js";
import { Hidden, Ignored, Redacted, type Policy } from "./policy.js";
import type { Privacy } from "./privacy.js";
import { redactedText } from "./redact.js";
import { untangle } from "./reconcile.js";
import { isKnown, repeats, steady, withoutEchoes } from "./secret.js";
import { isLeftOut, suspect } from "./suspect.js";
import type { Entry, Tree } from "./tree.js";

/** What the walker tells of the nodes it sends. */
export interface Visitor {
  /** An element has been sent with its subtree. */
  element(element: Element, entry: Entry): void;
  /** A document or shadow root is about to be sent. */
  root(root: Document | ShadowRoot): void;
  /** Not all children of a node have been sent. */
  unfinished(parent: Node): void;
  /** A good moment to send what has been written. */
  flushed(): void;
}

interface Level {
  readonly parent: Node;
  readonly entry: Entry;
  next: Node | null;
  /** The child that is not to be sent any more. */
  readonly end: Node | null;
  /** The element that ends with this level. */
  readonly ends: Element | undefined;
  /** Whether the parent's entry lists the nodes already. */
  readonly listed: boolean;
}

const step = 64; // nodes between two looks at the clock

/** Walker writes subtrees as operations, without recursion and in slices, so that a deep or large page neither overflows nor blocks. */
export class Walker {
  private readonly stack: Level[] = [];
  private ups = 0;
  private readonly list: string[] = [];

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
    private readonly privacy: Privacy,
    private readonly asked: (element: Element, name: string, value: string, policy: Policy, plain: string | undefined) => string | undefined,
    private readonly visitor: Visitor,
    private readonly ignored: () => Element | undefined,
  ) {}

  /** The first child of a node of the mirror's that is mirrored, or the next after another. */
  next(parent: Node, after: Node | null): Node | null {
    let child = after ? nextOf(after) : firstChild(parent, this.tree.get(parent)!);
    while (child && !this.mirrored(child)) child = nextOf(child);
    return child;
  }

  private mirrored(node: Node): boolean {
    suspect.node = node;
    const nodeType = typeOf(node);
    if (nodeType === Node.TEXT_NODE || nodeType === Node.CDATA_SECTION_NODE) return !isLeftOut(node);
    if (nodeType !== Node.ELEMENT_NODE || node === this.ignored()) return false;
    const known = this.tree.get(node);
    if (isLeftOut(node) || (known && !(known.kind & Sheet))) return true;
    return this.allowed(node as Element, kindOf(node as Element), known ? known.policy : this.privacy.of(node));
  }

  private allowed(element: Element, kind: number, policy: Policy): boolean {
    // What is not sent keeps its place, since style sheets count it. Nothing in a head is shown.
    return policy < Ignored && (!!(kind & Allowed) || !inHead(element));
  }

  /** Begins with a document whose number the mirror takes from Page. */
  page(document: Document): void {
    const entry = this.tree.add(document, null, this.privacy.of(document), Allowed);
    this.visitor.root(document);
    this.begin();
    this.push(document, entry, undefined);
  }

  /** Sends the children of a parent from first up to before; those that stop leaves are left as unfinished. */
  insert(first: Node, parent: Node, before: Node | null, stop: () => boolean): void {
    const entry = this.tree.get(parent)!;
    this.writer.at(entry.id, this.tree.id(before));
    this.begin();
    this.stack.push({ parent, entry, next: first, end: before, ends: undefined, listed: true });
    this.some(stop);
  }

  /** Replaces the document of an iframe the mirror has. */
  frame(element: HTMLIFrameElement, stop: () => boolean): void {
    const entry = this.tree.get(element)!;
    if (entry.policy >= Hidden) return;
    if (entry.inner) this.tree.forget(entry.inner);
    this.writer.at(entry.id, 0);
    this.begin();
    this.frameDocument(element, entry);
    this.some(stop);
  }

  /** Sends the shadow root that an element of the mirror has got, if it has. */
  shadow(element: Element, stop: () => boolean): void {
    const entry = this.tree.get(element);
    const root = rootOf(element);
    if (!entry || entry.inner || !root || entry.policy >= Hidden || isKnown(element)) return;
    this.writer.at(entry.id, 0);
    this.begin();
    this.shadowRoot(root, element, entry);
    this.some(stop);
  }

  private begin(): void {
    this.stack.length = 0;
    this.ups = 0;
  }

  /** Goes on until the end, or until stop says so: then the rest is unfinished. A select is sent with all its options. */
  private some(stop: () => boolean): void {
    if (this.run(() => stop() && !this.stack.some(({ entry }) => entry.kind & Field))) return;
    for (let level = this.stack.pop(); level; level = this.stack.pop()) {
      if (level.next !== level.end) this.visitor.unfinished(level.parent);
      if (level.ends) this.visitor.element(level.ends, level.entry);
    }
  }

  /** Goes on until the end, then returns true, or until stop says so. */
  run(stop: () => boolean): boolean {
    const { stack } = this;
    // What has been put elsewhere since, or has left the page, is told by what observes it. Outside the page, what made it private is not there any more.
    let left = false;
    for (const level of stack) {
      left ||= hasLeft(level.parent);
      if (left && level.next !== level.end) {
        level.next = level.end;
        this.visitor.unfinished(level.parent);
      }
    }
    for (const level of stack) if ((level.next && parentOf(level.next)) !== level.parent || this.tree.get(level.parent) !== level.entry) level.next = level.end;
    for (let count = 1; stack.length > 0; count++) {
      const level = stack[stack.length - 1]!;
      const node = level.next;
      if (node === level.end || !node) {
        stack.pop();
        this.ups++;
        if (level.ends) this.visitor.element(level.ends, level.entry);
      } else {
        level.next = nextOf(node);
        this.node(node, level);
      }
      if (count % step === 0) {
        this.visitor.flushed();
        if (stop()) return false;
      }
    }
    return true;
  }

  private node(node: Node, level: Level): void {
    suspect.node = node;
    const nodeType = typeOf(node);
    if (nodeType === Node.ELEMENT_NODE) {
      if (node === this.ignored()) return;
      const kind = isLeftOut(node) ? Allowed : kindOf(node as Element);
      const policy = this.privacy.of(node);
      if (!this.allowed(node as Element, kind, policy) || this.again(node, policy, level)) return;
      this.element(node as Element, kind, policy, level);
    } else if (this.mirrored(node)) {
      const policy = this.privacy.of(node);
      if (this.again(node, policy, level)) return;
      this.writer.text(policy ? redactedText((node as Text).data) : withoutEchoes(node as Text));
      this.tree.add(node, level.parent, policy);
    }
  }

  /** Fetches a node that the mirror has elsewhere, unless it has to be sent anew; true: nothing is left to do. */
  private again(node: Node, policy: Policy, { parent, entry, listed }: Level): boolean {
    if (!listed) this.tree.append(entry, node);
    const known = this.tree.get(node);
    if (known) {
      untangle(node, parent, this.tree, { move: (n, p, b) => this.writer.move(this.tree.id(n), this.tree.id(p), this.tree.id(b)) });
      if (policy === known.policy) {
        this.writer.move(known.id, entry.id, 0);
        this.tree.moved(known, parent);
        return true;
      }
      this.writer.remove(known.id);
      this.tree.forget(node);
    }
    if (this.ups > 0) this.writer.up(this.ups);
    this.ups = 0;
    return false;
  }

  private element(element: Element, kind: number, policy: Policy, { parent }: Level): void {
    if (isLeftOut(element)) return this.leaveOut(element, parent);
    const { list } = this;
    list.length = 0;
    if (kind & Allowed) {
      for (const name of getAttributeNames.call(element)) {
        const sent = this.attribute(element, kind, name, getAttribute.call(element, name)!, policy);
        repeats(element, name, sent); // from here on
        if (sent !== undefined) list.push(name, sent);
        if (name === "popover") kind |= Layer;
      }
    }
    this.writer.element(kind & Namespace, nameOf(element), list);
    const entry = this.tree.add(element, parent, policy, kind);
    const secret = policy === Redacted && isKnown(element);
    this.push(element, entry, element);
    if (secret && !(kind & (Field | Childless))) this.dots(element, entry);
    if (policy >= Hidden || secret) return;
    const root = kind & Host ? rootOf(element) : null;
    if (root) this.shadowRoot(root, element, entry);
    else if (kind & Frame) this.frameDocument(element as HTMLIFrameElement, entry);
  }

  /** Sends a box that says so in place of an element that cannot be read. */
  private leaveOut(element: Element, parent: Node): void {
    this.writer.element(0, "span", ["data-qwelp-box", "failed"]);
    this.push(element, this.tree.add(element, parent, Hidden, Allowed), undefined);
  }

  /** Sends dots in place of all that is inside an element. */
  private dots(element: Element, entry: Entry): void {
    const text = documentOf(element)!.createTextNode("");
    this.writer.text(SecretValue);
    this.tree.append(entry, text);
    this.tree.add(text, element, Redacted);
  }

  private shadowRoot(root: ShadowRoot, element: Element, entry: Entry): void {
    this.writer.shadow(root.slotAssignment === "manual");
    this.inner(root, element, entry);
  }

  private frameDocument(element: HTMLIFrameElement, entry: Entry): void {
    const document = frameDocumentOf(element);
    if (!document) return;
    this.writer.frameDocument(document.compatMode === "BackCompat");
    this.inner(document, element, entry);
  }

  private inner(root: Document | ShadowRoot, element: Element, outer: Entry): void {
    this.tree.fill(outer, root);
    const entry = this.tree.add(root, element, this.privacy.of(root), Allowed);
    this.visitor.root(root);
    this.push(root, entry, undefined);
  }

  private push(parent: Node, entry: Entry, ends: Element | undefined): void {
    this.stack.push({ parent, entry, next: firstChild(parent, entry), end: null, ends, listed: false });
  }

  /** The value to send for an attribute of an element of a kind, or undefined when it is not sent. */
  attribute(element: Element, kind: number, name: string, value: string, policy: Policy): string | undefined {
    if (!(kind & Allowed)) return undefined;
    // An image of another file, whose parts this element shows.
    if (kind & Use && !policy && value && name.endsWith("href") && !value.startsWith("#")) return this.assets.part(value, element);
    // The mirror is told by number what it shows.
    if (kind & Image && name.endsWith("href")) return undefined;
    const plain = attributeValue(element, name, value, policy > 0);
    const asked = plain === undefined || (!policy && name.endsWith("href")) ? this.asked(element, name, value, policy, plain) : undefined;
    const sent = steady(element, name, asked ?? plain);
    if (name === "class") this.assets.shown.seeClasses(value);
    if (sent && !policy && this.privacy.used && refers.test(name) && looksNumbered.test(sent)) return this.references(element, sent);
    return name === "style" && sent !== undefined ? this.assets.rewrite(sent, baseOf(element), element) : sent;
  }

  /** Of the names by which an element refers to others, those that may be told of these. */
  private references(element: Element, names: string): string {
    const root = rootNode(element) as Document;
    return names.split(" ").filter((name) => {
      const other = root.getElementById?.(name.replace(/^#/, ""));
      return !other || !looksNumbered.test(name) || !this.privacy.of(other);
    }).join(" ");
  }
}

function inHead(element: Element): boolean {
  const parent = parentElementOf(element);
  return !!parent && nameOf(parent) === "head";
}

const refers = /^(for|href|aria-(labelledby|describedby|controls|owns|details|flowto|activedescendant|errormessage))$/;

/** The first child of what the mirror has, if children of it are sent. */
function firstChild(parent: Node, { kind, policy, children }: Entry): Node | null {
  if (policy === Redacted && isKnown(parent as Element)) return children[0] ?? null;
  const sent = kind & Allowed && !(kind & Childless) && (!policy || (policy === Redacted && !(kind & Pictured)));
  return sent ? firstOf(parent) : null;
}

/** Whether a node is not part of the page any more. */
function hasLeft(node: Node): boolean {
  return !isIn(node) || (typeOf(node) === Node.DOCUMENT_NODE && node !== document && !outer(node));
}

/** The document of a frame, if the page may look into it. */
export function frameDocumentOf(element: HTMLIFrameElement): Document | null {
  try {
    return element.contentDocument;
  } catch {
    return null;
  }
}
