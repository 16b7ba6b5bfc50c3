package agent

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// framed is a page around, whose node 4 is an iframe, as 5 is.
func framed(t *testing.T) (m *mirror, f *feed) {
	t.Helper()
	m, f = &mirror{}, &feed{}
	if err := m.frame(f.frame(pageWith(element("iframe"), up, element("iframe"))...)); err != nil {
		t.Fatal(err)
	}
	return m, f
}

// embed brings a frame into the page around and tells what it thinks of it.
func embed(t *testing.T, m *mirror, f *feed, node wire.NodeID, frame []byte) []failure {
	t.Helper()
	if err := m.frame(f.frame(wire.Embedded{Node: node, Frame: frame})); err != nil {
		t.Fatal(err)
	}
	return m.failures()
}

func TestAPageInAFrameIsAPageOfItsOwn(t *testing.T) {
	m, f := framed(t)
	var pay, bank feed
	embed(t, m, f, 4, pay.frame(pageWith(wire.Text{Data: "Pay"}, element("iframe"))...))
	embed(t, m, f, 4, pay.frame(wire.Embedded{Node: 5, Frame: bank.frame(pageWith(wire.Text{Data: "Bank"})...)}))
	p := m.shown.snapshot()
	inner := p.Node(4).Embedded
	if inner == nil || inner.Title != "Shop" || inner.Loading || inner.Node(4).Data != "Pay" || inner.Node(5).Embedded.Node(4).Data != "Bank" {
		t.Fatalf("got %+v", inner)
	}
	if got := strings.Join(strings.Fields(p.Text()), " "); got != "Pay Bank" {
		t.Errorf("the text is %q", got)
	}
	if got := p.HTML(); !strings.Contains(got, "Pay") || !strings.Contains(got, "Bank") {
		t.Errorf("the HTML is %s", got)
	}
	embed(t, m, f, 4, pay.frame(wire.SetText{Node: 4, Data: "Paid"}))
	if got := m.shown.snapshot().Node(4).Embedded.Node(4).Data; got != "Paid" || inner.Node(4).Data != "Pay" {
		t.Errorf("it says %q, and %q before", got, inner.Node(4).Data)
	}
	embed(t, m, f, 4, nil)
	if got := m.shown.snapshot().Node(4).Embedded; got != nil || len(m.shown.family.mirrors) != 0 {
		t.Errorf("the page that is over is still there: %+v", got)
	}
}

func TestWhatIsWrongInAFrameStaysInIt(t *testing.T) {
	m, f := framed(t)
	var pay feed
	for name, c := range map[string]struct {
		frame []byte
		want  error
	}{
		"bytes before any page":          {[]byte("garbage"), nil},
		"a change before any page":       {new(feed).frame(wire.Remove{Node: 2}), nil},
		"a page that is malformed":       {append(pay.frame(pageWith()...), 255), wire.ErrFrame},
		"a page that makes no sense":     {pay.frame(append(pageWith(), wire.Remove{Node: 99})...), errRefused},
		"a page beyond the limits":       {pay.frame(append(pageWith()[:3], times(wire.Text{}, maxNodes)...)...), errRefused},
		"frames in frames, far too deep": {nested(2 * maxEmbeddedDepth), nil},
	} {
		t.Run(name, func(t *testing.T) {
			m, f := m, f
			failed := embed(t, m, f, 4, c.frame)
			if c.want == nil && len(failed) != 0 || c.want != nil && (len(failed) != 1 || !errors.Is(failed[0].err, c.want) || !reflect.DeepEqual(failed[0].path, []int{4})) {
				t.Errorf("got %v", failed)
			}
			if lost := m.shown.embedded[4].lost; lost && len(embed(t, m, f, 4, []byte("more"))) != 0 {
				t.Error("it is told again")
			}
			if err := m.frame(f.frame(wire.SetAttribute{Node: 3, Name: "class", Value: "fine"})); err != nil {
				t.Errorf("the page around is harmed: %v", err)
			}
			m.shown.unembed(4)
		})
	}
	for _, node := range []wire.NodeID{3, 99} {
		if err := m.frame(f.frame(wire.Embedded{Node: node, Frame: []byte("x")})); !errors.Is(err, errRefused) {
			t.Errorf("node %d takes a page: %v", node, err)
		}
		m, f = framed(t)
	}
}

// nested is a page in a frame in a page in a frame, and so on.
func nested(depth int) []byte {
	ops := pageWith(element("iframe"))
	if depth > 0 {
		ops = append(ops, wire.Embedded{Node: 4, Frame: nested(depth - 1)})
	}
	return new(feed).frame(ops...)
}

func times(op wire.Op, n int) []wire.Op {
	ops := make([]wire.Op, n)
	for i := range ops {
		ops[i] = op
	}
	return ops
}

func TestPagesInFramesShareTheirLimits(t *testing.T) {
	m, f := framed(t)
	page := func(text int) []byte {
		ops := pageWith(wire.Text{Data: "small"})
		for i := range 5 {
			ops = append(ops, wire.SetAttribute{Node: 3, Name: fmt.Sprint("a", i), Value: strings.Repeat("x", text)})
		}
		return new(feed).frame(ops...)
	}
	if failed := embed(t, m, f, 4, page(2<<20)); len(failed) != 0 {
		t.Fatal(failed)
	}
	failed := embed(t, m, f, 5, page(12<<20))
	if len(failed) != 1 || !errors.Is(failed[0].err, errRefused) || !reflect.DeepEqual(failed[0].path, []int{5}) {
		t.Errorf("got %v", failed)
	}
	// The small page is innocent of what the two are together.
	if p := m.shown.snapshot(); p.Node(5).Embedded != nil || p.Node(4).Embedded.Node(4).Data != "small" {
		t.Error("the wrong one was given up")
	}
}

func TestFramesThatGoTakeTheirPagesAlong(t *testing.T) {
	m, f := framed(t)
	var pay feed
	embed(t, m, f, 4, pay.frame(append(pageWith(element("iframe")), wire.Embedded{Node: 4, Frame: new(feed).frame(pageWith()...)})...))
	if got := len(m.shown.family.mirrors); got != 2 {
		t.Fatalf("%d pages in frames", got)
	}
	embed(t, m, f, 4, pay.frame(pageWith()...))
	if got := len(m.shown.family.mirrors); got != 1 {
		t.Errorf("%d pages in frames after a new page in the frame", got)
	}
	if err := m.frame(f.frame(wire.Remove{Node: 4})); err != nil {
		t.Fatal(err)
	}
	if got := len(m.shown.family.mirrors); got != 0 {
		t.Errorf("%d pages in frames after the frame was removed", got)
	}
}

func TestNoMorePagesInFramesThanTheLimit(t *testing.T) {
	var m mirror
	var f feed
	ops := pageWith()[:3]
	for range maxEmbedded + 10 {
		ops = append(ops, element("iframe"), up)
	}
	if err := m.frame(f.frame(append(ops, wire.PageEnd{})...)); err != nil {
		t.Fatal(err)
	}
	page := new(feed).frame(pageWith()...)
	for i := range wire.NodeID(maxEmbedded + 10) {
		embed(t, &m, &f, 4+i, bytes.Clone(page))
	}
	if got := len(m.shown.family.mirrors); got != maxEmbedded {
		t.Errorf("%d pages in frames", got)
	}
}
