package agent

import (
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Control is a form field with what it holds. Of a secret, only that it holds something is known: wire.SecretValue.
type Control struct {
	Node    wire.NodeID
	Kind    string // "select", "textarea", or the type of an input, "text" when it has none
	ID      string // the id attribute
	Name    string // the name attribute
	Label   string // of aria-label, its label element or its placeholder
	Value   string // of a select element the text of the chosen options, separated by ", "
	Checked bool
	Mixed   bool // neither checked nor not
}

// Controls gives the form fields of the page in document order.
func (p *Page) Controls() []Control {
	c := collector{labels: map[string]*Node{}, texts: map[*Node]string{}}
	for n := range p.Document.All {
		if id := n.Attribute("for"); n.Name == "label" && id != "" && c.labels[id] == nil {
			c.labels[id] = n
		}
	}
	c.collect(p.Document, nil)
	return c.controls
}

type collector struct {
	controls []Control
	labels   map[string]*Node // by the id they are for
	texts    map[*Node]string // of labels
}

// collect adds the form fields in the node, which stands in a label, if not nil.
func (c *collector) collect(n, label *Node) {
	if n == nil {
		return
	}
	if isField(n) {
		field := controlOf(n)
		field.Label = c.label(n, label)
		c.controls = append(c.controls, field)
	}
	if n.Kind == Element && n.Name == "label" {
		label = n
	}
	c.collect(n.Shadow, label)
	c.collect(n.Content, label)
	for _, child := range n.Children {
		c.collect(child, label)
	}
}

func isField(n *Node) bool {
	return n.Kind == Element && (n.Name == "input" || n.Name == "textarea" || n.Name == "select")
}

func (c *collector) label(n, around *Node) string {
	if text := n.Attribute("aria-label"); text != "" {
		return text
	}
	if l := c.labels[n.Attribute("id")]; l != nil {
		around = l
	}
	if around == nil {
		return n.Attribute("placeholder")
	}
	text, ok := c.texts[around]
	if !ok {
		text = labelText(around)
		c.texts[around] = text
	}
	return text
}

// Control gives the first form field of the page whose id, name or label is the given one.
func (p *Page) Control(name string) (Control, bool) {
	controls := p.Controls()
	for _, by := range []func(Control) string{
		func(c Control) string { return c.ID }, func(c Control) string { return c.Name }, func(c Control) string { return c.Label },
	} {
		if i := slices.IndexFunc(controls, func(c Control) bool { return by(c) == name }); i >= 0 {
			return controls[i], true
		}
	}
	return Control{}, false
}

func controlOf(n *Node) Control {
	c := Control{Node: n.ID, Kind: n.Name, ID: n.Attribute("id"), Name: n.Attribute("name"), Value: n.Attribute("value")}
	if n.Name == "input" {
		c.Kind = strings.ToLower(n.Attribute("type"))
		if c.Kind == "" {
			c.Kind = "text"
		}
	}
	s := n.State
	if s == nil {
		s = &State{}
	}
	if s.HasValue {
		c.Value = s.Value
	}
	c.Checked, c.Mixed = s.Checked, s.Indeterminate
	if n.Name == "select" {
		c.Value = strings.Join(chosen(n, s.Selected), ", ")
	}
	return c
}

// chosen gives the text of the chosen options.
func chosen(list *Node, selected []uint32) (texts []string) {
	for _, option := range options(list, selected) {
		texts = append(texts, optionText(option))
	}
	return texts
}

// options gives the options of a select element by index.
func options(list *Node, selected []uint32) (nodes []*Node) {
	wanted := map[uint32]bool{}
	for _, i := range selected {
		wanted[i] = true
	}
	i := uint32(0)
	for n := range list.All {
		if n.Kind != Element || n.Name != "option" {
			continue
		}
		if wanted[i] {
			nodes = append(nodes, n)
		}
		i++
	}
	return nodes
}

func optionText(option *Node) string {
	if label := option.Attribute("label"); label != "" {
		return label
	}
	var w textWriter
	w.children(option)
	return w.text.String()
}

// text is what a reader sees of the field.
func (c Control) text() string {
	switch c.Kind {
	case "hidden":
		return ""
	case "checkbox", "radio":
		switch {
		case c.Mixed:
			return "[-]"
		case c.Checked:
			return "[x]"
		}
		return "[ ]"
	}
	return c.Value
}

// labelText is the label's text without what the fields in it hold.
func labelText(l *Node) string {
	var texts []string
	for n := range l.All {
		if n.Kind == Text && n.Parent.Name != "option" && n.Parent.Name != "textarea" {
			texts = append(texts, n.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(texts, "")), " ")
}
