import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Boxes } from "./boxes.js";
import { isField } from "./fields.js";
import { getAttribute } from "./methods.js";
import { isIn, nameOf, parentElementOf, parentOf, typeOf } from "./nodes.js";
import type { Privacy } from "./privacy.js";
import type { Part } from "./part.js";
import { reconcile, type Edits } from "./reconcile.js";
import { discover, fieldNear, mayMask, newlySecret, noticeStyle, repeats, withoutEchoes } from "./secret.js";
import { ownsSheet, type Sheets } from "./sheets.js";
import { suspect } from "./suspect.js";
import type { Entry, Tree } from "./tree.js";
import { frameDocumentOf, type Walker } from "./walker.js";

const slice = 12; // ms
const atOnce = 200; // parents compared together

/** What is to be known of mutations. */
export interface Noticed {
  /** Something has changed; restyled: more than a text. */
  noticed(restyled: boolean): void;
  /** An attribute of an element the mirror has is another. */
  attributed(element: Element, entry: Entry, name: string): void;
}

/** Mutations gathers what MutationObserver reports and sends what has come of it. */
export class Mutations implements Edits, Part {
  private readonly observer = new MutationObserver((records) => this.gather(records));
  private readonly parents = new Set<Node>();
  private readonly attributes = new Map<string, Set<Element>>();
  private readonly texts = new Set<CharacterData>();
  private readonly frames = new Set<HTMLIFrameElement>();
  private readonly late = (): boolean => performance.now() > this.end;
  private readonly hosts = new Set<Element>(); // that have got a shadow root
  private end = 0;

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly walker: Walker,
    private readonly sheets: Sheets,
    private readonly privacy: Privacy,
    private readonly boxes: Boxes,
    private readonly sink: Noticed,
  ) {}

  reset(): void {
    this.hosts.clear();
  }

  rooted(root: Document | ShadowRoot): void {
    this.observer.observe(root, { childList: true, attributes: true, characterData: true, subtree: true });
  }

  stop(): void {
    this.observer.disconnect();
    this.clear();
    this.parents.clear();
  }

  /** An element may have got a shadow root. */
  attached(host: Element): void {
    this.hosts.add(host);
  }

  frameLoaded(frame: HTMLIFrameElement): void {
    this.frames.add(frame);
  }

  /** A node has children that have not been sent. */
  unfinished(parent: Node): void {
    this.parents.add(parent);
    this.sink.noticed(false);
  }

  private gather(records: MutationRecord[]): void {
    let restyled = false;
    for (const record of records) {
      const { target, type } = record;
      restyled ||= type === "attributes" || (type === "childList" && hasElement(record));
      if (type === "childList") {
        this.parents.add(target);
        for (const node of record.addedNodes) if (typeOf(node) === Node.ELEMENT_NODE) discover(node as Element);
      }
      else if (type === "characterData") this.texts.add(target as CharacterData);
      else {
        const name = record.attributeName!;
        if (name === "style") noticeStyle(getAttribute.call(target as Element, name));
        const elements = this.attributes.get(name);
        if (elements) elements.add(target as Element);
        else this.attributes.set(name, new Set([target as Element]));
      }
    }
    this.sink.noticed(restyled);
  }

  /** Whether the mirror has got all that was noticed. */
  get settled(): boolean {
    return this.parents.size === 0;
  }

  /** Takes what the observer has. */
  gathered(): void {
    const records = this.observer.takeRecords();
    if (records.length > 0) this.gather(records);
  }

  /** Whether anything that waits to be sent changes the policy of what was sent. */
  outdated(): boolean {
    this.search();
    const nodes = this.privacy.outdatedNodes(this.concerned(), this.parents, this.hosts);
    // What has left the page is not read any further: a page that changes all the time is read to its end, too.
    return nodes.some((node) => isIn(node) && this.tree.id(node));
  }

  /** Has privacy know of what waits to be sent. */
  search(): void {
    this.gathered();
    this.concerned();
    for (const parent of this.parents) this.privacy.search(parent);
  }

  /** Sends what has changed, and the shadow roots that elements have got. */
  look(): void {
    this.gathered();
    this.end = performance.now() + slice;
    const changed = new Set<Node>();
    this.moreOrLess();
    this.takeBack();
    if (this.privacy.used) for (const parent of this.parents) changed.add(parent);
    this.parentsInSlices();
    for (const [name, elements] of this.attributes) for (const element of elements) this.attribute(element, name);
    for (const text of this.texts) this.text(text, changed);
    for (const node of changed) if (this.privacy.sent(node)) this.boxes.update(node as Element);
    for (const frame of this.frames) {
      const entry = this.tree.get(frame);
      const document = frameDocumentOf(frame);
      if (entry && document && document !== entry.inner) this.walker.frame(frame, this.late);
    }
    for (const host of this.hosts) this.walker.shadow(host, this.late);
    this.hosts.clear();
    this.clear();
  }

  /**
   * Compares the parents that have changed, as many as fit into a slice; the others wait for the next flush. A node that moves between
   * two slices is sent anew, which is right, if not cheapest.
   */
  private parentsInSlices(): void {
    while (this.parents.size > 0) {
      const some = this.parents.size > atOnce ? [...take(this.parents, atOnce)] : [...this.parents];
      for (const parent of some) {
        this.parents.delete(parent);
        const owner = parent as Element;
        if (ownsSheet(owner)) this.sheets.changed(owner);
      }
      // What has left the page goes with what it stood in.
      reconcile(some.filter((parent) => isIn(parent)), this.tree, this);
      if (this.late()) break;
    }
    if (this.parents.size > 0) this.sink.noticed(false);
    // What waits may make private what does not.
    for (const parent of this.parents) this.privacy.search(parent);
  }

  /** Elements whose attributes may have changed their policy. */
  private concerned(): Set<Element> {
    const concerned = new Set<Element>(newlySecret());
    for (const [name, elements] of this.attributes) {
      const whose = this.privacy.concerns(name);
      for (const element of whose ? elements : []) if (whose === "all" || isField(element) || mayMask()) concerned.add(element);
    }
    // What their texts are masked by may be another style by now, or their number that of letters.
    for (const node of [...this.texts, ...this.parents]) {
      const element = typeOf(node) === Node.ELEMENT_NODE ? (node as Element) : parentElementOf(node);
      if (element && (mayMask() || fieldNear(element)) && this.tree.id(element)) concerned.add(element);
    }
    return concerned;
  }

  /** Has the mirror forget what it has under another policy than it may; where it belongs, it is sent anew. */
  private takeBack(): void {
    const elements = this.concerned();
    if (!this.privacy.watches(this.parents.size + this.attributes.size + this.texts.size > 0) && elements.size === 0) return;
    for (const node of this.privacy.outdatedNodes(elements, this.parents, this.hosts)) this.anew(node);
  }

  private anew(node: Node): void {
    if (this.tree.id(node)) this.remove(node);
    this.tree.forget(node);
    const parent = parentOf(node);
    if (parent) this.parents.add(parent);
  }

  /** What the mirror has of a node, if it may have it as it has. */
  private current(node: Node): Entry | undefined {
    const entry = this.tree.get(node);
    if (!entry || !this.privacy.used || this.privacy.of(node) === entry.policy) return entry;
    this.anew(node);
    this.sink.noticed(false);
    return undefined;
  }

  /** An attribute can make an element one that is sent, or no longer: a link that becomes a style sheet. */
  private moreOrLess(): void {
    for (const element of this.attributes.get("rel") ?? []) if (nameOf(element) === "link" && parentOf(element)) this.parents.add(parentOf(element)!);
  }

  private attribute(element: Element, name: string): void {
    suspect.node = element;
    const entry = this.current(element);
    if (!entry) return;
    const { id, kind, policy } = entry;
    const value = getAttribute.call(element, name);
    const sent = value === null ? undefined : this.walker.attribute(element, kind, name, value, policy);
    if (repeats(element, name, sent)) return;
    if (sent !== undefined) this.writer.setAttribute(id, name, sent);
    else if (this.walker.attribute(element, kind, name, "", policy) !== undefined) this.writer.removeAttribute(id, name);
    this.sink.attributed(element, entry, name);
  }

  private text(text: CharacterData, changed: Set<Node>): void {
    const entry = this.current(text);
    if (!entry) {
      const owner = parentElementOf(text);
      if (owner && ownsSheet(owner)) this.sheets.changed(owner);
      return;
    }
    // How often a redacted text changes tells how long it is.
    if (!entry.policy) this.writer.setText(entry.id, withoutEchoes(text));
    else if (parentOf(text)) changed.add(parentOf(text)!);
  }

  private clear(): void {
    this.attributes.clear();
    this.texts.clear();
    this.frames.clear();
  }

  // Edits

  next(parent: Node, after: Node | null): Node | null {
    return this.walker.next(parent, after);
  }

  insert(first: Node, parent: Node, before: Node | null): void {
    this.walker.insert(first, parent, before, this.late);
  }

  move(node: Node, parent: Node, before: Node | null): void {
    this.writer.move(this.tree.id(node), this.tree.id(parent), this.tree.id(before));
  }

  remove(node: Node): void {
    this.writer.remove(this.tree.id(node));
  }
}

function hasElement({ addedNodes, removedNodes }: MutationRecord): boolean {
  for (const nodes of [addedNodes, removedNodes]) for (const node of nodes) if (typeOf(node) === Node.ELEMENT_NODE) return true;
  return false;
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  for (const item of items) {
    if (count-- <= 0) return;
    yield item;
  }
}
