package agent

import (
	"fmt"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Limits of a mirrored page. A page beyond them is refused, however honest.
const (
	maxNodes      = wire.MaxPageNodes
	maxDepth      = 4096
	maxTextBytes  = wire.MaxPageBytes
	maxAssetBytes = wire.MaxPageAssetBytes
	maxPseudo     = wire.MaxPagePseudo
	maxWork       = 8 << 20 // nodes and attributes visited by the operations of one frame
)

// node is a node of the mirrored page. Children are a linked list, so that inserting before one is cheap.
type node struct {
	id                      wire.NodeID
	kind                    Kind
	namespace               uint32
	name                    string
	attributes              []string // name and value in turn
	data                    string
	flag                    bool  // of a document: quirks mode; of a shadow root: slots are assigned by hand
	depth                   int   // of a document without frame: 1
	parent                  *node // of a shadow root its host, of a frame's document the iframe
	first, last, prev, next *node
	shadow, content         *node
	state                   *State
}

// place is where the next node goes: into parent, before a child of it or at its end.
type place struct {
	parent, before *node
}

// tree is one mirrored page.
type tree struct {
	page      wire.Page
	began     uint32 // number of the frame that began the page
	nodes     map[wire.NodeID]*node
	last      wire.NodeID // the number given last
	places    []place     // the last one is where nodes go
	focus     wire.NodeID
	selection wire.Select
	sheets    map[uint32]string
	rules     map[uint32][]string // pieces of sheets
	assets    map[uint32]Asset
	contents  *contents         // nil: nothing is kept
	awaited   map[uint32]string // contents of assets that are to come
	pseudo    map[string][]wire.NodeID
	features  []string
	visual    wire.Visual
	text      int // bytes
	media     int // bytes
	work      int

	embedded map[wire.NodeID]*mirror // pages inside iframes
	family   *family                 // those of all depths
	path     []int                   // iframes that this page is in
}

// newTree begins a page of a mirror.
func newTree(p wire.Page, of *mirror) *tree {
	t := &tree{page: p, family: of.family, path: of.path, embedded: map[wire.NodeID]*mirror{}, nodes: map[wire.NodeID]*node{}, sheets: map[uint32]string{}, rules: map[uint32][]string{}, assets: map[uint32]Asset{}, contents: of.contents, awaited: map[uint32]string{}, pseudo: map[string][]wire.NodeID{}}
	if t.family == nil {
		t.family = &family{mirrors: map[*mirror]bool{}}
	}
	document := &node{kind: Document, flag: p.Quirks, depth: 1}
	t.number(document)
	t.places = []place{{parent: document}}
	return t
}

// refused is an operation that makes no sense on the page as it is, or that a page may not ask for.
func refused(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errRefused}, args...)...)
}

func (t *tree) number(n *node) {
	t.last++
	n.id = t.last
	t.nodes[n.id] = n
}

func (t *tree) node(id wire.NodeID) (*node, error) {
	if n, ok := t.nodes[id]; ok {
		return n, nil
	}
	return nil, refused("node %d is not known", id)
}

func (t *tree) element(id wire.NodeID) (*node, error) {
	n, err := t.node(id)
	if err == nil && n.kind != Element {
		return nil, refused("node %d is no element", id)
	}
	return n, err
}

// element of one of these names, in any namespace.
func (t *tree) named(id wire.NodeID, names ...string) (*node, error) {
	n, err := t.element(id)
	if err != nil {
		return nil, err
	}
	if slices.Contains(names, n.name) {
		return n, nil
	}
	return nil, refused("node %d is no %s", id, strings.Join(names, " or "))
}

// grow counts text that comes and, with a negative number, goes.
func (t *tree) grow(bytes int) error {
	if t.text += bytes; t.text > maxTextBytes {
		return refused("more than %d bytes of text", maxTextBytes)
	}
	return nil
}

// spend counts what is visited by operations whose cost a hostile page could choose.
func (t *tree) spend(visits int) error {
	work := &t.work
	if len(t.path) > 0 {
		work = &t.family.work
	}
	if *work += visits; *work > maxWork {
		return refused("a frame costs too much")
	}
	return nil
}

// textSize counts what grow counted for the node itself.
func (n *node) textSize() int {
	size := len(n.name) + len(n.data)
	for _, a := range n.attributes {
		size += len(a)
	}
	if n.state != nil {
		size += len(n.state.Value) + len(n.state.CSS)
	}
	return size
}

// make numbers a node and puts it to the place.
func (t *tree) make(n *node) error {
	if len(t.nodes) >= maxNodes || t.last == 1<<32-1 {
		return refused("more than %d nodes", maxNodes)
	}
	at := t.places[len(t.places)-1]
	if t.nodes[at.parent.id] != at.parent || at.before != nil && at.before.parent != at.parent {
		return refused("the place where nodes go is gone")
	}
	n.depth = at.parent.depth + 1
	if n.depth > maxDepth {
		return refused("nested deeper than %d", maxDepth)
	}
	if err := fits(n, at.parent); err != nil {
		return err
	}
	if err := t.grow(n.textSize()); err != nil {
		return err
	}
	switch n.kind {
	case Shadow:
		at.parent.shadow, n.parent = n, at.parent
	case Document:
		if at.parent.content != nil {
			t.forget(at.parent.content)
		}
		at.parent.content, n.parent = n, at.parent
	default:
		n.insert(at.parent, at.before)
	}
	t.number(n)
	return nil
}

// fits refuses a node that has no place in the parent.
func fits(n, parent *node) error {
	switch {
	case n.kind == Shadow && (parent.kind != Element || parent.shadow != nil):
		return refused("node %d cannot have a shadow root", parent.id)
	case n.kind == Document && (parent.kind != Element || parent.name != "iframe"):
		return refused("node %d cannot have a document", parent.id)
	case n.kind == Text && parent.kind == Document:
		return refused("text goes into an element")
	}
	return nil
}

func (t *tree) remove(n *node) error {
	switch {
	case n.parent == nil:
		return refused("the page's document stays")
	case n.kind == Shadow:
		return refused("a shadow root stays with its host")
	}
	t.forget(n)
	return nil
}

// forget takes the node out of the tree and its subtree out of the numbers.
func (t *tree) forget(n *node) {
	n.detach()
	walk(n, func(m *node) {
		delete(t.nodes, m.id)
		t.unembed(m.id)
		t.text -= m.textSize()
	})
}

func (t *tree) move(n, parent, before *node) error {
	if n.parent == nil || n.kind == Shadow || n.kind == Document {
		return refused("node %d cannot move", n.id)
	}
	if err := t.spend(1 + max(0, parent.depth-n.depth)); err != nil {
		return err
	}
	for p := parent; p != nil && p.depth >= n.depth; p = p.parent {
		if p == n {
			return refused("node %d cannot move into itself", n.id)
		}
	}
	if before == n {
		before = n.next
	}
	if before != nil && before.parent != parent {
		return refused("node %d is no child of node %d", before.id, parent.id)
	}
	if err := fits(n, parent); err != nil {
		return err
	}
	if by := parent.depth + 1 - n.depth; by != 0 {
		if err := t.sink(n, by); err != nil {
			return err
		}
	}
	n.detach()
	n.insert(parent, before)
	return nil
}

// sink changes the depth of the subtree.
func (t *tree) sink(n *node, by int) error {
	nodes, deepest := 0, 0
	walk(n, func(m *node) { nodes, deepest = nodes+1, max(deepest, m.depth) })
	if deepest+by > maxDepth {
		return refused("nested deeper than %d", maxDepth)
	}
	if err := t.spend(nodes); err != nil {
		return err
	}
	walk(n, func(m *node) { m.depth += by })
	return nil
}

func (n *node) insert(parent, before *node) {
	n.parent, n.next = parent, before
	if before != nil {
		n.prev, before.prev = before.prev, n
	} else {
		n.prev, parent.last = parent.last, n
	}
	if n.prev != nil {
		n.prev.next = n
	} else {
		parent.first = n
	}
}

func (n *node) detach() {
	p := n.parent
	n.parent = nil
	if n.kind == Document {
		p.content = nil
		return
	}
	if n.prev != nil {
		n.prev.next = n.next
	} else {
		p.first = n.next
	}
	if n.next != nil {
		n.next.prev = n.prev
	} else {
		p.last = n.prev
	}
	n.prev, n.next = nil, nil
}

// walk visits the node, its shadow root and its document with their subtrees, and its children with theirs. visit may not
// change the tree.
func walk(n *node, visit func(*node)) {
	visit(n)
	for _, inner := range [...]*node{n.shadow, n.content} {
		if inner != nil {
			walk(inner, visit)
		}
	}
	for c := n.first; c != nil; c = c.next {
		walk(c, visit)
	}
}
