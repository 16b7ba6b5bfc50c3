import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Boxes } from "./boxes.js";
import type { Privacy } from "./privacy.js";
import { reconcile, type Edits } from "./reconcile.js";
import { ownsSheet, type Sheets } from "./sheets.js";
import type { Tree } from "./tree.js";
import { frameDocumentOf, type Walker } from "./walker.js";

const slice = 12; // ms
const atOnce = 200; // parents compared together

/** Mutations gathers what MutationObserver tells and sends what has come of it. */
export class Mutations implements Edits {
  private readonly observer = new MutationObserver((records) => this.gather(records));
  private readonly parents = new Set<Node>();
  private readonly attributes = new Map<Element, Set<string>>();
  private readonly texts = new Set<CharacterData>();
  private readonly frames = new Set<HTMLIFrameElement>();

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly walker: Walker,
    private readonly sheets: Sheets,
    private readonly privacy: Privacy,
    private readonly boxes: Boxes,
    private readonly noticed: () => void,
  ) {}

  observe(root: Document | ShadowRoot): void {
    this.observer.observe(root, { childList: true, attributes: true, characterData: true, subtree: true });
  }

  stop(): void {
    this.observer.disconnect();
    this.clear();
  }

  frameLoaded(frame: HTMLIFrameElement): void {
    this.frames.add(frame);
  }

  private gather(records: MutationRecord[]): void {
    for (const record of records) {
      const { target, type } = record;
      if (type === "childList") {
        this.parents.add(target);
        record.addedNodes.forEach((node) => this.privacy.notice(node));
      } else if (type === "characterData") this.texts.add(target as CharacterData);
      else {
        const name = record.attributeName!;
        const names = this.attributes.get(target as Element);
        if (names) names.add(name);
        else this.attributes.set(target as Element, new Set([name]));
      }
    }
    this.noticed();
  }

  /** Whether anything that waits to be sent changes the policy of what was sent. */
  outdated(): boolean {
    this.gather(this.observer.takeRecords());
    const nodes = this.privacy.outdatedNodes(this.concerned(), this.parents);
    return nodes.some((node) => this.tree.id(node));
  }

  /** Sends what has changed. attributed is told each element whose attributes have. */
  flush(attributed: (element: Element) => void): void {
    const records = this.observer.takeRecords();
    if (records.length > 0) this.gather(records);
    for (const node of [...this.parents, ...this.texts]) {
      const owner = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : node.parentElement;
      if (owner && ownsSheet(owner)) this.sheets.changed(owner);
    }
    this.moreOrLess();
    this.takeBack();
    const changed = new Set(this.parents);
    this.parentsInSlices();
    for (const [element, names] of this.attributes) this.attributesOf(element, names, attributed);
    for (const text of this.texts) {
      const id = this.tree.id(text);
      // How often a redacted text changes tells how long it is.
      if (id && !this.privacy.sent(text)) this.writer.setText(id, text.data);
      if (text.parentNode) changed.add(text.parentNode);
    }
    for (const node of changed) if (this.privacy.sent(node) && this.tree.id(node)) this.boxes.add(node as Element);
    for (const frame of this.frames) {
      const entry = this.tree.get(frame);
      if (entry && frameDocumentOf(frame) && frameDocumentOf(frame) !== entry.inner) this.walker.frame(frame);
    }
    this.attributes.clear();
    this.texts.clear();
    this.frames.clear();
  }

  /**
   * Compares the parents that have changed, as many as fit into a slice; the others wait for the next flush. A node that moves between
   * two slices is sent anew, which is right, if not cheapest.
   */
  private parentsInSlices(): void {
    const end = performance.now() + slice;
    do {
      const some = [...take(this.parents, atOnce)];
      for (const parent of some) this.parents.delete(parent);
      reconcile(some, this.tree, this);
    } while (this.parents.size > 0 && performance.now() < end);
    if (this.parents.size > 0) this.noticed();
  }

  /** Elements whose attributes may have changed their policy. */
  private concerned(): Set<Element> {
    const elements = new Set<Element>();
    for (const [element, names] of this.attributes) for (const name of names) if (this.privacy.concerns(element, name)) elements.add(element);
    return elements;
  }

  /** Has the mirror forget what it has under another policy than it may; where it belongs, it is sent anew. */
  private takeBack(): void {
    const elements = this.concerned();
    if (!this.privacy.watches(this.parents.size + this.attributes.size + this.texts.size > 0) && elements.size === 0) return;
    for (const node of this.privacy.outdatedNodes(elements, this.parents)) {
      if (this.tree.id(node)) this.remove(node);
      this.tree.forget(node);
      if (node.parentNode) this.parents.add(node.parentNode);
    }
  }

  /** An attribute can make an element one that is sent, or no longer: a link that becomes a style sheet. */
  private moreOrLess(): void {
    for (const [element, names] of this.attributes) {
      if (element.localName === "link" && names.has("rel") && element.parentNode) this.parents.add(element.parentNode);
    }
  }

  private attributesOf(element: Element, names: Set<string>, attributed: (element: Element) => void): void {
    const id = this.tree.id(element);
    if (!id) return;
    const policy = this.privacy.sent(element);
    for (const name of names) {
      const value = element.getAttribute(name);
      const sent = value === null ? undefined : this.walker.attribute(element, name, value, policy);
      if (sent === undefined && this.walker.attribute(element, name, "", policy) === undefined) continue;
      if (sent === undefined) this.writer.removeAttribute(id, name);
      else this.writer.setAttribute(id, name, sent);
    }
    attributed(element);
    // The image a picture shows depends on its sources.
    if (element.localName === "source") for (const image of element.parentElement?.querySelectorAll("img") ?? []) attributed(image);
  }

  private clear(): void {
    this.parents.clear();
    this.attributes.clear();
    this.texts.clear();
    this.frames.clear();
  }

  // Edits

  children(parent: Node): Node[] {
    return this.walker.children(parent);
  }

  insert(node: Node, parent: Node, before: Node | null): void {
    this.walker.insert(node, parent, before);
  }

  move(node: Node, parent: Node, before: Node | null): void {
    this.writer.move(this.tree.id(node), this.tree.id(parent), this.tree.id(before));
  }

  remove(node: Node): void {
    this.writer.remove(this.tree.id(node));
  }
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  for (const item of items) {
    if (count-- <= 0) return;
    yield item;
  }
}
