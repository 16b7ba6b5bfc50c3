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
func (Bye) wireControl()         {}
func (Overload) wireControl()    {}
