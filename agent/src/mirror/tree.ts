import { attachShadow, detach, insert, parentOf } from "./dom.js";
import { maxDepth, maxNodes, maxText } from "./limits.js";
import type { Model } from "./models.js";

/** Refused says that an operation does not fit what the mirror has. */
export class Refused extends Error {}

export type Kind = "document" | "element" | "text" | "shadow";

/** Entry is a node of the customer's page as the mirror has it. */
export interface Entry {
  readonly kind: Kind;
  readonly number: number;
  /** What an element was made by. */
  readonly model: Model | undefined;
  /** What stands for it. That of a document is a fragment until there is a document to fill. */
  node: Node;
  /** Where its children go: the node, or something never shown. Undefined: it cannot have any. */
  inside: Node | undefined;
  parent: Entry | undefined;
  /** Its children, the oldest first, wherever they stand. */
  first: Entry | undefined;
  last: Entry | undefined;
  /** The next younger and the next older child of its parent. */
  younger: Entry | undefined;
  older: Entry | undefined;
  depth: number;
  /** The shadow root or frame document inside an element; it is one of its children. */
  inner: Entry | undefined;
  /** Its long attributes as they came, by name, and, without one, what it holds. */
  long: Map<string, string> | undefined;
  /** It has been removed: what still refers to it must not touch it. */
  gone: boolean;
}

interface Place {
  readonly parent: Entry;
  readonly before: Entry | undefined;
}

/**
 * Tree numbers the nodes of a page as the sender does, and puts them where it says. It keeps an account of its own of what is inside
 * what, since not everything the customer's page has is put into the mirror's document.
 */
export class Tree {
  private readonly entries = new Map<number, Entry>();
  private readonly byNode = new WeakMap<Node, Entry>(); // as far as was asked for
  private known = 0; // the last that is in it
  private last = 0;
  private textLength = 0;
  private place: Place;
  private readonly places: Place[] = [];
  readonly root: Entry;

  /** forgotten is called for every entry that is removed, after all of them are gone. */
  constructor(
    fragment: Node,
    private readonly forgotten: (entry: Entry) => void,
  ) {
    this.root = this.add("document", fragment, fragment, undefined);
    this.place = { parent: this.root, before: undefined };
  }

  get nodes(): number {
    return this.entries.size;
  }

  /** UTF-16 units. */
  get text(): number {
    return this.textLength;
  }

  get(number: number): Entry {
    const entry = this.entries.get(number);
    if (!entry) throw new Refused(`node ${number} is not known`);
    return entry;
  }

  /** The entry that a node of the document stands for. */
  of(node: Node): Entry | undefined {
    const known = this.byNode.get(node);
    if (known || this.known === this.last) return known?.gone ? undefined : known;
    // They are made for all that is new when somebody asks: most pages need none.
    for (const entry of this.entries.values()) if (entry.number > this.known && entry.kind === "element") this.byNode.set(entry.node, entry);
    this.known = this.last;
    return this.byNode.get(node);
  }

  /** What a node of the page is shown by; undefined when it is not known. */
  shown(number: number): Node | undefined {
    return this.entries.get(number)?.node;
  }

  element(number: number): Entry {
    const entry = this.get(number);
    if (entry.kind !== "element") throw new Refused(`node ${number} is no element`);
    return entry;
  }

  /** The element whose inside is the place. */
  get here(): Entry {
    if (this.place.parent.kind !== "element") throw new Refused("the place is not inside an element");
    return this.place.parent;
  }

  at(parent: number, before: number): void {
    const into = this.container(parent);
    this.place = { parent: into, before: before === 0 ? undefined : this.child(into, before) };
    this.places.length = 0;
  }

  up(levels: number): void {
    for (; levels > 0; levels--) {
      const place = this.places.pop();
      if (!place) throw new Refused("there is no way up");
      this.place = place;
    }
  }

  /** Puts an element at the place and moves the place into it. inside is where its children go. */
  addElement(node: Element, inside: Node, model: Model): Entry {
    const entry = this.add("element", node, inside, this.place.parent, model);
    this.put(entry, this.place.parent, this.place.before);
    this.enter(entry);
    return entry;
  }

  addText(node: Text): Entry {
    const { parent, before } = this.place;
    if (parent.kind === "document") throw new Refused("a document holds no text");
    const entry = this.add("text", node, undefined, parent);
    this.hold(node.length);
    this.put(entry, parent, before);
    return entry;
  }

  setText(number: number, data: string): void {
    const entry = this.get(number);
    if (entry.kind !== "text") throw new Refused(`node ${number} is no text`);
    const text = entry.node as Text;
    this.hold(data.length - text.length);
    text.data = data;
  }

  /** Puts text in the place of a part of a text node's. */
  spliceText(entry: Entry, at: number, gone: number, more: string): void {
    const text = entry.node as Text;
    if (at + gone > text.length) throw new Refused(`text ${entry.number} is shorter`);
    this.hold(more.length - gone);
    text.replaceData(at, gone, more);
  }

  addShadow(init: ShadowRootInit): Entry {
    const host = this.here;
    if (host.inner) throw new Refused("an element has one shadow root");
    // A stand-in may be of a kind that cannot have one; its content is counted all the same.
    const root = host.inside === host.node ? this.attach(host.node as Element, init) : documentFragment(host.inside!);
    return this.addInner("shadow", host, root);
  }

  addFrameDocument(): Entry {
    const frame = this.here;
    if (frame.inside === frame.node) throw new Refused("only a frame has a document");
    if (frame.inner) this.forget(frame.inner);
    return this.addInner("document", frame, documentFragment(frame.inside!));
  }

  remove(number: number): void {
    const entry = this.movable(number);
    detach(entry.node);
    const { parent } = entry;
    this.forget(entry);
    if (parent?.kind === "document") this.showRoot(parent);
  }

  move(number: number, parent: number, before: number): void {
    const entry = this.movable(number);
    const into = this.container(parent);
    for (let e: Entry | undefined = into; e; e = e.parent) if (e === entry) throw new Refused("a node cannot move into itself");
    const next = before === 0 ? undefined : this.child(into, before);
    if (entry.kind === "text" && into.kind === "document") throw new Refused("a document holds no text");
    if (next === entry) return;
    const from = entry.parent;
    leave(entry);
    join(entry, into);
    this.sink(entry, into.depth + 1 - entry.depth);
    this.put(entry, into, next);
    if (from?.kind === "document" && from !== into) this.showRoot(from);
  }

  /** Fills a document with what has been gathered for it. */
  fill(entry: Entry, document: Document): void {
    const old = entry.inside!;
    entry.node = entry.inside = document;
    for (let child = entry.first; child; child = child.younger) if (parentOf(child.node) === old) detach(child.node);
    this.showRoot(entry);
  }

  private add(kind: Kind, node: Node, inside: Node | undefined, parent: Entry | undefined, model?: Model): Entry {
    if (this.entries.size >= maxNodes) throw new Refused("the page has too many nodes");
    const depth = parent ? parent.depth + 1 : 0;
    const entry: Entry = {
      kind, number: ++this.last, model, node, inside, parent, depth, inner: undefined, long: undefined, gone: false,
      first: undefined, last: undefined, younger: undefined, older: undefined,
    };
    this.entries.set(entry.number, entry);
    if (parent) join(entry, parent);
    return entry;
  }

  private hold(more: number): void {
    this.textLength += more;
    if (this.textLength > maxText) throw new Refused("the page has too much text");
  }

  private addInner(kind: Kind, host: Entry, node: Node): Entry {
    const entry = this.add(kind, node, node, host);
    host.inner = entry;
    this.enter(entry);
    return entry;
  }

  private attach(host: Element, init: ShadowRootInit): ShadowRoot {
    try {
      return attachShadow(host, init);
    } catch {
      throw new Refused("this element has no shadow root");
    }
  }

  private enter(parent: Entry): void {
    this.places.push(this.place);
    this.place = { parent, before: undefined };
  }

  private container(number: number): Entry {
    const entry = this.get(number);
    if (!entry.inside) throw new Refused(`node ${number} has no inside`);
    return entry;
  }

  private child(parent: Entry, number: number): Entry {
    const entry = this.get(number);
    if (entry.parent !== parent || parent.inner === entry) throw new Refused(`node ${number} is no child of node ${parent.number}`);
    return entry;
  }

  private movable(number: number): Entry {
    const entry = this.get(number);
    if (entry.kind !== "element" && entry.kind !== "text") throw new Refused(`node ${number} cannot leave its place`);
    return entry;
  }

  private put(entry: Entry, parent: Entry, before: Entry | undefined): void {
    if (parent.gone) throw new Refused("the place is gone");
    if (parent.kind === "document") {
      this.showRoot(parent);
      return;
    }
    if (entry.depth > maxDepth) return;
    if (before && (before.gone || parentOf(before.node) !== parent.inside)) throw new Refused("the place is gone");
    insert(parent.inside!, entry.node, before?.node ?? null);
  }

  /** A document shows one element. While the sender replaces it, there are two: the newer counts. */
  private showRoot(document: Entry): void {
    const newest = document.last;
    const shown = document.inside!;
    if (newest && parentOf(newest.node) === shown) return;
    for (let child = document.first; child; child = child.younger) if (parentOf(child.node) === shown) detach(child.node);
    const old = (shown as Document).documentElement as Element | null | undefined;
    if (old) detach(old);
    if (newest) insert(shown, newest.node, null);
  }

  private sink(entry: Entry, levels: number): void {
    if (levels === 0) return;
    const stack = [entry];
    for (let next = stack.pop(); next; next = stack.pop()) {
      // What is too deep is not in the document: only a new snapshot puts it in.
      if (Math.max(next.depth, next.depth + levels) > maxDepth) throw new Refused("the page is nested too deeply");
      next.depth += levels;
      for (let child = next.first; child; child = child.younger) stack.push(child);
    }
  }

  private forget(entry: Entry): void {
    leave(entry);
    const gone: Entry[] = [entry];
    for (let i = 0; i < gone.length; i++) {
      const next = gone[i]!;
      next.gone = true;
      this.entries.delete(next.number);
      if (next.kind === "text") this.textLength -= (next.node as Text).length;
      for (let child = next.first; child; child = child.younger) gone.push(child);
    }
    for (const each of gone) this.forgotten(each);
  }
}

/** Makes an entry the youngest child of another. */
function join(entry: Entry, parent: Entry): void {
  entry.parent = parent;
  entry.older = parent.last;
  entry.younger = undefined;
  if (parent.last) parent.last.younger = entry;
  else parent.first = entry;
  parent.last = entry;
}

/** Takes an entry out of its parent's children. */
function leave(entry: Entry): void {
  const { parent, older, younger } = entry;
  if (!parent) return;
  if (older) older.younger = younger;
  else parent.first = younger;
  if (younger) younger.older = older;
  else parent.last = older;
  entry.older = entry.younger = undefined;
}

function documentFragment(node: Node): DocumentFragment {
  return (node.ownerDocument ?? (node as Document)).createDocumentFragment();
}
