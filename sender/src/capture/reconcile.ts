import { documentOf, parentOf } from "./nodes.js";
import type { Entry, Tree } from "./tree.js";

/** How reconcile changes the mirror. */
export interface Edits {
  /** The first child of a node that is to be mirrored, or the next after another. */
  next(parent: Node, after: Node | null): Node | null;
  /** Sends nodes the mirror does not have yet, with their subtrees: neighbours from first on, up to before. */
  insert(first: Node, parent: Node, before: Node | null): void;
  move(node: Node, parent: Node, before: Node | null): void;
  remove(node: Node): void;
}

/**
 * Brings the mirror's children of the given parents in line with the page, with as few moves as can be. The records of a
 * MutationObserver only tell where to look: what is there now is compared with what the mirror has, so their order and number do not
 * matter.
 */
export function reconcile(parents: Iterable<Node>, tree: Tree, edits: Edits): void {
  const stale: [child: Node, parent: Node][] = [];
  const shorter: [Entry, Node[]][] = [];
  for (const parent of parents) {
    const entry = tree.get(parent);
    if (!entry) continue;
    const had = entry.children;
    // Most changes are small: what stands in front of them is only passed.
    let same = 0;
    let next = edits.next(parent, null);
    for (; next && next === had[same] && tree.get(next)?.parent === parent; next = edits.next(parent, next)) same++;
    const current: Node[] = [];
    for (; next; next = edits.next(parent, next)) current.push(next);
    const kept: Node[] = [];
    const gone: Node[] = [];
    for (let i = same; i < had.length; i++) {
      const child = had[i]!;
      if (tree.get(child)?.parent === parent) (parentOf(child) === parent ? kept : gone).push(child);
    }
    const still = isPart(kept, current) ? undefined : inOrder(current, kept, gone);
    const children = same > 0 ? had.slice(0, same).concat(current) : current;
    tree.list(entry, children);
    if (gone.length > 0) {
      for (const child of gone) stale.push([child, parent]);
      // What is stale stays listed until it has gone elsewhere or is removed below.
      tree.list(entry, children.concat(gone));
      shorter.push([entry, children]);
    }
    let before: Node | null = null;
    for (let i = current.length - 1; i >= 0; i--) {
      const child = current[i]!;
      const known = tree.get(child);
      if (!known) {
        // A run of new nodes goes in as one, in document order.
        while (i > 0 && !tree.get(current[i - 1]!)) i--;
        edits.insert(current[i]!, parent, before);
      } else if (known.parent !== parent || (still && !still.has(child))) {
        untangle(child, parent, tree, edits);
        edits.move(child, parent, before);
        tree.moved(known, parent);
      }
      before = current[i]!;
    }
  }
  // Removals come last: a node that left one parent may have come to another.
  for (const [child, parent] of stale) {
    if (tree.get(child)?.parent !== parent) continue;
    edits.remove(child);
    tree.forget(child);
  }
  for (const [entry, children] of shorter) tree.list(entry, children);
  for (const node of tree.aside) {
    const parent = tree.get(node)?.parent;
    if (!parent || parentOf(node) === parent) continue;
    edits.remove(node);
    tree.forget(node);
  }
  tree.aside.clear();
}

/** Whether all has nodes in the same order. */
function isPart(nodes: Node[], all: Node[]): boolean {
  let found = 0;
  for (let i = 0; i < all.length && found < nodes.length; i++) if (all[i] === nodes[found]) found++;
  return found === nodes.length;
}

/**
 * A node cannot move into what the mirror still has inside it. Whatever on that path lives elsewhere by now steps aside to the
 * document element first; its own parent, if the mirror has that, is among those to reconcile and fetches it from there.
 */
export function untangle(node: Node, parent: Node, tree: Tree, edits: Pick<Edits, "move">): void {
  if (!tree.within(parent, node)) return;
  const root = (documentOf(parent) ?? (parent as Document)).documentElement;
  for (let n: Node | null = parent; n && n !== node; n = tree.get(n)?.parent ?? null) {
    const entry = tree.get(n)!;
    if (parentOf(n) === entry.parent || tree.within(root, n)) continue;
    edits.move(n, root, null);
    tree.moved(entry, root);
    tree.aside.add(n);
    return;
  }
}

/**
 * The longest run of what was kept that already stands in the right order (patience sorting), and therefore needs no move. What is not to
 * be there any more is added to gone.
 */
function inOrder(current: Node[], kept: Node[], gone: Node[]): Set<Node> {
  const wanted = new Set(current);
  for (const child of kept) if (!wanted.has(child)) gone.push(child);
  const place = new Map(kept.map((child, index) => [child, index]));
  const nodes = current.filter((child) => place.has(child));
  const tails: number[] = []; // index into nodes of the last of the best run of each length
  const previous: number[] = [];
  nodes.forEach((node, index) => {
    let low = 0;
    for (let high = tails.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (place.get(nodes[tails[middle]!]!)! < place.get(node)!) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  });
  const run = new Set<Node>();
  for (let index = tails[tails.length - 1] ?? -1; index >= 0; index = previous[index]!) run.add(nodes[index]!);
  return run;
}
