package agent

import (
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// apply does one operation, any but Page and PageEnd, to the page.
func (t *tree) apply(op wire.Op) error {
	switch op := op.(type) {
	case wire.At:
		return t.at(op)
	case wire.Element:
		return t.enter(&node{kind: Element, namespace: op.Namespace, name: op.Name, attributes: op.Attributes})
	case wire.Text:
		return t.make(&node{kind: Text, data: op.Data})
	case wire.Up:
		return t.up(op.Levels)
	case wire.Shadow:
		return t.enter(&node{kind: Shadow, flag: op.ManualSlots})
	case wire.FrameDocument:
		return t.enter(&node{kind: Document, flag: op.Quirks})
	case wire.Remove:
		return t.on(t.node(op.Node))(t.remove)
	case wire.Move:
		return t.moveTo(op)
	case wire.SetAttribute:
		return t.on(t.element(op.Node))(func(n *node) error { return t.setAttribute(n, op.Name, op.Value) })
	case wire.RemoveAttribute:
		return t.on(t.element(op.Node))(func(n *node) error { return t.removeAttribute(n, op.Name) })
	case wire.SetText:
		return t.on(t.node(op.Node))(func(n *node) error { return t.setText(n, op.Data) })
	case wire.Splice:
		return t.splice(op)
	case wire.Viewport:
		t.page.Width, t.page.Height, t.page.Scale = op.Width, op.Height, op.Scale
	case wire.Title:
		t.page.Title = op.Title
	case wire.Location:
		t.page.URL = op.URL
	case wire.Sheet:
		return t.setSheet(op.Sheet, whole(op.CSS))
	case wire.SheetRules:
		return t.replaceRules(op)
	case wire.Embedded:
		return t.embed(op)
	case wire.Asset:
		return t.addAsset(op)
	case wire.Content:
		return t.addContent(op)
	case wire.AssetFailed:
		was := t.assets[op.Asset]
		t.media -= len(was.Data)
		t.assets[op.Asset] = Asset{Type: was.Type, Failed: true}
	case wire.Pseudo:
		return t.setPseudo(op)
	case wire.Features:
		was := t.features
		t.features = op.Holding
		return t.grow(len(strings.Join(op.Holding, "")) - len(strings.Join(was, "")))
	case wire.Visual:
		t.visual = op
	default:
		return t.applyState(op)
	}
	return nil
}

// on runs a function on the node that was looked up, if it was found.
func (t *tree) on(n *node, err error) func(func(*node) error) error {
	return func(f func(*node) error) error {
		if err != nil {
			return err
		}
		return f(n)
	}
}

// target looks up where a node goes.
func (t *tree) target(parent, before wire.NodeID) (p, b *node, err error) {
	if p, err = t.node(parent); err != nil {
		return nil, nil, err
	}
	if p.kind == Text {
		return nil, nil, refused("node %d is text and has no inside", parent)
	}
	if before == 0 {
		return p, nil, nil
	}
	if b, err = t.node(before); err != nil {
		return nil, nil, err
	}
	if b.parent != p || b.kind == Shadow || b.kind == Document {
		return nil, nil, refused("node %d is no child of node %d", before, parent)
	}
	return p, b, nil
}

func (t *tree) at(op wire.At) error {
	p, b, err := t.target(op.Parent, op.Before)
	if err == nil {
		t.places = []place{{p, b}}
	}
	return err
}

// enter makes a node and moves the place to its inside.
func (t *tree) enter(n *node) error {
	if n.kind == Element {
		if n.namespace > wire.NamespaceMathML || badName(n.name) || len(n.attributes)%2 != 0 {
			return refused("an element without a proper name or namespace")
		}
		for i := 0; i < len(n.attributes); i += 2 {
			if badName(n.attributes[i]) {
				return refused("an attribute without a proper name")
			}
		}
	}
	if err := t.make(n); err != nil {
		return err
	}
	t.places = append(t.places, place{parent: n})
	return nil
}

// badName tells whether a name could be read as something else when it is written down as HTML.
func badName(name string) bool {
	return name == "" || strings.ContainsAny(name, "\x00\t\n\f\r />")
}

func (t *tree) up(levels uint32) error {
	if uint64(levels) >= uint64(len(t.places)) {
		return refused("%d up is out of the page", levels)
	}
	t.places = t.places[:len(t.places)-int(levels)]
	return nil
}

func (t *tree) moveTo(op wire.Move) error {
	n, err := t.node(op.Node)
	if err != nil {
		return err
	}
	p, b, err := t.target(op.Parent, op.Before)
	if err != nil {
		return err
	}
	return t.move(n, p, b)
}

func (t *tree) setAttribute(n *node, name, value string) error {
	if badName(name) {
		return refused("an attribute without a proper name")
	}
	if err := t.spend(len(n.attributes)); err != nil {
		return err
	}
	n.attributes = slices.Clone(n.attributes) // snapshots share them
	if i := n.attribute(name); i >= 0 {
		was := n.attributes[i+1]
		n.attributes[i+1] = value
		return t.grow(len(value) - len(was))
	}
	n.attributes = append(n.attributes, name, value)
	return t.grow(len(name) + len(value))
}

func (t *tree) removeAttribute(n *node, name string) error {
	if err := t.spend(len(n.attributes)); err != nil {
		return err
	}
	i := n.attribute(name)
	if i < 0 {
		return nil
	}
	size := len(name) + len(n.attributes[i+1])
	n.attributes = slices.Delete(slices.Clone(n.attributes), i, i+2)
	return t.grow(-size)
}

// attribute gives the index of an attribute's name, or -1.
func (n *node) attribute(name string) int {
	for i := 0; i+1 < len(n.attributes); i += 2 {
		if n.attributes[i] == name {
			return i
		}
	}
	return -1
}

func (t *tree) setText(n *node, data string) error {
	if n.kind != Text {
		return refused("node %d is no text", n.id)
	}
	was := n.data
	n.data = data
	return t.grow(len(data) - len(was))
}

func (t *tree) setPseudo(op wire.Pseudo) error {
	if _, known := t.pseudo[op.Name]; !known && len(t.pseudo) >= maxPseudo {
		return refused("more than %d pseudo-classes", maxPseudo)
	}
	if err := t.spend(len(op.Nodes)); err != nil {
		return err
	}
	nodes := make([]wire.NodeID, len(op.Nodes))
	for i, id := range op.Nodes {
		nodes[i] = wire.NodeID(id)
		if _, err := t.element(nodes[i]); err != nil {
			return err
		}
	}
	t.pseudo[op.Name] = nodes
	return nil
}

func (t *tree) addAsset(op wire.Asset) error {
	was := t.assets[op.Asset]
	if was.Complete || was.Failed {
		t.media -= len(was.Data)
		was = Asset{}
	}
	if t.media += len(op.Data); t.media > maxAssetBytes || len(t.assets) >= maxNodes {
		return refused("more than %d bytes of assets", maxAssetBytes)
	}
	a := Asset{Type: op.Type, Data: append(was.Data, op.Data...), Complete: !op.More}
	t.assets[op.Asset] = a
	if content, ok := t.awaited[op.Asset]; ok && a.Complete {
		delete(t.awaited, op.Asset)
		t.contents.keep(content, a)
	}
	return nil
}
