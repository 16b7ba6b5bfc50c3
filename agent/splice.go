package agent

import (
	"unicode/utf8"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// splice replaces a part of a long text: of a text node, an attribute or what a field holds.
func (t *tree) splice(op wire.Splice) error {
	n, err := t.node(op.Node)
	if err != nil {
		return err
	}
	switch {
	case op.Name != "":
		i := n.attribute(op.Name)
		if n.kind != Element || i < 0 {
			return refused("node %d has no attribute %q", op.Node, op.Name)
		}
		value, err := t.spliced(n.attributes[i+1], op)
		if err != nil {
			return err
		}
		return t.setAttribute(n, op.Name, value)
	case n.kind == Text:
		data, err := t.spliced(n.data, op)
		if err != nil {
			return err
		}
		return t.setText(n, data)
	default:
		value, err := t.spliced(n.own().Value, op)
		if err != nil {
			return err
		}
		return t.applyState(wire.SetValue{Node: op.Node, Value: value})
	}
}

// spliced returns text as op leaves it.
func (t *tree) spliced(text string, op wire.Splice) (string, error) {
	if err := t.spend(len(text) / 64); err != nil {
		return "", err
	}
	from, ok := afterUnits(text, op.At)
	if !ok {
		return "", refused("a text of node %d is shorter than %d", op.Node, op.At)
	}
	gone, ok := afterUnits(text[from:], op.Gone)
	if !ok {
		return "", refused("a text of node %d is shorter than %d", op.Node, uint64(op.At)+uint64(op.Gone))
	}
	return text[:from] + op.Text + text[from+gone:], nil
}

// afterUnits returns the offset in bytes behind so many UTF-16 units. There may be none: the text is shorter, or a pair would be divided.
func afterUnits(text string, units uint32) (int, bool) {
	at := 0
	for units > 0 {
		if at == len(text) {
			return 0, false
		}
		if text[at] < utf8.RuneSelf {
			at++
			units--
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if r > 0xffff {
			if units < 2 {
				return 0, false
			}
			units--
		}
		at += size
		units--
	}
	return at, true
}
