package agent

import (
	"errors"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// ErrNoPage reports that there is no page of the customer's to mark: none has come, or it is on the way to the next.
var ErrNoPage = errors.New("agent: there is no page to mark")

// Mark draws a mark on an element of the customer's page, m.Node as in Page, in place of this agent's mark with that m.ID, which has to be above 0. m.Page need not be set.
// The customer's page ignores marks that it does not know, and elements that are gone. It returns ErrNoPage, or ErrEnded after the session.
func (s *Session) Mark(m wire.Mark) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mirror.shown == nil || !s.mirror.fresh || s.leaving {
		return s.orOver(ErrNoPage)
	}
	m.Page = int(s.mirror.shown.began)
	return s.point(m)
}

// Unmark takes back a mark of this agent by its id; 0: all. It returns ErrNoPage, or ErrEnded after the session.
func (s *Session) Unmark(id int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.point(wire.Unmark{ID: id})
}

// point sends a control message to the customer's page. s.mu is held.
func (s *Session) point(m wire.Control) error {
	if s.over || s.link == nil {
		return s.orOver(ErrNoPage)
	}
	l := s.link
	s.say(l, m)
	s.flush(l)
	return nil
}

// orOver returns err, unless the session is over. s.mu is held.
func (s *Session) orOver(err error) error {
	if s.over {
		return ErrEnded
	}
	return err
}
