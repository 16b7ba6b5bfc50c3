package agent

import (
	"crypto/ecdh"
	"errors"

	"github.com/qwelp/qwelp-go/internal/seal"
)

// openRelayed takes a packet that came over the server. What does not open is dropped.
func (s *Session) openRelayed(m relayed) {
	s.mu.Lock()
	l, packet, err := s.unbox(m)
	if err != nil && s.uses(l) {
		s.charge(l, s.budget.acks, 1) // whoever has made it
	}
	s.mu.Unlock()
	if err != nil {
		s.log.Debug("agent: relayed packet refused", "link", m.link, "err", err)
		return
	}
	s.came(l, relayPath, packet)
}

// unbox opens a box and gives the link it is of, nil when that is used no more. s.mu is held.
func (s *Session) unbox(m relayed) (*link, []byte, error) {
	if !isCustomer(s.members, m.member) {
		return nil, nil, errors.New("agent: not of the customer")
	}
	relay := s.sealed.relays[m.link]
	known := relay != nil
	if !known {
		var err error
		if relay, err = s.acceptRelay(m); err != nil {
			return nil, nil, err
		}
	}
	l := s.linkNamed(m.link)
	packet, err := relay.Open(m.box)
	if err != nil {
		return l, nil, err
	}
	if !known {
		epoch := relay.Place().Epoch
		if s.sealed.relays, err = remember(s.sealed.relays, m.link, relay, epoch); err != nil {
			return nil, nil, err
		}
		s.sealed.epoch = epoch
		if l == nil && m.link != s.before {
			l = s.begin(m.link, m.member)
		}
	}
	if l != nil {
		l.relay = relay
	}
	return l, packet, nil
}

// acceptRelay begins the relay of a link with its first box. s.mu is held.
func (s *Session) acceptRelay(m relayed) (*seal.Relay, error) {
	keys := s.options.PrivateKeys
	if len(keys) == 0 {
		keys = []*ecdh.PrivateKey{s.key}
	}
	relay, err := seal.AcceptRelay(keys, seal.Place{Session: s.sealed.session, Agent: s.sealed.member, Link: m.link}, m.box)
	if err == nil && relay.Place().Epoch < s.sealed.epoch {
		return nil, seal.ErrReplayed
	}
	return relay, err
}

// relayed is a packet, sealed, on its way over the server.
type relayed struct {
	member, link string
	box          []byte
}
