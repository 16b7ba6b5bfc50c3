// Package wire holds every message of the protocol, once: the signalling messages of the WebSocket subprotocol "qwelp.v1",
// the control messages of the data channel, and the operations that frames are made of. TypeScript is generated from it
// (go generate), and the vectors in testdata are checked from both sides. docs/protocol.md is the prose.
package wire

//go:generate go run ../../internal/gen

// Subprotocol is the WebSocket subprotocol of the signalling route.
const Subprotocol = "qwelp.v1"

// Version is the protocol version this package speaks. A peer lists the versions it speaks in Hello, best first.
const Version = 1

// Limits of a signalling message.
const (
	MaxMessageBytes = 64 << 10 // of one WebSocket message
	MaxDepth        = 8        // of nested JSON values
)

// Close codes of the signalling WebSocket (RFC 6455 section 7.4.2). After 4000 to 4399, as after any code of the RFC, a client may
// connect again by itself; after 4400 and above it must not.
const (
	CloseSlow       = 4000 // the client reads too slowly
	CloseBadMessage = 4400 // a message was malformed or is not allowed now
	CloseAuth       = 4401 // not an agent, or no longer one
	CloseReplaced   = 4409 // the same member resumed on another connection
	CloseEnded      = 4410 // the session has ended
	CloseTooMany    = 4429 // the client sends too much
	CloseVersion    = 4501 // no common version, or an unknown message type
)

// Role is what a member is in a session.
type Role string

// The roles.
const (
	RoleSender Role = "sender"
	RoleAgent  Role = "agent"
)

// ErrorCode tells programs what an Error message tells people.
type ErrorCode string

// The error codes. Unknown, expired and used support codes are one and the same to the agent.
const (
	ErrUnknownCode ErrorCode = "unknown-code"   // no session waits under that support code
	ErrGone        ErrorCode = "gone"           // the resume token is used, expired or unknown: start anew
	ErrEnded       ErrorCode = "ended"          // the session has ended
	ErrSlowDown    ErrorCode = "slow-down"      // too many attempts: wait before the next
	ErrNotAgent    ErrorCode = "not-agent"      // only an agent may do this
	ErrUnavailable ErrorCode = "unavailable"    // the server cannot do this now: try again later
	ErrNoMember    ErrorCode = "no-such-member" // the addressee is not in the session
	ErrMetaData    ErrorCode = "bad-metadata"   // metaData is too large or nested too deeply
)

// EndReason says why a session ended.
type EndReason string

// The reasons.
const (
	EndCustomer EndReason = "customer" // the customer ended it
	EndDeclined EndReason = "declined" // the customer let no agent see the page
	EndAgent    EndReason = "agent"    // an agent ended it
	EndTimeout  EndReason = "timeout"  // the customer was gone for longer than the resume window, or the code expired
	EndShutdown EndReason = "shutdown" // the operator ended it
)

// Message is a signalling message. The set is closed.
type Message interface{ wireMessage() }

// Member is one participant of a session.
type Member struct {
	ID   string `json:"id"`
	Role Role   `json:"role"`
	Name string `json:"name,omitempty"` // what people are shown; empty for the customer
	Away bool   `json:"away,omitempty"` // its signalling connection is gone, and it may resume

	// Key is an agent's public key of the curve P-256, made anew by every page of the console: the uncompressed point in base64url. Who keeps it has kept
	// its links. What is relayed to it is sealed to it, unless the company has a key.
	Key string `json:"key,omitempty"`

	// Relay tells which links with it may go over this server. None: no link may.
	Relay Relay `json:"relay,omitempty"`
}

// Relay says which links may go over the server while they have no data channel.
type Relay string

// What may be relayed.
const (
	RelayAll    Relay = "all"    // every link
	RelaySealed Relay = "sealed" // only links that are sealed to the company's key
)

// Path is what a link goes over.
type Path string

// The paths.
const (
	PathNone    Path = "none"
	PathRelay   Path = "relay"
	PathChannel Path = "channel"
)

// ICEServer is one STUN or TURN server (W3C RTCIceServer).
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// Hello opens every connection. Client to server.
type Hello struct {
	Versions []int  `json:"versions"` // spoken by the client, best first
	Role     Role   `json:"role"`
	Client   string `json:"client,omitempty"` // build of the client, for logs
}

// Welcome answers Hello. Server to client.
type Welcome struct {
	Version int `json:"version"` // the one the server chose
}

// Start asks for a new session. Sender to server; answered by Started.
type Start struct {
	MetaData map[string]any `json:"metaData,omitempty"` // as the page has it, hence unverified
	Signed   string         `json:"signed,omitempty"`   // what the app's server has signed of it, as the page's tag has it
}

// Started gives a new session. Server to sender.
type Started struct {
	Code        string      `json:"code"`        // the support code: nine digits
	CodeExpires int         `json:"codeExpires"` // milliseconds until the code can no longer be taken
	Session     string      `json:"session"`
	Member      string      `json:"member"` // the sender's own member id
	Token       string      `json:"token"`  // resumes this member, once
	Epoch       int         `json:"epoch"`  // grows by one with every resume of this member
	ICEServers  []ICEServer `json:"iceServers,omitempty"`
	Visits      bool        `json:"visits,omitempty"` // the server wants to hear which pages the session visits
	Places      []Place     `json:"places,omitempty"` // where the app's pages have another privacy than others
}

// PlacePrivate is the kind of a Place of which agents see nothing.
const PlacePrivate = -1

// Place is a part of the app whose pages, by their paths, have a privacy of their own. The longest that matches counts.
type Place struct {
	Path string `json:"path"` // a pattern of Go's http.ServeMux without method, host and the names of wildcards
	Kind int    `json:"kind"` // equal where the same privacy holds; 0: the one of all pages in no Place
}

// Join enters the session that waits under a support code. Agent to server; answered by Joined or Error.
type Join struct {
	Code string `json:"code"`           // digits; anything else in it is ignored
	Name string `json:"name,omitempty"` // shown to the customer unless the app knows the agent's name
	Key  string `json:"key,omitempty"`  // Member.Key
}

// Joined admits an agent. Server to agent.
type Joined struct {
	Session    string         `json:"session"`
	Member     string         `json:"member"` // the agent's own member id
	Token      string         `json:"token"`
	Epoch      int            `json:"epoch"`
	Members    []Member       `json:"members"`            // the others
	MetaData   map[string]any `json:"metaData,omitempty"` // unverified
	Verified   map[string]any `json:"verified,omitempty"` // metaData that the app's server has signed
	ICEServers []ICEServer    `json:"iceServers,omitempty"`
	Hidden     bool           `json:"hidden,omitempty"` // the customer must not learn the agent's addresses: TURN relays only
}

// Resume takes up a membership again, on a new connection. Client to server; answered by Resumed or Error (gone).
type Resume struct {
	Token string `json:"token"`
	Key   string `json:"key,omitempty"` // Member.Key, of an agent
}

// Resumed gives the membership back. Server to client.
type Resumed struct {
	Code       string         `json:"code,omitempty"` // the sender's support code
	Session    string         `json:"session"`
	Member     string         `json:"member"`
	Token      string         `json:"token"` // the next one; the one that was used is dead
	Epoch      int            `json:"epoch"`
	Members    []Member       `json:"members"`
	MetaData   map[string]any `json:"metaData,omitempty"` // for agents, as in Joined
	Verified   map[string]any `json:"verified,omitempty"` // for agents, as in Joined
	ICEServers []ICEServer    `json:"iceServers,omitempty"`
	Hidden     bool           `json:"hidden,omitempty"` // as in Joined
	Visits     bool           `json:"visits,omitempty"` // for the sender, as in Started
	Places     []Place        `json:"places,omitempty"` // for the sender, as in Started
}

// Tell gives the metaData of the page that the sender is on now, such as after a login. What is absent stays as it was. Sender to server.
type Tell struct {
	MetaData map[string]any `json:"metaData,omitempty"` // as in Start
	Signed   string         `json:"signed,omitempty"`   // as in Start
}

// Told gives all metaData as it is now. Server to agents.
type Told struct {
	MetaData map[string]any `json:"metaData,omitempty"` // as in Joined
	Verified map[string]any `json:"verified,omitempty"` // as in Joined
}

// Visit tells the path of the page that the sender is on, without what could name somebody, for the server's history. Sender to server, where Started or
// Resumed asked for it.
type Visit struct {
	Path string `json:"path"`
}

// Credentials replaces the ICE servers for links made from now on, before the credentials of those told earlier are over. Server to client.
type Credentials struct {
	ICEServers []ICEServer `json:"iceServers"`
}

// MemberJoined tells that a member came in. Server to the other members.
type MemberJoined struct {
	Member Member `json:"member"`
}

// MemberAway tells that a member's connection is gone and that it may resume within so many milliseconds. Server to the other members.
type MemberAway struct {
	Member string `json:"member"`
	Within int    `json:"within"`
}

// MemberBack tells that a member resumed. Server to the other members.
type MemberBack struct {
	Member Member `json:"member"`
	Epoch  int    `json:"epoch"`
}

// MemberLeft tells that a member is out for good while the session goes on. Server to the other members.
type MemberLeft struct {
	Member string `json:"member"`
}

// Description carries an SDP offer or answer (RFC 8829) to another member.
type Description struct {
	To   string          `json:"to,omitempty"`   // set by the client
	From string          `json:"from,omitempty"` // set by the server
	Link string          `json:"link"`           // the link's name, a dot and the number of the RTCPeerConnection it belongs to
	Kind DescriptionKind `json:"kind"`
	SDP  string          `json:"sdp"`

	// Commit is, in the first offer of a peer connection whose ends compare a code, the SHA-256 of the sender's nonce; Nonce is, in the answer to it, the agent's.
	// Both in base64url. docs/protocol.md section 2.5.
	Commit string `json:"commit,omitempty"`
	Nonce  string `json:"nonce,omitempty"`
}

// DescriptionKind is the kind of a Description. The sender always offers.
type DescriptionKind string

// The kinds.
const (
	Offer  DescriptionKind = "offer"
	Answer DescriptionKind = "answer"
)

// Candidate carries a trickled ICE candidate (RFC 8838) to another member. An empty candidate ends them.
type Candidate struct {
	To            string `json:"to,omitempty"`
	From          string `json:"from,omitempty"`
	Link          string `json:"link"`
	Candidate     string `json:"candidate"`
	SDPMid        string `json:"sdpMid,omitempty"`
	SDPMLineIndex int    `json:"sdpMLineIndex,omitempty"`
}

// Sealed carries a Description or Candidate to another member that nobody between the two can read: docs/protocol.md section 2.2. A page with
// a customerKey sends and takes nothing else about its links. The sender's first of a link has Key, Enc and Epoch.
type Sealed struct {
	To    string `json:"to,omitempty"`
	From  string `json:"from,omitempty"`
	Link  string `json:"link"`
	Key   string `json:"key,omitempty"`   // fingerprint of the public key it is sealed to
	Enc   string `json:"enc,omitempty"`   // encapsulated key (RFC 9180 section 4), in base64url
	Epoch int    `json:"epoch,omitempty"` // the sender's
	Seq   int    `json:"seq"`             // counts what a member says about the link, from 0
	Box   string `json:"box"`             // ciphertext, in base64url
}

// Carried tells which path the sender's link with a member takes now, for the server's statistics. Sender to server.
type Carried struct {
	Member string `json:"member"`
	Path   Path   `json:"path"`
}

// Leave takes the agent out of the session, which goes on. Agent to server.
type Leave struct{}

// Decline takes an agent out of the session whom the customer does not let see the page. The session goes on. Sender to server.
type Decline struct {
	Member string `json:"member"`
}

// End ends the session for all. Any member to server.
type End struct {
	// Reason is EndAgent where the customer's browser passes on that an agent has ended it: over the link (Bye), or by going. It is EndDeclined where
	// the customer has declined the only agent.
	Reason EndReason `json:"reason,omitempty"`
}

// Ended tells that the session is over. Server to all members; the connection then closes with CloseEnded.
type Ended struct {
	Reason EndReason `json:"reason"`
}

// Ping asks whether the other end is there. From the server it works where a background tab's timers do not; from a client it finds a
// connection that the network has forgotten. Both ways.
type Ping struct{}

// Pong answers Ping. Both ways.
type Pong struct{}

// Draining tells that this server is about to go. The client connects again after RetryAfter. Server to client.
type Draining struct {
	RetryAfter int `json:"retryAfter"` // milliseconds
}

// Error refuses what the client asked; the connection stays open. Server to client.
type Error struct {
	Code       ErrorCode `json:"code"`
	Message    string    `json:"message"`              // for people
	RetryAfter int       `json:"retryAfter,omitempty"` // milliseconds, with slow-down and unavailable
}

func (Hello) wireMessage()        {}
func (Welcome) wireMessage()      {}
func (Start) wireMessage()        {}
func (Started) wireMessage()      {}
func (Join) wireMessage()         {}
func (Joined) wireMessage()       {}
func (Resume) wireMessage()       {}
func (Resumed) wireMessage()      {}
func (Tell) wireMessage()         {}
func (Told) wireMessage()         {}
func (Visit) wireMessage()        {}
func (Credentials) wireMessage()  {}
func (MemberJoined) wireMessage() {}
func (MemberAway) wireMessage()   {}
func (MemberBack) wireMessage()   {}
func (MemberLeft) wireMessage()   {}
func (Description) wireMessage()  {}
func (Candidate) wireMessage()    {}
func (Sealed) wireMessage()       {}
func (Carried) wireMessage()      {}
func (Leave) wireMessage()        {}
func (Decline) wireMessage()      {}
func (End) wireMessage()          {}
func (Ended) wireMessage()        {}
func (Ping) wireMessage()         {}
func (Pong) wireMessage()         {}
func (Draining) wireMessage()     {}
func (Error) wireMessage()        {}
