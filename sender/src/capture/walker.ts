import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { attributeValue, childrenAllowed, elementAllowed, namespaceOf } from "./allow.js";
import type { Assets } from "./assets.js";
import { rootOf } from "./hooks.js";
import { Hidden, Ignored, type Policy } from "./policy.js";
import type { Privacy } from "./privacy.js";
import { redactedText } from "./redact.js";
import { untangle } from "./reconcile.js";
import type { Entry, Tree } from "./tree.js";

/** What the walker tells of the nodes it sends. */
export interface Visitor {
  /** An element has been sent with its subtree. */
  element(element: Element, id: number): void;
  /** A document or shadow root is about to be sent. */
  root(root: Document | ShadowRoot, id: number): void;
  /** A good moment to send what has been written. */
  flushed(): void;
}

interface Level {
  readonly parent: Node;
  readonly nodes: readonly Node[];
  next: number;
  /** The element that ends with this level. */
  readonly ends: Element | undefined;
  /** Whether the parent's entry lists the nodes already. */
  readonly listed: boolean;
}

/** Walker writes a subtree as operations, without recursion and in slices, so that a deep or large page neither overflows nor blocks. */
export class Walker {
  private stack: Level[] = [];
  private ups = 0;

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
    private readonly privacy: Privacy,
    private readonly visitor: Visitor,
    private readonly ignored: Element,
  ) {}

  /** The children of a node that are mirrored. */
  children(parent: Node): Node[] {
    const nodes: Node[] = [];
    if (parent.nodeType === Node.ELEMENT_NODE && !(childrenAllowed(parent as Element, this.privacy.sent(parent)) && elementAllowed(parent as Element))) return nodes;
    for (let child = parent.firstChild; child; child = child.nextSibling) if (this.mirrored(child)) nodes.push(child);
    return nodes;
  }

  private mirrored(node: Node): boolean {
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) return true;
    if (node.nodeType !== Node.ELEMENT_NODE || node === this.ignored) return false;
    if (this.privacy.used && !this.tree.id(node) && this.privacy.of(node) >= Ignored) return false;
    // What is not sent keeps its place, since style sheets count it. Nothing in a head is shown.
    return elementAllowed(node as Element) || node.parentNode?.nodeName !== "HEAD";
  }

  /** Begins with a document whose number the mirror takes from Page. */
  page(document: Document): void {
    const entry = this.tree.add(document, null);
    this.privacy.send(document);
    this.visitor.root(document, entry.id);
    this.stack = [];
    this.ups = 0;
    this.push(document, undefined);
  }

  /** Sends a subtree at once. */
  insert(node: Node, parent: Node, before: Node | null): void {
    this.writer.at(this.tree.id(parent), this.tree.id(before));
    this.stack = [{ parent, nodes: [node], next: 0, ends: undefined, listed: true }];
    this.ups = 0;
    this.run(() => false);
  }

  /** Replaces the document of an iframe the mirror has. */
  frame(element: HTMLIFrameElement): void {
    const entry = this.tree.get(element)!;
    if (this.privacy.sent(element) >= Hidden) return;
    if (entry.inner) this.tree.forget(entry.inner);
    this.writer.at(entry.id, 0);
    this.stack = [];
    this.ups = 0;
    this.frameDocument(element, entry);
    this.run(() => false);
  }

  /** Sends the shadow root that an element of the mirror has got, if it has. */
  shadow(element: Element): void {
    const entry = this.tree.get(element);
    const root = rootOf(element);
    if (!entry || entry.inner || !root || this.privacy.sent(element) >= Hidden) return;
    this.writer.at(entry.id, 0);
    this.stack = [];
    this.ups = 0;
    this.shadowRoot(root, element, entry);
    this.run(() => false);
  }

  /** Goes on until the end, then returns true, or until stop says so. */
  run(stop: () => boolean): boolean {
    for (let count = 1; this.stack.length > 0; count++) {
      const level = this.stack.at(-1)!;
      const node = level.nodes[level.next++];
      if (node) {
        if (node.parentNode === level.parent) this.node(node, level);
      } else {
        this.stack.pop();
        this.ups++;
        if (level.ends) this.visitor.element(level.ends, this.tree.id(level.ends));
      }
      if (count % 64 === 0) {
        this.visitor.flushed();
        if (stop()) return false;
      }
    }
    return true;
  }

  private node(node: Node, { parent, listed }: Level): void {
    const into = this.tree.get(parent);
    // It was taken out, with what surrounds it, while the walk was between two slices.
    if (!into) return;
    if (!listed) into.children.push(node);
    const known = this.tree.get(node);
    if (known) {
      untangle(node, parent, this.tree, { move: (n, p, b) => this.writer.move(this.tree.id(n), this.tree.id(p), this.tree.id(b)) });
      if (this.privacy.of(node) === this.privacy.sent(node)) {
        this.writer.move(known.id, into.id, 0);
        known.parent = parent;
        return;
      }
      this.writer.remove(known.id);
      this.tree.forget(node);
    }
    if (this.ups > 0) this.writer.up(this.ups);
    this.ups = 0;
    if (node.nodeType === Node.ELEMENT_NODE) this.element(node as Element, parent);
    else {
      const { data } = node as Text;
      this.writer.text(this.privacy.send(node) ? redactedText(data) : data);
      this.tree.add(node, parent);
    }
  }

  private element(element: Element, parent: Node): void {
    const policy = this.privacy.send(element);
    this.writer.element(namespaceOf(element), element.localName, this.attributes(element, policy));
    const entry = this.tree.add(element, parent);
    this.push(element, element);
    if (policy >= Hidden) return;
    const root = rootOf(element);
    if (root) this.shadowRoot(root, element, entry);
    else if (element.localName === "iframe") this.frameDocument(element as HTMLIFrameElement, entry);
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

  private inner(root: Document | ShadowRoot, element: Element, entry: Entry): void {
    entry.inner = root;
    const { id } = this.tree.add(root, element);
    this.privacy.send(root);
    this.visitor.root(root, id);
    this.push(root, undefined);
  }

  private push(parent: Node, ends: Element | undefined): void {
    this.stack.push({ parent, nodes: this.children(parent), next: 0, ends, listed: false });
  }

  private attributes(element: Element, policy: Policy): string[] {
    const list: string[] = [];
    if (!elementAllowed(element)) return list;
    for (const name of getAttributeNames.call(element)) {
      const sent = this.value(element, name, getAttribute.call(element, name)!, policy);
      if (sent !== undefined) list.push(name, sent);
    }
    return list;
  }

  /** The value to send for an attribute, or undefined when it is not sent. */
  attribute(element: Element, name: string, value: string, policy: Policy): string | undefined {
    return elementAllowed(element) ? this.value(element, name, value, policy) : undefined;
  }

  private value(element: Element, name: string, value: string, policy: Policy): string | undefined {
    // An image of another file, whose parts this element shows.
    if (!policy && element.localName === "use" && name.endsWith("href") && !value.startsWith("#")) return this.assets.part(value, element.baseURI);
    const sent = attributeValue(element, name, value, policy > 0);
    return name === "style" && sent !== undefined ? this.assets.rewrite(sent, element.baseURI) : sent;
  }
}

// A form's fields hide the methods that are called like them.
const { getAttribute, getAttributeNames } = Element.prototype;

/** The document of a frame, if the page may look into it. */
export function frameDocumentOf(element: HTMLIFrameElement): Document | null {
  try {
    return element.contentDocument;
  } catch {
    return null;
  }
}
