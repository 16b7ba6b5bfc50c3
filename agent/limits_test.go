package agent

import (
	"errors"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAPageBeyondTheLimitsIsRefused(t *testing.T) {
	deep := pageWith()[:3]
	for range maxDepth {
		deep = append(deep, element("div"))
	}
	wide := pageWith()[:3]
	for range maxNodes {
		wide = append(wide, wire.Text{})
	}
	long := pageWith()[:3]
	for range 5 {
		long = append(long, wire.Text{Data: strings.Repeat("x", 15<<20)})
	}
	for name, ops := range map[string][]wire.Op{
		"too deep":           deep,
		"too many nodes":     wide,
		"too much text":      long,
		"too deep by moving": hungTogether(3, 2000),
	} {
		t.Run(name, func(t *testing.T) {
			var m mirror
			if err := m.frame(new(feed).frame(ops...)); !errors.Is(err, errRefused) {
				t.Errorf("got error %v", err)
			}
		})
	}
	if err := new(mirror).frame(new(feed).frame(hungTogether(2, 2000)...)); err != nil {
		t.Errorf("within the limits: %v", err)
	}
}

// hungTogether makes chains of elements and hangs each below the one before.
func hungTogether(chains int, length wire.NodeID) []wire.Op {
	ops := pageWith()[:3]
	for range chains {
		ops = append(ops, wire.At{Parent: 3})
		for range length {
			ops = append(ops, element("b"))
		}
	}
	ops = append(ops, wire.PageEnd{})
	for root := 4 + length; chains > 1; chains, root = chains-1, root+length {
		ops = append(ops, wire.Move{Node: root, Parent: root - 1})
	}
	return ops
}

func TestCostlyMovesAreRefused(t *testing.T) {
	ops := pageWith(element("div"), up, element("div"))
	ops = ops[:len(ops)-1]
	for range 100_000 {
		ops = append(ops, wire.Text{})
	}
	ops = append(ops, wire.PageEnd{})
	for range 1000 {
		ops = append(ops, wire.Move{Node: 5, Parent: 4}, wire.Move{Node: 5, Parent: 3})
	}
	if err := new(mirror).frame(new(feed).frame(ops...)); !errors.Is(err, errRefused) {
		t.Errorf("got error %v", err)
	}
}

func TestCostlySheetsAreRefused(t *testing.T) {
	ops := append(pageWith(), wire.Sheet{Sheet: 1, CSS: strings.Repeat("x", 1<<20)})
	for range 1000 {
		ops = append(ops, wire.SheetRules{Sheet: 1, At: 1})
	}
	var m mirror
	if err := m.frame(new(feed).frame(ops...)); !errors.Is(err, errRefused) {
		t.Errorf("got error %v", err)
	}
}
