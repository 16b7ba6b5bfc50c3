package agent

import (
	"errors"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// ErrTampered tells that what the customer's browser has revealed is not what it had committed to: somebody is in between.
var ErrTampered = errors.New("agent: the customer's number is not the one that was announced; somebody is in between")

// comparison is what one peer connection knows for people to compare.
type comparison struct {
	commitment string // of the customer; "": nothing is compared
	known      seal.Compared
	digits     string
	err        error
}

// compare notes what the first offer of a peer connection and the answer to it say, and gives this end's nonce.
func (s *Session) compare(c *connection, offer wire.Description, answer string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.comparison.commitment == "" {
		c.comparison = comparison{
			commitment: offer.Commit,
			known:      seal.Compared{Offer: offer.SDP, Answer: answer, Key: seal.FormatPublic(s.key.PublicKey()), Agent: seal.Nonce()},
		}
	}
	return c.comparison.known.Agent
}

// reveal takes the customer's nonce.
func (c *comparison) reveal(nonce string) {
	commitment, err := seal.Commitment(nonce)
	if c.commitment == "" || c.digits != "" || c.err != nil {
		return
	}
	if err != nil || commitment != c.commitment {
		c.err = ErrTampered
		return
	}
	c.known.Sender = nonce
	c.digits, c.err = c.known.Code()
}

// ComparisonCode gives the four digits to compare with those that the customer sees, when the customer's page wants that (comparisonCode of its settings):
// the same on both sides unless somebody has put himself in between, who gets away with it once in 10 000 tries. A new page and a new peer connection
// have new ones. "" as long as there are none. The error is ErrTampered.
func (s *Session) ComparisonCode() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil || s.link.conn == nil {
		return "", nil
	}
	c := &s.link.conn.comparison
	return c.digits, c.err
}

// revealed takes what the customer says about a peer connection. s.mu is held.
func (s *Session) revealed(l *link, m wire.Reveal) {
	if l.conn != nil && l.conn.name == m.Link {
		l.conn.comparison.reveal(m.Nonce)
	}
}
