package wire

// What the set of operations consists of.

func (Page) wireOp()            {}
func (PageEnd) wireOp()         {}
func (At) wireOp()              {}
func (Element) wireOp()         {}
func (Text) wireOp()            {}
func (Up) wireOp()              {}
func (Shadow) wireOp()          {}
func (FrameDocument) wireOp()   {}
func (Remove) wireOp()          {}
func (Move) wireOp()            {}
func (SetAttribute) wireOp()    {}
func (RemoveAttribute) wireOp() {}
func (SetText) wireOp()         {}
func (SetValue) wireOp()        {}
func (SetChecked) wireOp()      {}
func (SetSelected) wireOp()     {}
func (Scroll) wireOp()          {}
func (Viewport) wireOp()        {}
func (Focus) wireOp()           {}
func (Select) wireOp()          {}
func (SelectInput) wireOp()     {}
func (SheetText) wireOp()       {}
func (Sheet) wireOp()           {}
func (Adopt) wireOp()           {}
func (Title) wireOp()           {}
func (Location) wireOp()        {}
func (Click) wireOp()           {}
func (TopLayer) wireOp()        {}
func (Image) wireOp()           {}
func (Asset) wireOp()           {}
func (AssetFailed) wireOp()     {}
func (Pseudo) wireOp()          {}
func (Features) wireOp()        {}
func (Media) wireOp()           {}
func (Embedded) wireOp()        {}
func (SheetRules) wireOp()      {}
func (Assign) wireOp()          {}
func (Animate) wireOp()         {}
func (Visual) wireOp()          {}
func (Content) wireOp()         {}
func (Splice) wireOp()          {}
func (Highlight) wireOp()       {}
