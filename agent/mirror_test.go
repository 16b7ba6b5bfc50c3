package agent

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// feed makes frames of operations, as a sender does.
type feed struct {
	seq     uint32
	strings wire.Strings
}

func (f *feed) frame(ops ...wire.Op) []byte {
	f.seq++
	return wire.AppendFrame(nil, f.seq, ops, &f.strings)
}

func pageWith(inside ...wire.Op) []wire.Op {
	ops := []wire.Op{wire.Page{URL: "https://shop.example/", Title: "Shop", Width: 800, Height: 600, Scale: 200}, element("html"), element("body")}
	return append(append(ops, inside...), wire.PageEnd{})
}

func element(name string, attributes ...string) wire.Op {
	return wire.Element{Name: name, Attributes: attributes}
}

var up = wire.Up{Levels: 1}

func show(t testing.TB, frames ...[]wire.Op) *Page {
	t.Helper()
	var m mirror
	var f feed
	for i, ops := range frames {
		if err := m.frame(f.frame(ops...)); err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
	}
	return m.shown.snapshot()
}

const head = "<!DOCTYPE html><html><body>"
const foot = "</body></html>"

func TestFramesBuildThePageTheyTellOf(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames [][]wire.Op
		want   string
	}{
		{"text and elements", [][]wire.Op{pageWith(element("p", "class", "a"), wire.Text{Data: "1 < 2"}, up, wire.Text{Data: "x"})},
			`<p class="a">1 &lt; 2</p>x`},
		{"a snapshot in several frames", [][]wire.Op{pageWith()[:3], {element("p"), wire.Text{Data: "a"}}, {up, wire.Text{Data: "b"}, wire.PageEnd{}}},
			`<p>a</p>b`},
		{"nodes before a child", [][]wire.Op{pageWith(element("i"), up, element("b")), {wire.At{Parent: 3, Before: 5}, wire.Text{Data: "1"}, element("u"), wire.Text{Data: "in"}, up, wire.Text{Data: "2"}}},
			`<i></i>1<u>in</u>2<b></b>`},
		{"nodes at the end", [][]wire.Op{pageWith(element("i"), up), {wire.At{Parent: 3}, wire.Text{Data: "end"}}}, `<i></i>end`},
		{"a node removed with its subtree", [][]wire.Op{pageWith(element("p"), wire.Text{Data: "gone"}, up, wire.Text{Data: "stays"}), {wire.Remove{Node: 4}}},
			`stays`},
		{"a node moved before another", [][]wire.Op{pageWith(element("i"), up, element("b"), up, element("u")), {wire.Move{Node: 6, Parent: 3, Before: 4}}},
			`<u></u><i></i><b></b>`},
		{"a node moved before itself", [][]wire.Op{pageWith(element("i"), up, element("b")), {wire.Move{Node: 4, Parent: 3, Before: 4}}}, `<i></i><b></b>`},
		{"a node moved into another", [][]wire.Op{pageWith(element("i"), up, element("b")), {wire.Move{Node: 4, Parent: 5}}}, `<b><i></i></b>`},
		{"a node moved out of its parent", [][]wire.Op{pageWith(element("b"), element("i")), {wire.Move{Node: 5, Parent: 3, Before: 4}}}, `<i></i><b></b>`},
		{"attributes set and removed", [][]wire.Op{pageWith(element("p", "a", "1", "b", "2")), {wire.SetAttribute{Node: 4, Name: "b", Value: `"3"`}, wire.SetAttribute{Node: 4, Name: "@c", Value: "4"}, wire.RemoveAttribute{Node: 4, Name: "a"}, wire.RemoveAttribute{Node: 4, Name: "none"}}},
			`<p b="&#34;3&#34;" @c="4"></p>`},
		{"text replaced", [][]wire.Op{pageWith(wire.Text{Data: "a"}), {wire.SetText{Node: 4, Data: "b"}}}, `b`},
		{"a shadow root", [][]wire.Op{pageWith(element("x-a"), wire.Shadow{}, element("slot"), wire.Up{Levels: 2}, wire.Text{Data: "light"})},
			`<x-a><template shadowrootmode="open"><slot></slot></template>light</x-a>`},
		{"a shadow root that comes later", [][]wire.Op{pageWith(element("x-a"), wire.Text{Data: "light"}), {wire.At{Parent: 4}, wire.Shadow{}, wire.Text{Data: "dark"}}},
			`<x-a><template shadowrootmode="open">dark</template>light</x-a>`},
		{"the document of a frame", [][]wire.Op{pageWith(element("iframe"), wire.FrameDocument{Quirks: true}, element("html"), wire.Text{Data: `"a" & b`})},
			`<iframe srcdoc="&lt;html&gt;&amp;#34;a&amp;#34; &amp;amp; b&lt;/html&gt;"></iframe>`},
		{"the next document of a frame", [][]wire.Op{pageWith(element("iframe"), wire.FrameDocument{Quirks: true}, element("html")), {wire.At{Parent: 4}, wire.FrameDocument{Quirks: true}, element("body")}},
			`<iframe srcdoc="&lt;body&gt;&lt;/body&gt;"></iframe>`},
		{"the rules of a style element", [][]wire.Op{pageWith(element("style"), wire.SheetText{Node: 4, CSS: "a{}</style>"})}, `<style>a{}<\/style></style>`},
		{"rules put in, out and in the place of others", [][]wire.Op{pageWith(element("style"), wire.SheetText{Node: 4, CSS: "a{}"}, wire.SheetRules{Node: 4, At: 1, Pieces: []string{"b{}", "c{}"}},
			wire.SheetRules{Node: 4, Gone: 2, Pieces: []string{"d{}"}})}, "<style>d{}\nc{}</style>"},
		{"what a field holds", [][]wire.Op{pageWith(element("input", "value", "old"), wire.SetValue{Node: 4, Value: "new"}, up, element("textarea"), wire.SetValue{Node: 5, Value: "<a>"})},
			"<input value=\"new\"><textarea>\n&lt;a&gt;</textarea>"},
		{"what is checked and selected", [][]wire.Op{pageWith(element("input", "type", "checkbox"), wire.SetChecked{Node: 4, Checked: true}, up, element("select"), element("option"), up, element("option"), up, wire.SetSelected{Node: 5, Options: []uint32{1}})},
			`<input type="checkbox" checked=""><select><option></option><option selected=""></option></select>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := show(t, c.frames...).HTML(), head+c.want+foot; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestThePageTellsWhatTheCustomerDoes(t *testing.T) {
	p := show(t, pageWith(element("input", "id", "email"), up, element("dialog")), []wire.Op{
		wire.Title{Title: "Cart"}, wire.Location{URL: "https://shop.example/cart"}, wire.Viewport{Width: 400, Height: 300, Scale: 150},
		wire.Scroll{Node: 1, X: 0, Y: 120}, wire.Scroll{Node: 3, X: 5, Y: 6}, wire.Focus{Node: 4}, wire.Select{Anchor: 3, Focus: 3, FocusOffset: 1},
		wire.SelectInput{Node: 4, Start: 1, End: 2}, wire.TopLayer{Node: 5, Kind: wire.TopLayerModal}, wire.Click{X: 1, Y: 2},
		wire.Sheet{Sheet: 1, CSS: "p{}"}, wire.Adopt{Root: 1, Sheets: []uint32{1}}, wire.Image{Node: 4, Asset: 3},
		wire.Asset{Asset: 3, Type: "image/png", Data: []byte("ab"), More: true}, wire.Asset{Asset: 3, Type: "image/png", Data: []byte("c")}, wire.AssetFailed{Asset: 4},
		wire.Asset{Asset: 5, Data: []byte("a frame")}, wire.Asset{Asset: 5, Data: []byte("the next")}, wire.Pseudo{Name: "hover", Nodes: []uint32{2, 3}}, wire.Features{Holding: []string{"hover: hover"}}, wire.Visual{Y: 3, Width: 390, Height: 400},
	})
	if p.Title != "Cart" || p.URL != "https://shop.example/cart" || p.Viewport != (Viewport{400, 300, 1.5}) {
		t.Errorf("got %q, %q, %v", p.Title, p.URL, p.Viewport)
	}
	if p.Scroll() != (Point{0, 120}) || p.Node(3).State.Scroll != (Point{5, 6}) || p.Focus != 4 || p.Selection.FocusOffset != 1 {
		t.Errorf("got scroll %v and %v, focus %d, selection %v", p.Scroll(), p.Node(3).State.Scroll, p.Focus, p.Selection)
	}
	email := p.Element("email").State
	if email.SelectStart != 1 || email.SelectEnd != 2 || email.Image != 3 || p.Node(5).State.TopLayer != wire.TopLayerModal {
		t.Errorf("got %+v, %+v", email, p.Node(5).State)
	}
	if string(p.Assets[5].Data) != "the next" || !slices.Equal(p.Pseudo["hover"], []wire.NodeID{2, 3}) || !slices.Equal(p.Features, []string{"hover: hover"}) || p.Visual.Height != 400 {
		t.Errorf("got asset %q, pseudo-classes %v, features %q, visual %v", p.Assets[5].Data, p.Pseudo, p.Features, p.Visual)
	}
	if a := p.Assets[3]; string(a.Data) != "abc" || !a.Complete || !p.Assets[4].Failed || p.Sheets[1] != "p{}" || len(p.Document.State.Adopted) != 1 {
		t.Errorf("got assets %v, sheets %v", p.Assets, p.Sheets)
	}
}

func TestASnapshotStaysAsItWas(t *testing.T) {
	var m mirror
	var f feed
	if err := m.frame(f.frame(pageWith(element("input", "class", "a"), wire.SetValue{Node: 4, Value: "1"}, wire.Asset{Asset: 1, Data: []byte("a"), More: true})...)); err != nil {
		t.Fatal(err)
	}
	before := m.shown.snapshot()
	want := before.HTML()
	if err := m.frame(f.frame(wire.SetAttribute{Node: 4, Name: "class", Value: "b"}, wire.SetValue{Node: 4, Value: "2"}, wire.Asset{Asset: 1, Data: []byte("b")}, wire.Remove{Node: 2})); err != nil {
		t.Fatal(err)
	}
	if got := before.HTML(); got != want || string(before.Assets[1].Data) != "a" {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTheLastPictureStaysWhileASnapshotComes(t *testing.T) {
	var m mirror
	var f feed
	for _, ops := range [][]wire.Op{pageWith(wire.Text{Data: "first"}), pageWith(wire.Text{Data: "second"})[:4]} {
		if err := m.frame(f.frame(ops...)); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.shown.snapshot().Text(); got != "first" {
		t.Errorf("got %q before the end of the second snapshot", got)
	}
	if err := m.frame(f.frame(wire.PageEnd{})); err != nil {
		t.Fatal(err)
	}
	if got := m.shown.snapshot().Text(); got != "second" {
		t.Errorf("got %q after it", got)
	}
}

func TestFramesThatMakeNoSenseAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  []wire.Op
	}{
		{"an unknown parent", []wire.Op{wire.At{Parent: 99}}},
		{"an unknown place", []wire.Op{wire.At{Parent: 3, Before: 99}}},
		{"a place before another's child", []wire.Op{wire.At{Parent: 2, Before: 4}}},
		{"a place in text", []wire.Op{wire.At{Parent: 5}}},
		{"up out of the page", []wire.Op{wire.At{Parent: 3}, wire.Up{Levels: 1}}},
		{"up by 4 billion", []wire.Op{wire.Up{Levels: 1<<32 - 1}}},
		{"a place that is gone", []wire.Op{wire.At{Parent: 4}, wire.Remove{Node: 4}, wire.Text{}}},
		{"a place before a node that is gone", []wire.Op{wire.At{Parent: 3, Before: 4}, wire.Remove{Node: 4}, wire.Text{}}},
		{"text in the document", []wire.Op{wire.At{Parent: 1}, wire.Text{}}},
		{"an element without a name", []wire.Op{wire.At{Parent: 3}, element("")}},
		{"an element whose name ends its tag", []wire.Op{wire.At{Parent: 3}, element("p><script>")}},
		{"an attribute without a value", []wire.Op{wire.At{Parent: 3}, element("p", "a")}},
		{"an attribute whose name ends the tag", []wire.Op{wire.At{Parent: 3}, element("p", "a>", "")}},
		{"an attribute set by a name with a space", []wire.Op{wire.SetAttribute{Node: 4, Name: "a onclick"}}},
		{"an element of no namespace", []wire.Op{wire.At{Parent: 3}, wire.Element{Namespace: 3, Name: "p"}}},
		{"a second shadow root", []wire.Op{wire.At{Parent: 3}, wire.Shadow{}, wire.At{Parent: 3}, wire.Shadow{}}},
		{"a shadow root in a document", []wire.Op{wire.At{Parent: 1}, wire.Shadow{}}},
		{"a document in a paragraph", []wire.Op{wire.At{Parent: 4}, wire.FrameDocument{}}},
		{"the document removed", []wire.Op{wire.Remove{Node: 1}}},
		{"a shadow root removed", []wire.Op{wire.At{Parent: 3}, wire.Shadow{}, wire.Remove{Node: 8}}},
		{"a node removed twice", []wire.Op{wire.Remove{Node: 4}, wire.Remove{Node: 4}}},
		{"a node of a removed subtree", []wire.Op{wire.Remove{Node: 4}, wire.SetText{Node: 5}}},
		{"a document moved", []wire.Op{wire.Move{Node: 1, Parent: 3}}},
		{"a node moved into itself", []wire.Op{wire.Move{Node: 4, Parent: 4}}},
		{"a node moved into its subtree", []wire.Op{wire.Move{Node: 2, Parent: 4}}},
		{"a node moved into its shadow root", []wire.Op{wire.At{Parent: 4}, wire.Shadow{}, wire.Move{Node: 4, Parent: 8}}},
		{"a node moved before another's child", []wire.Op{wire.Move{Node: 6, Parent: 2, Before: 5}}},
		{"a node moved into text", []wire.Op{wire.Move{Node: 6, Parent: 5}}},
		{"an attribute of text", []wire.Op{wire.SetAttribute{Node: 5, Name: "a"}}},
		{"text of an element", []wire.Op{wire.SetText{Node: 4}}},
		{"the value of a paragraph", []wire.Op{wire.SetValue{Node: 4}}},
		{"a checked textarea", []wire.Op{wire.SetChecked{Node: 7}}},
		{"a selected input", []wire.Op{wire.SetSelected{Node: 6}}},
		{"text that scrolls", []wire.Op{wire.Scroll{Node: 5}}},
		{"the focus on text", []wire.Op{wire.Focus{Node: 5}}},
		{"a selection of nothing known", []wire.Op{wire.Select{Anchor: 4, Focus: 99}}},
		{"rules of a paragraph", []wire.Op{wire.SheetText{Node: 4}}},
		{"rules of a paragraph, in pieces", []wire.Op{wire.SheetRules{Node: 4}}},
		{"pieces that a sheet does not have", []wire.Op{wire.SheetRules{Sheet: 1, At: 1<<32 - 1, Gone: 1<<32 - 1}}},
		{"nodes assigned to a paragraph", []wire.Op{wire.Assign{Slot: 4}}},
		{"a sheet adopted that is not known", []wire.Op{wire.Adopt{Root: 1, Sheets: []uint32{1}}}},
		{"a sheet adopted by a paragraph", []wire.Op{wire.Adopt{Root: 4}}},
		{"an unknown top layer", []wire.Op{wire.TopLayer{Node: 4, Kind: 3}}},
		{"the pointer over text", []wire.Op{wire.Pseudo{Name: "hover", Nodes: []uint32{5}}}},
		{"a paragraph that plays", []wire.Op{wire.Media{Node: 4}}},
		{"an image in a paragraph", []wire.Op{wire.Image{Node: 4, Asset: 1}}},
		{"the end of a snapshot without its beginning", []wire.Op{wire.PageEnd{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m mirror
			var f feed
			page := pageWith(element("p"), wire.Text{Data: "a"}, up, element("input"), up, element("textarea"))
			if err := m.frame(f.frame(page...)); err != nil {
				t.Fatal(err)
			}
			if err := m.frame(f.frame(c.ops...)); !errors.Is(err, errRefused) {
				t.Fatalf("got error %v", err)
			}
			if err := m.frame(f.frame(wire.Title{Title: "late"})); err != nil || !m.lost || m.shown.page.Title != "Shop" {
				t.Errorf("a frame after the refused one: error %v, lost %v, title %q", err, m.lost, m.shown.page.Title)
			}
			if err := m.frame(f.frame(pageWith(wire.Text{Data: "new"})...)); err != nil || m.lost || m.shown.snapshot().Text() != "new" {
				t.Errorf("a snapshot after that: error %v", err)
			}
		})
	}
}

func TestAMissingFrameIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name string
		seqs []uint32 // the first one begins a snapshot
		want error
	}{
		{"none is missing", []uint32{7, 8, 9}, nil},
		{"one is missing", []uint32{7, 9}, errGap},
		{"one comes again", []uint32{7, 7}, errGap},
		{"numbers start over", []uint32{7, 1}, errGap},
		{"numbers wrap around", []uint32{1<<32 - 1, 0, 1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m mirror
			var strings wire.Strings
			var err error
			for i, seq := range c.seqs {
				ops := []wire.Op{wire.Title{Title: "x"}}
				if i == 0 {
					ops = pageWith()
				}
				err = m.frame(wire.AppendFrame(nil, seq, ops, &strings))
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got error %v, want %v", err, c.want)
			}
		})
	}
}

func TestFramesBeforeTheFirstSnapshotAreAGap(t *testing.T) {
	var m mirror
	var f feed
	if err := m.frame(f.frame(wire.Title{Title: "x"})); !errors.Is(err, errGap) {
		t.Errorf("got error %v", err)
	}
	if err := m.frame(f.frame()); err != nil {
		t.Errorf("got error %v for the frame after it", err)
	}
}

func TestFramesOfANewLinkBeginWithASnapshot(t *testing.T) {
	var m mirror
	var f feed
	if err := m.frame(f.frame(pageWith(wire.Text{Data: "first"})...)); err != nil {
		t.Fatal(err)
	}
	m.relinked()
	var next feed
	if err := m.frame(next.frame(wire.Title{Title: "x"})); !errors.Is(err, errGap) {
		t.Errorf("got error %v", err)
	}
	if got := m.shown.snapshot().Text(); got != "first" || m.fresh {
		t.Errorf("got %q, fresh %v", got, m.fresh)
	}
}

func TestTheMirrorTakesTheSharedVectors(t *testing.T) {
	data, err := os.ReadFile("../signal/wire/testdata/frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name   string
		Frames []struct{ Hex string }
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		var m mirror
		for _, f := range v.Frames {
			frame, err := hex.DecodeString(f.Hex)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.frame(frame); errors.Is(err, wire.ErrFrame) {
				t.Errorf("%s: %v", v.Name, err)
			}
		}
		if v.Name == "a small page" {
			p := m.shown.snapshot()
			if want := `<!DOCTYPE html><html lang="en"><body>Hi</body></html>`; p.HTML() != want || p.Title != "Shop" || p.Viewport.Width != 1280 {
				t.Errorf("got %s", p.HTML())
			}
		}
	}
}
