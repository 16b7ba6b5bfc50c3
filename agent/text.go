package agent

import (
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Text gives the page's text about as a reader would read it: white space collapsed, a line for each block, what form fields
// hold, the alternative text of images, shadow roots and frames in their places. Without styles it cannot know what those hide.
func (p *Page) Text() string { return p.Document.Text() }

// Text gives the text of the node, as Page.Text does.
func (n *Node) Text() string {
	var w textWriter
	if n != nil {
		w.node(n)
	}
	return w.text.String()
}

// textWriter collapses white space as CSS does (CSS Text 3, section 4.1): the space or break that is due is written before the
// next word.
type textWriter struct {
	text strings.Builder
	due  byte   // one of separators
	pre  int    // levels of preformatted text
	tree *slots // of the shadow tree that is being written; nil: none
}

// separators in the order of their strength.
const separators = "\x00 \t\n"

// slots is what a host has for the slots of its shadow tree.
type slots struct {
	byName map[string][]*Node
	outer  *slots
}

var (
	unseen = set("head", "script", "style", "link", "template", "noscript", "datalist", "option", "optgroup")
	blocks = set("address", "article", "aside", "blockquote", "body", "button", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "iframe",
		"legend", "li", "main", "menu", "nav", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody", "tfoot",
		"thead", "tr", "ul", "caption")
	cells = set("td", "th")
)

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, name := range names {
		m[name] = true
	}
	return m
}

func (w *textWriter) node(n *Node) {
	switch n.Kind {
	case Text:
		w.words(n.Data)
	case Element:
		w.element(n)
	default:
		w.children(n)
	}
}

func (w *textWriter) children(n *Node) {
	for _, c := range n.Children {
		w.node(c)
	}
}

func (w *textWriter) element(n *Node) {
	if hidden(n) {
		return
	}
	between := byte(0)
	switch {
	case n.Name == "br":
		w.separate('\n')
	case blocks[n.Name]:
		between = '\n'
	case cells[n.Name]:
		between = '\t'
	}
	w.separate(between)
	if n.Name == "pre" {
		w.pre++
	}
	switch {
	case w.field(n):
	case n.Name == "slot" && w.slot(n.Attribute("name")):
	case n.Shadow != nil:
		w.shadow(n)
	case n.document() != nil:
		w.children(n.document())
	default:
		w.children(n)
	}
	if n.Name == "pre" {
		w.pre--
	}
	w.separate(between)
}

func hidden(n *Node) bool {
	if _, ok := n.LookupAttribute("hidden"); ok || n.Namespace == wire.NamespaceHTML && unseen[n.Name] {
		return true
	}
	layer := uint32(wire.TopLayerNone)
	if n.State != nil {
		layer = n.State.TopLayer
	}
	if _, open := n.LookupAttribute("open"); n.Name == "dialog" && !open && layer == wire.TopLayerNone {
		return true
	}
	if _, popover := n.LookupAttribute("popover"); popover && layer == wire.TopLayerNone {
		return true
	}
	if p := n.Parent; p != nil && p.Kind == Element && p.Name == "details" && n.Name != "summary" {
		_, open := p.LookupAttribute("open")
		return !open
	}
	return false
}

// field writes what is seen of an element whose children are not.
func (w *textWriter) field(n *Node) bool {
	switch n.Name {
	case "input", "textarea", "select":
		w.separate(' ')
		w.words(controlOf(n).text())
		w.separate(' ')
	case "img":
		w.words(n.Attribute("alt"))
	default:
		return false
	}
	return true
}

// shadow writes the shadow tree of a host.
func (w *textWriter) shadow(host *Node) {
	byName := map[string][]*Node{}
	if !host.Shadow.Manual {
		for _, c := range host.Children {
			byName[c.Attribute("slot")] = append(byName[c.Attribute("slot")], c)
		}
	}
	w.tree = &slots{byName, w.tree}
	w.children(host.Shadow)
	w.tree = w.tree.outer
}

// slot writes what is assigned to a slot of the shadow tree, if anything is. The first slot of a name gets it (WHATWG DOM 4.2.2.3).
func (w *textWriter) slot(name string) bool {
	inner := w.tree
	if inner == nil || len(inner.byName[name]) == 0 {
		return false
	}
	nodes := inner.byName[name]
	delete(inner.byName, name)
	w.tree = inner.outer
	for _, c := range nodes {
		w.node(c)
	}
	w.tree = inner
	return true
}

func (w *textWriter) words(s string) {
	if w.pre > 0 {
		w.flush()
		w.text.WriteString(s)
		return
	}
	for i, word := range strings.FieldsFunc(s, space) {
		if i > 0 || space(rune(s[0])) {
			w.separate(' ')
		}
		w.flush()
		w.text.WriteString(word)
	}
	if s != "" && space(rune(s[len(s)-1])) {
		w.separate(' ')
	}
}

// space tells whether white space collapses; a no-break space does not.
func space(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// separate makes a separator due, unless a stronger one is.
func (w *textWriter) separate(by byte) {
	if strings.IndexByte(separators, by) > strings.IndexByte(separators, w.due) {
		w.due = by
	}
}

func (w *textWriter) flush() {
	if w.due != 0 && w.text.Len() > 0 {
		w.text.WriteByte(w.due)
	}
	w.due = 0
}
