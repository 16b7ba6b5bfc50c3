import { Field, Flat } from "./kind.js";
import { typeOf } from "./nodes.js";
import { Open, type Policy } from "./policy.js";

/** What the mirror has of a node. */
export interface Entry {
  readonly id: number;
  readonly parent: Node | null;
  /** The children the mirror has, in its order. */
  readonly children: readonly Node[];
  /** The shadow root or frame document the mirror has inside the element. */
  readonly inner: Node | undefined;
  /** The policy under which the mirror has it. */
  readonly policy: Policy;
  /** What is to be known of it by its name. */
  readonly kind: number;
}

/** An entry as Tree alone may change it. */
interface Own extends Entry {
  parent: Node | null;
  children: Node[];
  inner: Node | undefined;
}

const none: Node[] = [];

/** Tree is the sender's account of what the mirror has: which nodes, under which numbers, where. */
export class Tree {
  // Not a WeakMap: it holds what the mirror holds, and every collection of garbage would have to walk a large one.
  private readonly entries = new Map<Node, Entry>();
  private last = 0;
  private found: Node | undefined; // that was asked for by number last
  /** Nodes that stepped aside to let another move; where they belong is seen to before the mirror is in line again. */
  readonly aside = new Set<Node>();

  reset(): void {
    this.entries.clear();
    this.aside.clear();
    this.found = undefined;
    this.last = 0;
  }

  /** The number of the last node. */
  get count(): number {
    return this.last;
  }

  get(node: Node): Entry | undefined {
    return this.entries.get(node);
  }

  /** All that the mirror has. */
  nodes(): Iterable<Node> {
    return this.entries.keys();
  }

  /** The node's number; 0 when the mirror does not have it. */
  id(node: Node | null): number {
    return (node && this.entries.get(node)?.id) || 0;
  }

  /** The node with a number. It is searched for: a second map would cost every page memory, and few ask, mostly for the same again. */
  node(id: number): Node | undefined {
    if (this.id(this.found ?? null) === id) return this.found;
    for (const [node, entry] of this.entries) if (entry.id === id) return (this.found = node);
    return undefined;
  }

  /** Numbers a node as the mirror does when it receives it. */
  add(node: Node, parent: Node | null, policy: Policy = Open, kind = 0): Entry {
    const entry: Own = { id: ++this.last, parent, children: none, inner: undefined, policy, kind };
    this.entries.set(node, entry);
    return entry;
  }

  /** Takes note of a child the mirror has got behind the others. */
  append(entry: Entry, child: Node): void {
    const own = entry as Own;
    if (own.children === none) own.children = [child];
    else own.children.push(child);
  }

  /** Takes note of the children the mirror has, or will have before it is in line again. */
  list(entry: Entry, children: Node[]): void {
    (entry as Own).children = children;
  }

  /** Takes note that the mirror has a node in another parent. */
  moved(entry: Entry, parent: Node): void {
    (entry as Own).parent = parent;
  }

  /** Takes note of the shadow root or frame document that an element has got. */
  fill(entry: Entry, inner: Node): void {
    (entry as Own).inner = inner;
  }

  /** Forgets a node with all the mirror has inside it. */
  forget(node: Node): void {
    const stack = [node];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const entry = this.entries.get(next);
      if (!entry) continue;
      for (const child of entry.children) if (this.entries.get(child)?.parent === next) stack.push(child);
      if (entry.inner) stack.push(entry.inner);
      this.entries.delete(next);
    }
  }

  /** Whether the mirror has node inside ancestor, or they are the same. */
  within(node: Node, ancestor: Node): boolean {
    for (let n: Node | null = node; n; n = this.entries.get(n)?.parent ?? null) if (n === ancestor) return true;
    return false;
  }
}

/** Whether an element holds enough to scroll: the browser takes longer to tell how far it is than all the rest of it to be sent. */
export function mayScroll({ kind, children, inner }: Entry): boolean {
  if (kind & Flat) return false;
  const only = children[0];
  if (children.length === 1 && typeOf(only!) === Node.TEXT_NODE) return (only as Text).length > 32;
  return children.length > 0 || inner !== undefined || !!(kind & Field);
}
