package agent

import (
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// whole gives the pieces of a text that comes as one.
func whole(css string) []string {
	if css == "" {
		return nil
	}
	return []string{css}
}

// setSheet gives a constructed sheet its pieces.
func (t *tree) setSheet(sheet uint32, pieces []string) error {
	if len(t.sheets) >= maxNodes {
		return refused("more than %d style sheets", maxNodes)
	}
	was := t.sheets[sheet]
	t.rules[sheet] = pieces
	t.sheets[sheet] = strings.Join(pieces, "\n")
	return t.grow(len(t.sheets[sheet]) - len(was))
}

// setSheetText gives the sheet of an element its pieces.
func (t *tree) setSheetText(n *node, pieces []string) error {
	was := n.own().CSS
	n.state.rules = pieces
	n.state.CSS = strings.Join(pieces, "\n")
	return t.grow(len(n.state.CSS) - len(was))
}

// replaceRules puts pieces of a sheet in the place of others.
func (t *tree) replaceRules(op wire.SheetRules) error {
	if op.Node == 0 {
		pieces, err := t.replacePieces(t.rules[op.Sheet], t.sheets[op.Sheet], op)
		if err != nil {
			return err
		}
		return t.setSheet(op.Sheet, pieces)
	}
	n, err := t.named(op.Node, "style", "link")
	if err != nil {
		return err
	}
	pieces, err := t.replacePieces(n.own().rules, n.own().CSS, op)
	if err != nil {
		return err
	}
	return t.setSheetText(n, pieces)
}

// replacePieces returns the pieces of a sheet, whose text is joined anew each time, as op leaves them.
func (t *tree) replacePieces(pieces []string, text string, op wire.SheetRules) ([]string, error) {
	from, to := int(op.At), int(op.At)+int(op.Gone)
	if to > len(pieces) {
		return nil, refused("a style sheet has %d pieces, not %d", len(pieces), to)
	}
	if err := t.spend(len(pieces) + len(text)/64); err != nil {
		return nil, err
	}
	return slices.Replace(slices.Clone(pieces), from, to, op.Pieces...), nil
}

func (t *tree) assign(op wire.Assign) error {
	slot, err := t.named(op.Slot, "slot")
	if err != nil {
		return err
	}
	for _, id := range op.Nodes {
		if _, err := t.node(wire.NodeID(id)); err != nil {
			return err
		}
	}
	slot.own().Assigned = op.Nodes
	return nil
}
