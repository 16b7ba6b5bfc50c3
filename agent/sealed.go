package agent

import (
	"errors"
	"maps"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// sealed is what a session knows for what is sealed to come.
type sealed struct {
	session, member string
	epoch           int                    // the newest of the sender's that something was sealed in
	links           map[string]*seal.Link  // of peer connections that have begun, also before their offer and after their end; each begins once
	relays          map[string]*seal.Relay // so of links
}

const maxSealed = 1000 // that are remembered in each

// remember adds what has begun under a name. Of what is sealed in an epoch before the newest nothing can begin again, so that it may be forgotten.
func remember[T interface{ Place() seal.Place }](begun map[string]T, name string, one T, newest int) (map[string]T, error) {
	if len(begun) >= maxSealed {
		maps.DeleteFunc(begun, func(_ string, other T) bool { return other.Place().Epoch < newest })
	}
	if len(begun) >= maxSealed {
		return begun, errors.New("agent: too many links")
	}
	if begun == nil {
		begun = map[string]T{}
	}
	begun[name] = one
	return begun, nil
}

// seated notes where the server has put this agent. s.mu is held.
func (s *Session) seated(session, member string) {
	if session != s.sealed.session {
		s.sealed = sealed{session: session}
	}
	s.sealed.member = member
}

// unsealed tells whether a description may be taken as it is: only without private keys.
func (s *Session) unsealed(m wire.Description) bool {
	if len(s.options.PrivateKeys) == 0 {
		return true
	}
	s.mu.Lock()
	customer := isCustomer(s.members, m.From)
	s.mu.Unlock()
	if customer {
		s.impossible(ErrUnsealed)
	}
	return false
}

// unseal takes what is in a sealed message of the customer's.
func (s *Session) unseal(m wire.Sealed) {
	s.mu.Lock()
	customer := isCustomer(s.members, m.From)
	sealing := s.sealed.links[m.Link]
	s.mu.Unlock()
	if !customer {
		return
	}
	if len(s.options.PrivateKeys) == 0 {
		s.impossible(ErrNoKey)
		return
	}
	var err error
	if sealing == nil {
		sealing, err = s.accept(m)
	}
	var inner wire.Message
	if err == nil {
		inner, err = sealing.Open(m)
	}
	switch inner := inner.(type) {
	case wire.Description:
		s.offered(inner, sealing)
	case wire.Candidate:
		s.candidate(inner)
	default:
		s.log.Warn("agent: sealed message refused", "link", m.Link, "err", err)
		if err == seal.ErrNoKey {
			s.impossible(ErrNoKey)
		}
	}
}

// accept begins the sealing of a peer connection with the first message about it.
func (s *Session) accept(first wire.Sealed) (*seal.Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case first.Enc == "":
		return nil, seal.ErrMissing
	case first.Epoch < s.sealed.epoch:
		return nil, seal.ErrReplayed
	}
	place := seal.Place{Session: s.sealed.session, Agent: s.sealed.member, Link: first.Link}
	sealing, err := seal.Accept(s.options.PrivateKeys, place, first)
	if err == nil {
		s.sealed.links, err = remember(s.sealed.links, first.Link, sealing, first.Epoch)
	}
	if err == nil {
		s.sealed.epoch = first.Epoch
	}
	return sealing, err
}

// impossible leaves the session, since there can be no link.
func (s *Session) impossible(err error) {
	s.mu.Lock()
	if s.socket != nil && !s.over {
		s.socket.send(wire.Leave{})
	}
	s.mu.Unlock()
	s.finish(err)
}
