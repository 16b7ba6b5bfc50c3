package wire_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// stream is a page's frames in order, the source of a vector.
type stream struct {
	name   string
	seq    uint32 // of the first frame
	frames [][]wire.Op
}

func one(ops ...wire.Op) [][]wire.Op { return [][]wire.Op{ops} }

var streams = []stream{
	{"a small page", 1, one(
		wire.Page{URL: "https://shop.example/", Title: "Shop", Width: 1280, Height: 720, Scale: 100},
		wire.Element{Name: "html", Attributes: []string{"lang", "en"}},
		wire.Element{Name: "body", Attributes: []string{}},
		wire.Text{Data: "Hi"},
		wire.Up{Levels: 2},
		wire.PageEnd{},
	)},
	{"every operation with its zero value", 0, func() (frames [][]wire.Op) {
		for _, op := range wire.Ops() {
			switch op.(type) {
			case wire.Element:
				op = wire.Element{Attributes: []string{}}
			case wire.SetSelected:
				op = wire.SetSelected{Options: []uint32{}}
			case wire.Adopt:
				op = wire.Adopt{Sheets: []uint32{}}
			case wire.Asset:
				op = wire.Asset{Data: []byte{}}
			case wire.Pseudo:
				op = wire.Pseudo{Nodes: []uint32{}}
			case wire.Features:
				op = wire.Features{Holding: []string{}}
			case wire.Embedded:
				op = wire.Embedded{Frame: []byte{}}
			case wire.SheetRules:
				op = wire.SheetRules{Pieces: []string{}}
			case wire.Assign:
				op = wire.Assign{Nodes: []uint32{}}
			case wire.Highlight:
				op = wire.Highlight{Ranges: []uint32{}}
			case wire.Animate:
				op = wire.Animate{Keyframes: []string{}, Timing: []string{}}
			}
			frames = append(frames, []wire.Op{op})
		}
		return frames
	}()},
	{"every operation with values", 1000, one(
		wire.Page{URL: "https://shop.example/cart", Title: "Cart · Shop", Quirks: true, Width: 390, Height: 844, Scale: 300},
		wire.Element{Namespace: wire.NamespaceHTML, Name: "html", Attributes: []string{"lang", "de", "class", ""}},
		wire.Element{Namespace: wire.NamespaceSVG, Name: "use", Attributes: []string{"xlink:href", "#icon"}},
		wire.Element{Namespace: wire.NamespaceMathML, Name: "mi", Attributes: []string{}},
		wire.Up{Levels: 1},
		wire.Shadow{ManualSlots: true},
		wire.FrameDocument{Quirks: true},
		wire.Text{Data: "Preis: 9,99 €"},
		wire.PageEnd{},
		wire.At{Parent: 2, Before: 3},
		wire.Remove{Node: 4},
		wire.Move{Node: 5, Parent: 6, Before: 7},
		wire.SetAttribute{Node: 2, Name: "class", Value: "open"},
		wire.RemoveAttribute{Node: 2, Name: "class"},
		wire.SetText{Node: 8, Data: "Preis: 8,99 €"},
		wire.SetValue{Node: 9, Value: wire.SecretValue},
		wire.SetChecked{Node: 10, Checked: true, Indeterminate: true},
		wire.SetSelected{Node: 11, Options: []uint32{0, 2, 300}},
		wire.Scroll{Node: 1, X: -12, Y: 4096},
		wire.Viewport{Width: 844, Height: 390, Scale: 275},
		wire.Focus{Node: 9},
		wire.Select{Anchor: 8, AnchorOffset: 1, Focus: 8, FocusOffset: 5},
		wire.SelectInput{Node: 9, Start: 2, End: 8},
		wire.SheetText{Node: 3, CSS: "body { background: url(qwelp:7) }"},
		wire.Sheet{Sheet: 1, CSS: ":host { color: red }"},
		wire.Adopt{Root: 1, Sheets: []uint32{1, 2}},
		wire.Title{Title: "Cart (2)"},
		wire.Location{URL: "https://shop.example/checkout"},
		wire.Click{X: 100, Y: -1, Button: 2},
		wire.TopLayer{Node: 12, Kind: wire.TopLayerModal},
		wire.TopLayer{Node: 12, Kind: wire.TopLayerPopover},
		wire.Image{Node: 13, Asset: 7},
		wire.Asset{Asset: 7, Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n\x00"), More: true},
		wire.AssetFailed{Asset: 8, Reason: "404"},
		wire.Pseudo{Name: "hover", Nodes: []uint32{2, 3, 300}},
		wire.Features{Holding: []string{"prefers-color-scheme: dark", "hover: hover", "device-width: 390"}},
		wire.Media{Node: 13, Paused: true, Muted: true, Time: 12, Duration: 200},
		wire.SheetRules{Node: 3, At: 12, Gone: 1, Pieces: []string{".a { color: red }", ""}},
		wire.SheetRules{Sheet: 1, At: 1, Pieces: []string{"@media all {\n  b { margin: 0px; }\n}"}},
		wire.Assign{Slot: 12, Nodes: []uint32{2, 300}},
		wire.Animate{Animation: 1, Node: 12, Pseudo: "::before", Keyframes: []string{"offset", "0", "opacity", "1"}, Timing: []string{"duration", "300"}},
		wire.Visual{X: 0, Y: -3, Width: 390, Height: 410},
		wire.Content{Asset: 7, Content: "9f86d081884c7d659a2feaa0", Follows: true},
		wire.Splice{Node: 2, Name: "style", At: 300, Gone: 2, Text: "12"},
		wire.Splice{Node: 8, At: 70_000, Text: "one line more 🦊\n"},
		wire.Highlight{Document: 1, Name: "found", Kind: "highlight", Priority: -1, Ranges: []uint32{8, 4, 8, 10, 0, 12, 0, 12, 2, 1}},
		wire.Highlight{Document: 1, Name: "found", Ranges: []uint32{}},
		wire.Embedded{Node: 14, Frame: []byte("\x01\x01\x02")},
	)},
	{"a frame without operations", 7, one()},
	{"unsigned numbers at the edges of their encoding", 1<<32 - 2, [][]wire.Op{
		uints(0, 1, 127, 128, 255, 256, 16383, 16384, 2097151, 2097152, 268435455, 268435456, 1<<31-1, 1<<31, 1<<32-1),
		{wire.PageEnd{}},
	}},
	{"signed numbers at the edges of their encoding", 127, [][]wire.Op{
		ints(0, -1, 1, -64, 63, 64, -65, 8191, -8192, 8192, 1<<20, -1<<20, 1<<27-1, -1<<27, 1<<27, 1<<31-1, -1<<31),
	}},
	{"strings remembered across frames and forgotten with the page", 1, [][]wire.Op{
		{wire.Page{URL: "https://a.example/", Title: "a"}, wire.Text{Data: "a"}, wire.Text{Data: "b"}, wire.Text{Data: "b"}},
		{wire.Text{Data: "b"}, wire.Text{Data: ""}, wire.Text{Data: "c"}, wire.Text{Data: ""}},
		{wire.Element{Name: "b", Attributes: []string{"a", "c", "c", "a"}}},
		{wire.Page{URL: "https://a.example/", Title: "b"}, wire.Text{Data: "b"}, wire.Text{Data: "a"}},
		{wire.Text{Data: "a"}, wire.Page{URL: "a", Title: "a"}, wire.Text{Data: "a"}},
	}},
	{"strings at the length up to which they are remembered", 1, [][]wire.Op{
		twice(strings.Repeat("x", wire.MaxInternedChars), strings.Repeat("x", wire.MaxInternedChars+1)),
		twice(strings.Repeat("é", wire.MaxInternedChars), strings.Repeat("é", wire.MaxInternedChars+1)),
		twice(strings.Repeat("🦊", wire.MaxInternedChars/2), strings.Repeat("🦊", wire.MaxInternedChars/2)+"x"),
	}},
	{"strings of every length of UTF-8 and with their traps", 1, [][]wire.Op{
		twice("a", "é", "€", "🦊", "a\u0000b", "\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff"),
		twice("\ufeffBOM", "e\u0301", "👩‍👩‍👧", "\u202eabc", "\u2028\u2029", "</script>", "__proto__", "constructor", "\r\n\t \v"),
	}},
	{"a string as long as its length takes two and three bytes", 1, one(
		wire.Text{Data: strings.Repeat("x", 127)}, wire.Text{Data: strings.Repeat("x", 128)},
		wire.Text{Data: strings.Repeat("é", 8191)}, wire.Text{Data: strings.Repeat("y", 16384)},
	)},
	{"lists as long as their length takes two bytes", 1, one(
		wire.SetSelected{Node: 1, Options: slices.Repeat([]uint32{1}, 127)},
		wire.SetSelected{Node: 1, Options: slices.Repeat([]uint32{300}, 128)},
		wire.Element{Name: "p", Attributes: slices.Repeat([]string{"a", ""}, 100)},
		wire.Asset{Asset: 1, Type: "font/woff2", Data: []byte(strings.Repeat("\x00\xff", 200))},
	)},
}

func uints(values ...uint32) (ops []wire.Op) {
	for _, v := range values {
		ops = append(ops, wire.Up{Levels: v})
	}
	return append(ops, wire.SetSelected{Options: values})
}

func ints(values ...int32) (ops []wire.Op) {
	for _, v := range values {
		ops = append(ops, wire.Scroll{Node: 1, X: v, Y: -v})
	}
	return ops
}

func twice(texts ...string) (ops []wire.Op) {
	for _, text := range append(texts, texts...) {
		ops = append(ops, wire.Text{Data: text})
	}
	return ops
}

// badStreams are bytes that no encoder makes; the last frame is refused.
var badStreams = []struct {
	name   string
	frames [][]byte
}{
	{"nothing at all", raw("")},
	{"version 0", raw("\x00\x01")},
	{"version 2", raw("\x02\x01")},
	{"no sequence number", raw("\x01")},
	{"a sequence number that does not end", raw("\x01\x80")},
	{"a sequence number beyond 32 bits", raw("\x01\x80\x80\x80\x80\x10")},
	{"a sequence number of six bytes", raw("\x01\x80\x80\x80\x80\x80\x00")},
	{"a sequence number of eleven bytes", raw("\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
	{"operation 0", raw("\x01\x01\x00")},
	{"an operation after the last", raw(fmt.Sprintf("\x01\x01%c", len(wire.Ops())+1))},
	{"operation 255", raw("\x01\x01\xff")},
	{"an operation of two bytes", raw("\x01\x01\x82\x00")},
	{"an operation without its fields", raw("\x01\x01\x03")},
	{"an operation that ends within its fields", raw("\x01\x01\x03\x01")},
	{"a number that does not end", raw("\x01\x01\x06\x80")},
	{"a number beyond 32 bits", raw("\x01\x01\x06\xff\xff\xff\xff\x1f")},
	{"a boolean that is 2", raw("\x01\x01\x07\x02")},
	{"no boolean", raw("\x01\x01\x07")},
	{"a string without its tag", raw("\x01\x01\x05")},
	{"a string without its length", raw("\x01\x01\x05\x00")},
	{"a string longer than the frame", raw("\x01\x01\x05\x00\x02a")},
	{"a string of 4 GiB", raw("\x01\x01\x05\x00\xff\xff\xff\xff\x0fa")},
	{"a string that is not known", raw("\x01\x01\x05\x02")},
	{"a string number beyond 2^31", raw("\x01\x01\x05\xff\xff\xff\xff\x0f")},
	{"a string that is not UTF-8", raw("\x01\x01\x05\x00\x01\xff")},
	{"a string cut within a character", raw("\x01\x01\x05\x00\x02\xe2\x82")},
	{"a string with an overlong character", raw("\x01\x01\x05\x00\x02\xc0\xaf")},
	{"a string with a surrogate", raw("\x01\x01\x05\x00\x03\xed\xa0\x80")},
	{"a string with a character beyond U+10FFFF", raw("\x01\x01\x05\x00\x04\xf4\x90\x80\x80")},
	{"a remembered string that is too long", raw("\x01\x01\x05\x01\x21" + strings.Repeat("x", 33))},
	{"a remembered string whose surrogate pairs are too long", raw("\x01\x01\x05\x01\x44" + strings.Repeat("🦊", 17))},
	{"one remembered string too many", raw("\x01\x01" + strings.Repeat("\x05\x01\x00", wire.MaxInterned+1))},
	{"a string of the page before", raw("\x01\x01\x01\x01\x01a\x02\x00\x00\x00\x00\x05\x02", "\x01\x02\x01\x02\x02\x00\x00\x00\x00")},
	{"a list without its length", raw("\x01\x01\x04\x00\x00\x01a")},
	{"a list longer than the frame", raw("\x01\x01\x10\x01\x02\x01")},
	{"a list of 4 billion items", raw("\x01\x01\x10\x01\xff\xff\xff\xff\x0f\x01\x01\x01")},
	{"a list of one item too many", raw("\x01\x01\x10\x01\x81\x80\x04" + strings.Repeat("\x01", wire.MaxListItems+1))},
	{"a list that ends within an item", raw("\x01\x01\x10\x01\x02\x01\x80")},
	{"a list of strings, one of them unknown", raw("\x01\x01\x04\x00\x00\x01a\x01\x09")},
	{"bytes longer than the frame", raw("\x01\x01\x1e\x01\x00\x00\x05abc")},
	{"bytes without the field behind them", raw("\x01\x01\x1e\x01\x00\x00\x01a")},
	{"a good operation before a bad one", raw("\x01\x01\x02\x63")},
}

func raw(frames ...string) (all [][]byte) {
	for _, f := range frames {
		all = append(all, []byte(f))
	}
	return all
}
