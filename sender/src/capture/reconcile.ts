import type { Tree } from "./tree.js";

/** How reconcile changes the mirror. */
export interface Edits {
  /** The children of a node that are to be mirrored. */
  children(parent: Node): Node[];
  /** Sends a node the mirror does not have yet, with its subtree. */
  insert(node: Node, parent: Node, before: Node | null): void;
  move(node: Node, parent: Node, before: Node | null): void;
  remove(node: Node): void;
}

/**
 * Brings the mirror's children of the given parents in line with the page, with as few moves as can be. The records of a
 * MutationObserver only tell where to look: what is there now is compared with what the mirror has, so their order and number do not
 * matter.
 */
export function reconcile(parents: Iterable<Node>, tree: Tree, edits: Edits): void {
  const stale: [Node, Node][] = [];
  for (const parent of parents) {
    const entry = tree.get(parent);
    if (!entry) continue;
    const current = edits.children(parent);
    const wanted = new Set(current);
    const kept = entry.children.filter((child) => tree.get(child)?.parent === parent);
    for (const child of kept) if (!wanted.has(child)) stale.push([child, parent]);
    const place = new Map(kept.map((child, index) => [child, index]));
    const still = inOrder(current.filter((child) => place.has(child)), place);
    // What is stale stays listed until it has gone elsewhere or is removed below.
    entry.children = [...current, ...kept.filter((child) => !wanted.has(child))];
    let before: Node | null = null;
    for (let i = current.length - 1; i >= 0; i--) {
      const child = current[i]!;
      if (!tree.get(child)) {
        // A run of new nodes goes in as one, in document order.
        let first = i;
        while (first > 0 && !tree.get(current[first - 1]!)) first--;
        for (let j = first; j <= i; j++) edits.insert(current[j]!, parent, before);
        i = first;
      } else if (!still.has(child)) {
        untangle(child, parent, tree, edits);
        edits.move(child, parent, before);
        tree.get(child)!.parent = parent;
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
  for (const node of tree.aside) {
    const parent = tree.get(node)?.parent;
    if (!parent || node.parentNode === parent) continue;
    edits.remove(node);
    tree.forget(node);
  }
  tree.aside.clear();
  for (const parent of new Set(stale.map(([, parent]) => parent))) {
    const entry = tree.get(parent);
    if (entry) entry.children = entry.children.filter((child) => tree.get(child)?.parent === parent);
  }
}

/**
 * A node cannot move into what the mirror still has inside it. Whatever on that path lives elsewhere by now steps aside to the
 * document element first; its own parent, if the mirror has that, is among those to reconcile and fetches it from there.
 */
export function untangle(node: Node, parent: Node, tree: Tree, edits: Pick<Edits, "move">): void {
  if (!tree.within(parent, node)) return;
  const root = (parent.ownerDocument ?? (parent as Document)).documentElement;
  for (let n: Node | null = parent; n && n !== node; n = tree.get(n)?.parent ?? null) {
    const entry = tree.get(n)!;
    if (n.parentNode === entry.parent || tree.within(root, n)) continue;
    edits.move(n, root, null);
    entry.parent = root;
    tree.aside.add(n);
    return;
  }
}

/** The longest run of nodes that already stand in the right order (patience sorting), which therefore need no move. */
function inOrder(nodes: Node[], place: ReadonlyMap<Node, number>): Set<Node> {
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
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index]!) run.add(nodes[index]!);
  return run;
}
