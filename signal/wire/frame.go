package wire

// A frame is one step of the page: the byte FrameVersion, its sequence number as a varint, then operations
// until its end. An operation is its code (one byte, its place in opTypes counted from 1) and its fields in order:
//
//	uint32, NodeID  unsigned LEB128 varint of at most five bytes
//	int32           zigzag varint
//	bool            one byte, 0 or 1
//	string          varint tag: 0, a literal follows; 1, a literal follows and is remembered under the next number; n+2, the string
//	                remembered as number n. A literal is its length in bytes as a varint, then UTF-8.
//	[]byte          length as a varint, then the bytes
//	other lists     length as a varint, then the items
//
// Sequence numbers grow by one. Both sides count nodes alike: Page makes the document node 1, and every Element, Text, Shadow and
// FrameDocument takes the next number. Numbers, remembered strings, assets and the place where nodes go live until the next Page,
// across frames.

// FrameVersion is the first byte of every frame.
const FrameVersion = 1

// Limits of the frame codec.
const (
	MaxFrameBytes    = 16 << 20 // of a frame after its chunks are put together
	MaxInternedChars = 32       // longer strings are never remembered
	MaxInterned      = 1 << 14  // strings remembered on one page
	MaxListItems     = 1 << 16  // of a list other than bytes
)

// What an agent takes of one page. Beyond that it may refuse it.
const (
	MaxPageNodes      = 500_000
	MaxPageBytes      = 64 << 20  // of names, attributes, text and rules
	MaxPageAssetBytes = 128 << 20 // of images and fonts
	MaxPagePseudo     = 256       // pseudo-classes of which it is told what matches them
)

// NodeID numbers a node of the customer's page. 0 is none.
type NodeID uint32

// Namespace of an element.
const (
	NamespaceHTML   = 0
	NamespaceSVG    = 1
	NamespaceMathML = 2
)

// Op is one operation of a frame. The set is closed.
type Op interface{ wireOp() }

var opTypes = []Op{
	Page{}, PageEnd{}, At{}, Element{}, Text{}, Up{}, Shadow{}, FrameDocument{}, Remove{}, Move{}, SetAttribute{}, RemoveAttribute{},
	SetText{}, SetValue{}, SetChecked{}, SetSelected{}, Scroll{}, Viewport{}, Focus{}, Select{}, SelectInput{}, SheetText{}, Sheet{},
	Adopt{}, Title{}, Location{}, Click{}, TopLayer{}, Image{}, Asset{}, AssetFailed{}, Pseudo{}, Features{}, Media{},
	Embedded{}, SheetRules{}, Assign{}, Animate{}, Visual{}, Content{}, Splice{}, Highlight{},
}

// Page begins a snapshot: everything known of the page before is void. Its document is node 1 and the place where nodes go.
type Page struct {
	URL    string // without query and hash
	Title  string
	Quirks bool   // the document is in quirks mode
	Width  uint32 // of the viewport, scroll bars included, in CSS pixels
	Height uint32
	Scale  uint32 // device pixels per CSS pixel, in hundredths
}

// PageEnd ends a snapshot: what came since Page can be shown.
type PageEnd struct{}

// At puts the place where nodes go into Parent, before its child Before, or at its end when that is 0.
type At struct {
	Parent NodeID
	Before NodeID
}

// Element makes an element, puts it at the place, and moves the place to its inside.
type Element struct {
	Namespace  uint32
	Name       string   // local name
	Attributes []string // name and value in turn; names qualified, as in "xlink:href"
}

// Text makes a text node and puts it at the place.
type Text struct {
	Data string
}

// Up moves the place out of as many parents, to where it was before it went into them.
type Up struct {
	Levels uint32
}

// Shadow makes the shadow root of the element whose inside is the place, and moves the place into it.
type Shadow struct {
	ManualSlots bool // slotAssignment is "manual"
}

// FrameDocument makes the document of the iframe whose inside is the place, and moves the place into it. It replaces the document
// the iframe had, whose numbers are forgotten.
type FrameDocument struct {
	Quirks bool
}

// Remove takes a node out of its parent and forgets its numbers and those of its subtree.
type Remove struct {
	Node NodeID
}

// Move takes a node out of its parent and puts it into Parent before Before, with its subtree.
type Move struct {
	Node   NodeID
	Parent NodeID
	Before NodeID
}

// SetAttribute sets an attribute.
type SetAttribute struct {
	Node  NodeID
	Name  string
	Value string
}

// RemoveAttribute removes an attribute.
type RemoveAttribute struct {
	Node NodeID
	Name string
}

// SetText replaces the data of a text node.
type SetText struct {
	Node NodeID
	Data string
}

// SetValue sets what an input or textarea holds. Of a secret, only that it holds something is told, by SecretValue.
type SetValue struct {
	Node  NodeID
	Value string
}

// SecretValue stands for any secret that is not empty, whatever its length.
const SecretValue = "••••••••"

// SetChecked sets the state of a check box or radio button.
type SetChecked struct {
	Node          NodeID
	Checked       bool
	Indeterminate bool
}

// SetSelected sets which options of a select element are selected, by index.
type SetSelected struct {
	Node    NodeID
	Options []uint32
}

// Scroll sets the scroll offsets of an element, or of a document's viewport, in CSS pixels.
type Scroll struct {
	Node NodeID
	X    int32
	Y    int32
}

// Viewport tells a new size of the customer's viewport; the fields are those of Page.
type Viewport struct {
	Width  uint32
	Height uint32
	Scale  uint32
}

// Focus tells which element has the focus. 0: none.
type Focus struct {
	Node NodeID
}

// Select tells the document's selection as the DOM does: node and offset of both ends. Anchor 0: nothing is selected.
type Select struct {
	Anchor       NodeID
	AnchorOffset uint32
	Focus        NodeID
	FocusOffset  uint32
}

// SelectInput tells the selection within an input or textarea, in UTF-16 units.
type SelectInput struct {
	Node  NodeID
	Start uint32
	End   uint32
}

// SheetText tells the rules of the style sheet that belongs to a style or link element. In it, as in style attributes and
// constructed sheets, url(qwelp:7) stands for asset 7 and url(#a) stays as it is; there are no other URLs.
type SheetText struct {
	Node NodeID
	CSS  string
}

// Sheet makes a constructed style sheet, or replaces its rules.
type Sheet struct {
	Sheet uint32
	CSS   string
}

// Adopt sets the adopted style sheets of a document or shadow root.
type Adopt struct {
	Root   NodeID
	Sheets []uint32
}

// Title tells the document's new title.
type Title struct {
	Title string
}

// Location tells the page's new URL, after history.pushState and its like. Without query and hash.
type Location struct {
	URL string
}

// Click tells that the customer pressed a pointer button, at a place in the viewport in CSS pixels.
type Click struct {
	X      int32
	Y      int32
	Button uint32 // as in MouseEvent.button
}

// TopLayer tells that a dialog is open modally, or that a popover is shown, or that neither is so any more.
type TopLayer struct {
	Node NodeID
	Kind uint32
}

// The kinds of TopLayer.
const (
	TopLayerNone    = 0
	TopLayerModal   = 1
	TopLayerPopover = 2
)

// Image tells which asset an img, video (its poster or the picture it stands at), canvas, input or SVG image element shows. 0: none.
type Image struct {
	Node  NodeID
	Asset uint32
}

// Asset brings the bytes of an image or a font; those of a large one come in several operations. An asset that has come may come again: the
// picture of a canvas as it is now.
type Asset struct {
	Asset uint32
	Type  string // media type
	Data  []byte
	More  bool // further bytes follow
}

// AssetFailed reports that an asset will not come, or that nothing shows it any more, so that its bytes can go.
type AssetFailed struct {
	Asset  uint32
	Reason string // for people
}

// Pseudo tells which elements match a pseudo-class that the mirror's own do not: what the customer's pointer is over, what has the focus,
// the states of custom elements. It replaces what was told of the pseudo-class before. Only those that style sheets ask for are told.
type Pseudo struct {
	Name  string // without colon: "hover", "state(open)"; "defined" names those that do not match
	Nodes []uint32
}

// Features tells which media features hold for the customer, as media queries name them, in place of those told before: of
// prefers-color-scheme, prefers-reduced-motion, prefers-contrast, prefers-reduced-transparency, forced-colors, hover, any-hover, pointer,
// any-pointer and display-mode every value but those that are taken to hold when no other does (light, no-preference, none, browser), and
// the width of the screen in CSS pixels.
type Features struct {
	Holding []string // "hover: hover", "device-width: 390"
}

// Media tells how an audio or video element plays.
type Media struct {
	Node     NodeID
	Paused   bool
	Muted    bool
	Time     uint32 // in seconds
	Duration uint32 // in seconds; 0: not known, or without end
}

// Embedded brings a frame of the page inside an iframe whose document another origin's sender captures: a stream of its own, with its own
// sequence, nodes, strings and assets. Its bytes are opaque to the stream around it.
type Embedded struct {
	Node  NodeID // the iframe
	Frame []byte // empty: its page is not shown any more
}

// SheetRules replaces pieces of a style sheet's text by others: rules that script has inserted, deleted or edited. SheetText and Sheet
// make a sheet of one piece, or of none when they are empty.
type SheetRules struct {
	Node   NodeID   // the style or link element it belongs to; 0: it is a constructed one
	Sheet  uint32   // its number then
	At     uint32   // the first piece that goes, counted from 0
	Gone   uint32   // how many go
	Pieces []string // what comes instead; a rule each, as a rule
}

// Assign tells what is assigned to a slot of a shadow root with ManualSlots.
type Assign struct {
	Slot  NodeID
	Nodes []uint32
}

// Animate tells of an animation that script has made, in place of what was told of it before. Names are those of the Web Animations API.
type Animate struct {
	Animation uint32   // its number
	Node      NodeID   // what it animates; 0: it is over
	Pseudo    string   // which pseudo-element of it, if not the element itself
	Keyframes []string // name and value in turn; each keyframe begins with "offset"
	Timing    []string // name and value in turn; besides those of EffectTiming: currentTime, playbackRate, playState
}

// Visual tells which part of the viewport the customer sees: less than all of it while a keyboard is on the screen or the page is
// magnified by two fingers. All of it again: Width and Height are 0.
type Visual struct {
	X      int32 // in CSS pixels of the viewport
	Y      int32
	Width  uint32
	Height uint32
}

// Content tells by what content an asset is known, as long as it is the same on all pages of a session: 1 to 64 characters that the sender
// makes of the bytes. Follows: they come in Asset operations, for the agent to keep. Otherwise they came before in this session, and an
// agent who does not have them asks for them (Lack). Only of the page itself, not of those inside its iframes.
type Content struct {
	Asset   uint32
	Content string
	Follows bool
}

// Splice puts Text in the place of Gone UTF-16 units, from unit At on, of a long text that was sent before: of a text node, of an attribute,
// or of what an input or textarea holds. All of it is at least MinSpliced units long before and afterwards; no end is within a surrogate pair.
type Splice struct {
	Node NodeID
	Name string // of the attribute; empty: what the node itself holds
	At   uint32
	Gone uint32
	Text string
}

// MinSpliced is how many UTF-16 units a text has at least of which Splice changes a part.
const MinSpliced = 256

// Highlight marks ranges of a document, in place of those that its CSS.highlights had under that name before. Later names are painted over earlier
// ones of the same priority.
type Highlight struct {
	Document NodeID
	Name     string // as ::highlight() has it
	Kind     string // its type, as "spelling-error"; empty: there is none of that name any more
	Priority int32
	Ranges   []uint32 // five numbers each: start node and offset, end node and offset, 1: a StaticRange; offsets are UTF-16 units of a text or children that the mirror has
}

// PointerMove is the message of the pointer channel: where the customer's pointer is, in CSS pixels of the viewport. Its fields are
// encoded as those of an Op. One with a lower Seq than the last is late and void.
type PointerMove struct {
	Seq uint32
	X   int32
	Y   int32
}
