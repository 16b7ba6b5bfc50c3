import assert from "node:assert/strict";
import { test } from "node:test";
import { reconcile, untangle, type Edits } from "./reconcile.js";
import { Tree } from "./tree.js";

/** A page's node and the mirror's, as far as reconcile looks at them. */
class Fake {
  parentNode: Fake | null = null;
  children: Fake[] = [];
  ownerDocument: { documentElement: Fake } | undefined;

  constructor(readonly name: string) {}

  /** Puts a node before another, as the DOM does. */
  insertBefore(node: Fake, before: Fake | null): void {
    for (let n: Fake | null = this; n; n = n.parentNode) assert.notEqual(n, node, "a node was put into itself");
    node.remove();
    const at = before ? this.children.indexOf(before) : this.children.length;
    assert.notEqual(at, -1, "before is no child");
    this.children.splice(at, 0, node);
    node.parentNode = this;
  }

  remove(): void {
    this.parentNode?.children.splice(this.parentNode.children.indexOf(this), 1);
    this.parentNode = null;
  }

  toString(): string {
    return `${this.name}(${this.children.join(" ")})`;
  }
}

/** A page, its mirror, and what has changed since the last sync. */
class Pair {
  readonly root = new Fake("root");
  readonly mirrorRoot = new Fake("root");
  readonly tree = new Tree();
  readonly dirty = new Set<Fake>();
  moves = 0;
  private readonly mirrored = new Map<number, Fake>();

  constructor() {
    this.mirrored.set(this.tree.add(this.root as unknown as Node, null).id, this.mirrorRoot);
    this.root.ownerDocument = { documentElement: this.root };
  }

  make(name: string): Fake {
    const node = new Fake(name);
    node.ownerDocument = this.root.ownerDocument;
    return node;
  }

  insert(node: Fake, parent: Fake, before: Fake | null): void {
    if (node.parentNode) this.dirty.add(node.parentNode);
    parent.insertBefore(node, before);
    this.dirty.add(parent);
  }

  remove(node: Fake): void {
    this.dirty.add(node.parentNode!);
    node.remove();
  }

  /** Brings the mirror in line, at most so many parents at a time, and no more than so many new nodes; the rest follows. */
  sync(atOnce = Infinity, mostNew = Infinity): void {
    let left = mostNew;
    const mirror = (node: Node | null): Fake | null => {
      if (!node) return null;
      const found = this.mirrored.get(this.tree.id(node));
      assert.ok(found, `the mirror does not have ${(node as unknown as Fake).name}`);
      return found;
    };
    const send = (node: Fake, parent: Node): void => {
      const known = this.tree.get(node as unknown as Node);
      if (known) {
        untangle(node as unknown as Node, parent, this.tree, edits);
        mirror(parent)!.insertBefore(mirror(node as unknown as Node)!, null);
        this.tree.moved(known, parent);
        return;
      }
      const copy = new Fake(node.name);
      const entry = this.tree.add(node as unknown as Node, parent);
      this.mirrored.set(entry.id, copy);
      mirror(parent)!.insertBefore(copy, null);
      left--;
      for (const child of node.children) {
        if (left <= 0) return void this.dirty.add(node);
        this.tree.append(entry, child as unknown as Node);
        send(child, node as unknown as Node);
      }
    };
    const edits: Edits = {
      next: (parent, after) => {
        const { children } = parent as unknown as Fake;
        return (children[children.indexOf(after as unknown as Fake) + 1] ?? null) as unknown as Node | null;
      },
      insert: (first, parent, before) => {
        const { children } = parent as unknown as Fake;
        const from = children.indexOf(first as unknown as Fake);
        const to = before ? children.indexOf(before as unknown as Fake) : children.length;
        for (const node of children.slice(from, to)) {
          if (left <= 0 && node !== (first as unknown as Fake)) return void this.dirty.add(parent as unknown as Fake);
          send(node, parent);
          mirror(parent)!.insertBefore(mirror(node as unknown as Node)!, mirror(before));
        }
      },
      move: (node, parent, before) => {
        this.moves++;
        mirror(parent)!.insertBefore(mirror(node)!, mirror(before));
      },
      remove: (node) => mirror(node)!.remove(),
    };
    while (this.dirty.size > 0) {
      const parents = [...this.dirty] as unknown as Node[];
      this.dirty.clear();
      left = Math.max(1, mostNew);
      for (let i = 0; i < parents.length; i += atOnce) reconcile(parents.slice(i, Math.min(i + atOnce, parents.length)), this.tree, edits);
    }
    assert.equal(String(this.mirrorRoot), String(this.root));
  }
}

function list(pair: Pair, names: string): Fake[] {
  const nodes = names.split("").map((name) => pair.make(name));
  for (const node of nodes) pair.insert(node, pair.root, null);
  pair.sync();
  return nodes;
}

test("a node moved within its parent is the only one that moves", () => {
  const pair = new Pair();
  const nodes = list(pair, "abcdefgh");
  pair.insert(nodes[6]!, pair.root, nodes[1]!);
  pair.sync();
  assert.equal(pair.moves, 1);
});

test("a parent and its child that change places leave no cycle", () => {
  const pair = new Pair();
  const [a, b] = list(pair, "ab") as [Fake, Fake];
  pair.insert(b, a, null);
  pair.sync();
  pair.remove(b);
  pair.insert(b, pair.root, null);
  pair.insert(a, b, null);
  pair.sync();
});

test("a new node that wraps an old one takes it along", () => {
  const pair = new Pair();
  const [a, b] = list(pair, "ab") as [Fake, Fake];
  const wrapper = pair.make("w");
  pair.insert(wrapper, pair.root, a);
  pair.insert(a, wrapper, null);
  pair.insert(b, wrapper, a);
  pair.sync();
});

test("the mirror follows any sequence of insertions, moves and removals", () => {
  for (let seed = 1; seed <= 3000; seed++) {
    let state = seed * 2654435761;
    const random = (n: number): number => {
      state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
      return (state >>> 8) % n;
    };
    const pair = new Pair();
    const all: Fake[] = [pair.root];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 1 + random(12); i++) {
        const parent = all[random(all.length)]!;
        const before = parent.children.length > 0 && random(2) ? parent.children[random(parent.children.length)]! : null;
        const node = random(2) && all.length > 1 ? all[1 + random(all.length - 1)]! : pair.make(`n${all.length}`);
        if (!all.includes(node)) all.push(node);
        let inside = false;
        for (let n: Fake | null = parent; n; n = n.parentNode) inside ||= n === node;
        if (inside || before === node) continue;
        if (random(4) === 0 && node.parentNode) pair.remove(node);
        else pair.insert(node, parent, before);
      }
      try {
        pair.sync(seed % 2 ? Infinity : 1 + random(3), seed % 3 ? Infinity : 1 + random(3));
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}: ${(error as Error).message}`);
      }
    }
  }
});
