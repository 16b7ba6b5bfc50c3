package agent

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func FuzzMirror(f *testing.F) {
	var pages feed
	f.Add(append(pages.frame(pageWith(element("p"), wire.Text{Data: "a"}, up, element("iframe"), wire.FrameDocument{})...), 255, 255))
	f.Add(pages.frame(pageWith(element("x-a"), wire.Shadow{}, element("slot"), wire.Up{Levels: 2}, wire.Text{Data: "b"})...))
	f.Add(pages.frame(wire.Embedded{Node: 7, Frame: pages.frame(pageWith(element("iframe"))...)}, wire.Embedded{Node: 7, Frame: pages.frame(wire.Embedded{Node: 4, Frame: []byte("x")})}))
	f.Add(pages.frame(wire.Move{Node: 4, Parent: 3}, wire.Remove{Node: 4}, wire.SetValue{Node: 4}, wire.Select{Anchor: 3, Focus: 3}))
	f.Fuzz(func(t *testing.T, data []byte) {
		// Frames are separated by the byte pair ff ff, so that the fuzzer can make several.
		var m mirror
		base := new(feed).frame(pageWith(element("p"), wire.Text{Data: "a"}, up, element("select"), element("option"), wire.Up{Levels: 2}, element("iframe"), wire.FrameDocument{})...)
		if err := m.frame(base); err != nil {
			t.Fatal(err)
		}
		for frame := range strings.SplitSeq(string(data), "\xff\xff") {
			if err := m.frame([]byte(frame)); err != nil && m.next != nil {
				t.Fatal("half a snapshot is left after an error")
			}
			if m.shown == nil {
				t.Fatal("the last picture is gone")
			}
		}
		check(t, m.shown)
		p := m.shown.snapshot()
		_, _, _ = p.Text(), p.HTML(), p.Controls()
	})
}

// check compares what a tree counts with what it has.
func check(t *testing.T, tree *tree) {
	t.Helper()
	nodes, text := 0, 0
	walk(tree.nodes[1], func(n *node) {
		nodes++
		text += n.textSize()
		if tree.nodes[n.id] != n {
			t.Fatalf("node %d is not under its number", n.id)
		}
		if n.parent != nil && n.depth != n.parent.depth+1 {
			t.Fatalf("node %d: depth %d in a parent of depth %d", n.id, n.depth, n.parent.depth)
		}
	})
	for _, css := range tree.sheets {
		text += len(css)
	}
	for _, feature := range tree.features {
		text += len(feature)
	}
	if nodes != len(tree.nodes) || text != tree.text {
		t.Fatalf("%d nodes and %d bytes of text, counted %d and %d", nodes, text, len(tree.nodes), tree.text)
	}
	for id, m := range tree.embedded {
		if tree.nodes[id] == nil || !tree.family.mirrors[m] {
			t.Fatalf("the page in frame %d is not in the family", id)
		}
		if m.shown != nil {
			check(t, m.shown)
		}
	}
}
