package agent

import (
	"maps"
	"slices"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Page is what the agent sees at one moment. It does not change any more and is safe for concurrent use; nobody may change it.
// All of it comes from the customer's browser and is as trustworthy as that.
type Page struct {
	URL      string // without query and hash
	Title    string
	Viewport Viewport
	Document *Node // nil before the first snapshot

	// Loading tells that the page is not, or no longer, what the customer sees: nothing has come yet, the customer is on the way
	// to the next page, the link is interrupted, or the picture is being fetched anew.
	Loading bool
	// Hidden tells that the customer has another tab or program in front.
	Hidden bool
	// Paused tells that the customer has paused what the agent sees: the page is as it was before, or none.
	Paused bool

	Pointer   Point // the customer's pointer, in CSS pixels of the viewport
	Focus     wire.NodeID
	Selection wire.Select       // Anchor 0: nothing is selected
	Sheets    map[uint32]string // rules of the constructed style sheets, by number
	Assets    map[uint32]Asset  // images and fonts, by number

	// Pseudo tells which elements match pseudo-classes that the page's style sheets ask for: by name, such as "hover", "focus-visible" or
	// "state(open)"; "defined" names custom elements that are not. Some of the nodes may be gone.
	Pseudo map[string][]wire.NodeID

	// Features are the media features that hold for the customer, such as "prefers-color-scheme: dark" and "hover: hover"; wire.Features
	// has the rules.
	Features []string
	// Visual is the part of the viewport that the customer sees; Width 0: all of it.
	Visual wire.Visual
}

// Viewport is the size of the customer's window inside, scroll bars included.
type Viewport struct {
	Width, Height uint32  // CSS pixels
	Scale         float64 // device pixels per CSS pixel
}

// Kind is the kind of a Node.
type Kind uint8

// The kinds.
const (
	Element Kind = iota + 1
	Text
	Document // of the page, or of an iframe
	Shadow   // a shadow root
)

// Node is a node of a Page.
type Node struct {
	ID         wire.NodeID
	Kind       Kind
	Namespace  uint32   // of an Element: wire.NamespaceHTML, NamespaceSVG or NamespaceMathML
	Name       string   // of an Element: its local name
	Attributes []string // name and value in turn
	Data       string   // of a Text
	Quirks     bool     // of a Document: it is in quirks mode
	Manual     bool     // of a Shadow: its slots are assigned by hand
	Parent     *Node    // of a Shadow its host, of an iframe's Document the iframe
	Children   []*Node
	Shadow     *Node  // the shadow root of an Element
	Content    *Node  // the Document in an iframe
	Embedded   *Page  // the page in an iframe that the sender of another origin tells of, with numbers of its own; nil: none
	State      *State // nil: nothing has been told
}

// Attribute gives the value of an attribute, "" when there is none.
func (n *Node) Attribute(name string) string {
	value, _ := n.LookupAttribute(name)
	return value
}

// LookupAttribute gives the value of an attribute, and whether it is there.
func (n *Node) LookupAttribute(name string) (string, bool) {
	for i := 0; i+1 < len(n.Attributes); i += 2 {
		if n.Attributes[i] == name {
			return n.Attributes[i+1], true
		}
	}
	return "", false
}

// All visits the node and all inside it in document order, shadow roots and the documents of frames before children, until yield
// returns false. It does not visit Embedded pages.
func (n *Node) All(yield func(*Node) bool) { n.all(yield) }

func (n *Node) all(yield func(*Node) bool) bool {
	if n == nil {
		return true
	}
	if !yield(n) || !n.Shadow.all(yield) || !n.Content.all(yield) {
		return false
	}
	for _, c := range n.Children {
		if !c.all(yield) {
			return false
		}
	}
	return true
}

// Node gives a node of the page by its number, nil when there is none.
func (p *Page) Node(id wire.NodeID) *Node {
	for n := range p.Document.All {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// Element gives the first element of the page with the id attribute, nil when there is none.
func (p *Page) Element(id string) *Node {
	for n := range p.Document.All {
		if value, ok := n.LookupAttribute("id"); ok && value == id {
			return n
		}
	}
	return nil
}

// Scroll gives the scroll offset of the window.
func (p *Page) Scroll() Point {
	if p.Document == nil || p.Document.State == nil {
		return Point{}
	}
	return p.Document.State.Scroll
}

// snapshot copies what the mirror shows.
func (t *tree) snapshot() *Page {
	if t == nil {
		return &Page{}
	}
	p := &Page{
		URL: t.page.URL, Title: t.page.Title,
		Viewport:  Viewport{t.page.Width, t.page.Height, float64(t.page.Scale) / 100},
		Document:  t.nodes[1].clone(nil),
		Focus:     t.focus,
		Selection: t.selection,
		Sheets:    maps.Clone(t.sheets),
		Assets:    maps.Clone(t.assets),
		Pseudo:    maps.Clone(t.pseudo),
		Features:  t.features,
		Visual:    t.visual,
	}
	if len(t.embedded) > 0 {
		for n := range p.Document.All {
			if m := t.embedded[n.ID]; m != nil && m.shown != nil {
				n.Embedded = m.shown.snapshot()
				n.Embedded.Loading = m.lost
			}
		}
	}
	return p
}

// document gives the document in an iframe, whoever told of it.
func (n *Node) document() *Node {
	if n.Content == nil && n.Embedded != nil {
		return n.Embedded.Document
	}
	return n.Content
}

func (n *node) clone(parent *Node) *Node {
	if n == nil {
		return nil
	}
	c := &Node{
		ID: n.id, Kind: n.kind, Namespace: n.namespace, Name: n.name, Attributes: slices.Clip(n.attributes), Data: n.data, Parent: parent,
		Quirks: n.flag && n.kind == Document, Manual: n.flag && n.kind == Shadow,
	}
	if n.state != nil {
		state := *n.state
		c.State = &state
	}
	c.Shadow, c.Content = n.shadow.clone(c), n.content.clone(c)
	count := 0
	for child := n.first; child != nil; child = child.next {
		count++
	}
	if count > 0 {
		c.Children = make([]*Node, 0, count)
	}
	for child := n.first; child != nil; child = child.next {
		c.Children = append(c.Children, child.clone(c))
	}
	return c
}
