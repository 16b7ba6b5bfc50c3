package agent

import "github.com/qwelp/qwelp-go/signal/wire"

// State is what a node holds beside its markup. Zero fields: nothing has been told.
type State struct {
	Value         string // of an input or textarea
	HasValue      bool
	Checked       bool // of a check box or radio button
	Indeterminate bool
	HasChecked    bool
	Selected      []uint32 // options of a select element, by index; nil: nothing has been told
	Scroll        Point
	SelectStart   uint32 // the selection within an input or textarea, in UTF-16 units
	SelectEnd     uint32
	TopLayer      uint32 // wire.TopLayerNone, TopLayerModal or TopLayerPopover
	CSS           string // rules of a style or link element
	Adopted       []uint32
	Assigned      []uint32 // nodes that are assigned to a slot of a shadow root whose slots are assigned by hand
	Image         uint32   // asset shown; 0: none
	Media         Media    // of an audio or video element

	rules []string // pieces of CSS
}

// Point is a place or an offset in CSS pixels.
type Point struct{ X, Y int32 }

// Media is how an audio or video element plays.
type Media struct {
	Paused, Muted  bool
	Time, Duration uint32 // in seconds; Duration 0: not known, or without end
}

// Asset is an image or font of the page.
type Asset struct {
	Type     string // media type
	Data     []byte
	Complete bool
	Failed   bool
}

// own gives the node's state for writing.
func (n *node) own() *State {
	if n.state == nil {
		n.state = &State{}
	}
	return n.state
}

// set looks up a node and lets f change its state.
func (t *tree) set(n *node, err error) func(func(*State)) error {
	return func(f func(*State)) error {
		if err == nil {
			f(n.own())
		}
		return err
	}
}

// applyState does the operations that change what a node holds, or what holds for the whole page.
func (t *tree) applyState(op wire.Op) error {
	switch op := op.(type) {
	case wire.SetValue:
		n, err := t.named(op.Node, "input", "textarea")
		if err != nil {
			return err
		}
		was := n.own().Value
		n.state.Value, n.state.HasValue = op.Value, true
		return t.grow(len(op.Value) - len(was))
	case wire.SetChecked:
		return t.set(t.named(op.Node, "input"))(func(s *State) {
			s.Checked, s.Indeterminate, s.HasChecked = op.Checked, op.Indeterminate, true
		})
	case wire.SetSelected:
		return t.set(t.named(op.Node, "select"))(func(s *State) { s.Selected = op.Options })
	case wire.SelectInput:
		return t.set(t.named(op.Node, "input", "textarea"))(func(s *State) { s.SelectStart, s.SelectEnd = op.Start, op.End })
	case wire.Scroll:
		n, err := t.node(op.Node)
		if err == nil && n.kind != Element && n.kind != Document {
			err = refused("node %d does not scroll", op.Node)
		}
		return t.set(n, err)(func(s *State) { s.Scroll = Point{op.X, op.Y} })
	case wire.TopLayer:
		if op.Kind > wire.TopLayerPopover {
			return refused("no top layer %d", op.Kind)
		}
		return t.set(t.element(op.Node))(func(s *State) { s.TopLayer = op.Kind })
	case wire.Image:
		return t.set(t.named(op.Node, "img", "video", "canvas", "input", "image"))(func(s *State) { s.Image = op.Asset })
	case wire.Media:
		return t.set(t.named(op.Node, "audio", "video"))(func(s *State) { s.Media = Media{op.Paused, op.Muted, op.Time, op.Duration} })
	case wire.SheetText:
		n, err := t.named(op.Node, "style", "link")
		if err != nil {
			return err
		}
		return t.setSheetText(n, whole(op.CSS))
	case wire.Adopt:
		return t.adopt(op)
	case wire.Focus:
		if op.Node != 0 {
			if _, err := t.element(op.Node); err != nil {
				return err
			}
		}
		t.focus = op.Node
	case wire.Select:
		return t.selectText(op)
	case wire.Assign:
		return t.assign(op)
	case wire.Click, wire.Animate, wire.Highlight: // what was clicked tells the page itself; nothing moves or is painted here
	default:
		return refused("operation %T within a page", op)
	}
	return nil
}

func (t *tree) adopt(op wire.Adopt) error {
	n, err := t.node(op.Root)
	if err != nil {
		return err
	}
	if n.kind != Document && n.kind != Shadow {
		return refused("node %d adopts no style sheets", op.Root)
	}
	for _, s := range op.Sheets {
		if _, ok := t.sheets[s]; !ok {
			return refused("style sheet %d is not known", s)
		}
	}
	n.own().Adopted = op.Sheets
	return nil
}

func (t *tree) selectText(op wire.Select) error {
	for _, id := range [...]wire.NodeID{op.Anchor, op.Focus} {
		if id == 0 {
			continue
		}
		if _, err := t.node(id); err != nil {
			return err
		}
	}
	t.selection = op
	return nil
}
