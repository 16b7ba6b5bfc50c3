package agent

import (
	"reflect"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func text(data string) wire.Op { return wire.Text{Data: data} }

func TestTextIsReadAsAReaderWould(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  []wire.Op
		want string
	}{
		{"white space collapses", []wire.Op{text("  a \n\t b  "), element("b"), text(" c"), up, text("d ")}, "a b cd"},
		{"a no-break space stays", []wire.Op{text("a\u00a0 b")}, "a\u00a0 b"},
		{"white space between inline elements", []wire.Op{element("i"), text("a"), up, text("\n"), element("i"), text("b"), up}, "a b"},
		{"blocks have their lines", []wire.Op{element("h1"), text("A"), up, text("\n  "), element("p"), text("b"), up, text("c")}, "A\nb\nc"},
		{"lines are broken", []wire.Op{text("a "), element("br"), up, text(" b")}, "a\nb"},
		{"cells are apart", []wire.Op{element("tr"), element("td"), text("a"), up, element("td"), text("b"), wire.Up{Levels: 2}, element("tr"), element("td"), text("c"), wire.Up{Levels: 2}}, "a\tb\nc"},
		{"preformatted text", []wire.Op{text("x "), element("pre"), text("a  b\n  c"), up, text("d")}, "x\na  b\n  c\nd"},
		{"what is never seen", []wire.Op{element("style"), text("p{}"), up, element("p", "hidden", ""), text("no"), up, text("a")}, "a"},
		{"the alternative text of images", []wire.Op{text("a "), element("img", "alt", "a fox"), up, element("img"), up}, "a a fox"},
		{"a closed dialog", []wire.Op{element("dialog"), text("no"), up, element("dialog", "open", ""), text("a"), up}, "a"},
		{"an open modal dialog", []wire.Op{element("dialog"), text("a"), wire.TopLayer{Node: 4, Kind: wire.TopLayerModal}}, "a"},
		{"popovers", []wire.Op{element("div", "popover", ""), text("no"), up, element("div", "popover", ""), text("a"), wire.TopLayer{Node: 6, Kind: wire.TopLayerPopover}}, "a"},
		{"closed details", []wire.Op{element("details"), element("summary"), text("a"), up, text("no")}, "a\nno"},
		{"closed details with an element", []wire.Op{element("details"), element("summary"), text("a"), up, element("p"), text("no")}, "a"},
		{"open details", []wire.Op{element("details", "open", ""), element("summary"), text("a"), up, element("p"), text("b")}, "a\nb"},
		{"fields", []wire.Op{text("Name"), element("input"), wire.SetValue{Node: 5, Value: "Ana"}, up, element("textarea"), wire.SetValue{Node: 6, Value: "a\nb"}, up, text("!")}, "Name Ana a b !"},
		{"what is checked", []wire.Op{element("input", "type", "checkbox"), up, element("input", "type", "RADIO"), wire.SetChecked{Node: 5, Checked: true}, up, element("input", "type", "checkbox"), wire.SetChecked{Node: 6, Indeterminate: true}, up}, "[ ] [x] [-]"},
		{"hidden fields", []wire.Op{element("input", "type", "hidden", "value", "no"), up, text("a")}, "a"},
		{"buttons", []wire.Op{element("input", "type", "submit", "value", "Buy"), up, element("button"), text("Sell"), up}, "Buy\nSell"},
		{"what is selected", []wire.Op{element("select"), element("optgroup"), element("option"), text("a"), up, element("option"), text(" b "), wire.Up{Levels: 2}, element("option", "label", "c"), up, wire.SetSelected{Node: 4, Options: []uint32{1, 2}}}, "b, c"},
		{"a shadow root", []wire.Op{element("x-a"), wire.Shadow{}, text("["), element("slot"), text("none"), up, text("]"), element("slot", "name", "s"), text("none"), wire.Up{Levels: 2}, text("light")}, "[light]none"},
		{"named slots", []wire.Op{element("x-a"), wire.Shadow{}, element("slot", "name", "s"), up, text("|"), element("slot"), wire.Up{Levels: 2}, text("a"), element("b", "slot", "s"), text("b")}, "b|a"},
		{"slots within slots", []wire.Op{element("x-a"), wire.Shadow{}, element("x-b"), wire.Shadow{}, text("("), element("slot"), up, text(")"), up, element("slot"), wire.Up{Levels: 3}, text("a")}, "(a)"},
		{"the document of a frame", []wire.Op{text("a"), element("iframe"), wire.FrameDocument{}, element("html"), element("body"), text("b"), wire.Up{Levels: 4}, text("c")}, "a\nb\nc"},
		{"text of an image", []wire.Op{wire.Element{Namespace: wire.NamespaceSVG, Name: "svg"}, wire.Element{Namespace: wire.NamespaceSVG, Name: "text"}, text("a")}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := show(t, pageWith(c.ops...)).Text(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFieldsAreFoundByIDNameAndLabel(t *testing.T) {
	p := show(t, pageWith(
		element("label", "for", "mail"), text("E-mail "), element("b"), text("*"), wire.Up{Levels: 2},
		element("input", "id", "mail", "name", "email", "type", "EMAIL"), wire.SetValue{Node: 8, Value: "a@b"}, up,
		element("label"), text("Country "), element("select", "name", "country"), element("option"), text("No"), up, element("option"), text("Yes"), wire.Up{Levels: 3},
		wire.SetSelected{Node: 11, Options: []uint32{1}},
		element("x-a"), wire.Shadow{}, element("input", "type", "checkbox", "aria-label", "Gift"), wire.SetChecked{Node: 18, Checked: true}, wire.Up{Levels: 3},
		element("textarea", "placeholder", "Note"), wire.SetValue{Node: 19, Value: "hi"}, up,
		element("input", "type", "password", "name", "pw"), wire.SetValue{Node: 20, Value: wire.SecretValue}, up,
	))
	want := []Control{
		{Node: 8, Kind: "email", ID: "mail", Name: "email", Label: "E-mail *", Value: "a@b"},
		{Node: 11, Kind: "select", Name: "country", Label: "Country", Value: "Yes"},
		{Node: 18, Kind: "checkbox", Label: "Gift", Checked: true},
		{Node: 19, Kind: "textarea", Label: "Note", Value: "hi"},
		{Node: 20, Kind: "password", Name: "pw", Value: wire.SecretValue},
	}
	if got := p.Controls(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, name := range []string{"mail", "email", "E-mail *"} {
		if c, ok := p.Control(name); !ok || c.Node != 8 {
			t.Errorf("by %q: got %+v, %v", name, c, ok)
		}
	}
	if c, ok := p.Control("none"); ok {
		t.Errorf("got %+v", c)
	}
}

func TestAnEmptyPageHasNothing(t *testing.T) {
	p := (*tree)(nil).snapshot()
	if p.Text() != "" || p.HTML() != "" || p.Controls() != nil || p.Node(1) != nil || p.Element("") != nil || p.Scroll() != (Point{}) {
		t.Errorf("got %+v", p)
	}
}
