package signal

import "github.com/qwelp/qwelp-go/signal/wire"

// Limits of what members send each other.
const (
	maxSDP        = 16 << 10
	maxCandidate  = 1 << 10
	maxLinkName   = 64
	maxBox        = 32 << 10 // of a sealed description, in base64url
	maxSealedKey  = 128
	maxNonce      = 64 // and of what commits to it
	maxCandidates = 32 // per link and side, since the last description; more are dropped
	maxLinks      = 8  // whose candidates are counted
)

func (c *conn) describe(m wire.Description) error {
	if len(m.SDP) > maxSDP || m.Link == "" || len(m.Link) > maxLinkName {
		return badMessage("description too large")
	}
	if len(m.Commit) > maxNonce || len(m.Nonce) > maxNonce {
		return badMessage("nonce too large")
	}
	c.links.described(m.Link)
	to := m.To
	m.To, m.From = "", c.seated().member
	return c.relay(to, m)
}

func (c *conn) candidate(m wire.Candidate) error {
	if len(m.Candidate) > maxCandidate || m.Link == "" || len(m.Link) > maxLinkName || len(m.SDPMid) > maxLinkName {
		return badMessage("candidate too large")
	}
	if m.Candidate != "" && !c.links.admit(m.Link) {
		return nil
	}
	to := m.To
	m.To, m.From = "", c.seated().member
	return c.relay(to, m)
}

// sealed passes on what only the two ends can read, so that the server cannot tell a candidate from a description.
func (c *conn) sealed(m wire.Sealed) error {
	if len(m.Box) > maxBox || m.Link == "" || len(m.Link) > maxLinkName || len(m.Key) > maxSealedKey || len(m.Enc) > maxSealedKey {
		return badMessage("sealed message too large")
	}
	to := m.To
	m.To, m.From = "", c.seated().member
	return c.relay(to, m)
}

// relay passes a message on to another member of the session. While the outbox of one who reads slowly is full the reader waits, so that
// the client's own socket fills up, and nobody is cut off for it. To a member who is away, or reads nothing, the message is lost: it
// negotiates anew when it is back.
func (c *conn) relay(to string, m wire.Message) error {
	place := c.seated()
	member, ok := place.record.member(to)
	if !ok || to == place.member {
		c.send(refusal(wire.ErrNoMember))
		return nil
	}
	msg := c.encode(m)
	if len(msg) > wire.MaxMessageBytes {
		return badMessage("message grows too large")
	}
	if member.At == (address{}) {
		return nil
	}
	c.server.counts.messages.Add(1)
	if member.At.Replica != c.server.replica {
		c.server.post(member.At, letter{Session: place.session, Message: msg})
		return nil
	}
	there := c.server.connection(member.At.Conn)
	if there == nil || there.seated().session != place.session {
		return nil
	}
	taken, err := c.handOver(msg, there.out.offerLetter, there.out.giveUpLetter)
	if !taken {
		c.server.counts.messagesLost.Add(1)
	}
	return err
}

// links counts candidates per link. The zero value is ready.
type links []linkCount

type linkCount struct {
	name       string
	candidates int
}

// described lets a link have candidates again: a new description starts a new negotiation.
func (l *links) described(name string) { l.find(name).candidates = 0 }

func (l *links) admit(name string) bool {
	link := l.find(name)
	link.candidates++
	return link.candidates <= maxCandidates
}

// find gives the count of a link; the link that was found first goes when there are too many.
func (l *links) find(name string) *linkCount {
	for i := range *l {
		if (*l)[i].name == name {
			return &(*l)[i]
		}
	}
	if len(*l) == maxLinks {
		*l = append((*l)[:0], (*l)[1:]...)
	}
	*l = append(*l, linkCount{name: name})
	return &(*l)[len(*l)-1]
}
