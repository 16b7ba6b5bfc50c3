package wire

// Control is a message of the control channel, the ordered and reliable data channel beside the frames. The set is closed.
type Control interface{ wireControl() }

// Resync asks for a new snapshot. Agent to sender.
type Resync struct {
	Reason ResyncReason `json:"reason"`
	Frames []int        `json:"frames,omitempty"` // of the page in this iframe only, by NodeID: the outermost first
}

// ResyncReason says why a mirror cannot go on with what it has.
type ResyncReason string

// The reasons.
const (
	ResyncGap     ResyncReason = "gap"     // a sequence number is missing
	ResyncRefused ResyncReason = "refused" // a frame was malformed or not allowed
)

// Lack asks for the bytes of assets that were told by their content only (Content). Agent to sender.
type Lack struct {
	Assets []int `json:"assets"`
}

// PageLoading tells that the customer leaves the page and that the next one will take up the session. Sender to agent.
type PageLoading struct{}

// Visibility tells whether the customer has the page in front. Sender to agent.
type Visibility struct {
	Hidden bool `json:"hidden"`
}

// Sharing tells that the customer has paused what the agent sees, or goes on with it; until it says so nothing is paused. While it is paused no
// frames and pointer moves are sent, on whatever page of the session. Sender to agent.
type Sharing struct {
	Paused bool `json:"paused"`
}

// Rejoin hands over a new support code after the server forgot the session, for the agent to join with by itself.
// Sender to agent.
type Rejoin struct {
	Code string `json:"code"`
}

// Reveal gives the nonce that the sender has committed to in the offer of a peer connection. Sender to agent.
type Reveal struct {
	Link  string `json:"link"`  // of the offer
	Nonce string `json:"nonce"` // 16 bytes in base64url
}

// Can lists what agents may do on this page besides looking at it, by names that agents may not all know: "laser" (LaserMove) and the kinds of marks. Of a sender that
// sends none, nothing. When a link opens. Sender to agent.
type Can struct {
	Tools []string `json:"tools"`
}

// MarkKind is what a mark looks like.
type MarkKind string

// The kinds of marks.
const (
	MarkPen       MarkKind = "pen"       // a line through all points
	MarkArrow     MarkKind = "arrow"     // from the first point to the second
	MarkBox       MarkKind = "box"       // a rectangle with two points as its corners
	MarkHighlight MarkKind = "highlight" // the whole element; without points
	MarkPress     MarkKind = "press"     // asks the customer to press the element, and ends when that is done; without points
)

// Mark draws a mark on an element of the customer's page; one of the same agent and id takes the place of the one before. Agent to sender.
type Mark struct {
	ID     int      `json:"id"`   // by the agent's count, above 0
	Page   int      `json:"page"` // number of the frame that began the page of the node
	Node   int      `json:"node"` // the element that the mark stays with, by NodeID
	Kind   MarkKind `json:"kind"`
	Points []int    `json:"points,omitempty"` // x and y in turn, from the top left of the element's border box: in ten-thousandths of its size
	Pixels bool     `json:"pixels,omitempty"` // the points are in CSS pixels instead
	More   bool     `json:"more,omitempty"`   // the points go behind those the mark has
	Fade   bool     `json:"fade,omitempty"`   // it fades when the agent's hand has rested for a moment, with all others that do
}

// Unmark takes back marks of the agent. Agent to sender.
type Unmark struct {
	ID int `json:"id,omitempty"` // without it, all
}

// ShowMark scrolls the customer's page, once, so that a mark of the agent can be seen. Agent to sender.
type ShowMark struct {
	ID int `json:"id"`
}

// Marked reports marks that agents have drawn, and, when a new page has begun, in which nodes have other numbers, all there are. Sender to all agents.
type Marked struct {
	Marks []PlacedMark `json:"marks"`
}

// PlacedMark is a mark that an agent has drawn. Its fields are those of Mark.
type PlacedMark struct {
	From   string   `json:"from"` // the agent, by member id
	ID     int      `json:"id"`
	Page   int      `json:"page"`
	Node   int      `json:"node"`
	Kind   MarkKind `json:"kind"`
	Points []int    `json:"points,omitempty"`
	Pixels bool     `json:"pixels,omitempty"`
	Fade   bool     `json:"fade,omitempty"`
}

// MarksGone reports that marks of an agent are over: taken back, pressed, or gone with their element. Sender to agent.
type MarksGone struct {
	From string `json:"from"`
	IDs  []int  `json:"ids"`
}

// Bye tells that the session is over; it works where the server cannot be reached. Both ways.
type Bye struct {
	Reason EndReason `json:"reason"`
}

// Overload reports that more came over the link than its end takes (see ControlRate), so that the link is over for good and the two ends have none any more
// in this session. Both ways.
type Overload struct{}

func (Resync) wireControl()      {}
func (Lack) wireControl()        {}
func (PageLoading) wireControl() {}
func (Visibility) wireControl()  {}
func (Sharing) wireControl()     {}
func (Rejoin) wireControl()      {}
func (Reveal) wireControl()      {}
func (Can) wireControl()         {}
func (Mark) wireControl()        {}
func (Unmark) wireControl()      {}
func (ShowMark) wireControl()    {}
func (Marked) wireControl()      {}
func (MarksGone) wireControl()   {}
func (Bye) wireControl()         {}
func (Overload) wireControl()    {}
