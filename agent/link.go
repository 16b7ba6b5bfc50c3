package agent

import (
	"time"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// link joins this agent and one page of the customer's: a stream with the paths that carry it, which come and go. All of it is guarded by the
// lock of its session.
type link struct {
	name, member string // the link's and the customer's id
	stream       stream
	relay        *seal.Relay // nil: nothing has been relayed yet
	conn         *connection // the newest; nil: none has been offered yet
	timer        *time.Timer // of the next acknowledgement; nil: none is due
}

// linked tells whether the peer connection is open, maybe interrupted.
func (l *link) linked() bool { return l != nil && l.conn.linked() }

// linkNamed gives the link with that name, if it is still used. s.mu is held.
func (s *Session) linkNamed(name string) *link {
	for _, l := range [...]*link{s.next, s.link} {
		if l != nil && l.name == name {
			return l
		}
	}
	return nil
}

// begin makes a link, which is to replace the present one. s.mu is held.
func (s *Session) begin(name, member string) *link {
	s.retire(s.next)
	s.next = &link{name: name, member: member}
	return s.next
}

// promote makes the next link the one that is shown. s.mu is held.
func (s *Session) promote() {
	s.log.Debug("agent: link begins", "link", s.next.name, "member", s.next.member)
	if s.link != nil {
		s.before = s.link.name
	}
	s.retire(s.link)
	s.link, s.next, s.leaving, s.hidden, s.paused = s.next, nil, false, false, false
	s.pointed = wire.PointerMove{}
	s.mirror.relinked()
}

// retire closes a link that is used no more. s.mu is held.
func (s *Session) retire(l *link) {
	if l == nil {
		return
	}
	if l.timer != nil {
		l.timer.Stop()
	}
	s.retireConnection(l.conn)
}

func (s *Session) retireConnection(c *connection) {
	if c != nil {
		s.closing.Go(c.close)
	}
}

// drop ends a link that cannot go on. What it has shown stays. s.mu is held.
func (s *Session) drop(l *link) {
	s.retire(l)
	switch l {
	case s.link:
		s.before, s.link = l.name, nil
	case s.next:
		s.next = nil
	}
	s.notify()
}

// reached tells whether a path to the customer's page is known to work. s.mu is held.
func (s *Session) reached() bool {
	return s.link != nil && (s.link.conn.up() || s.link.relay != nil && s.relays(s.link.member))
}

// relayed tells whether the link goes over the server, or is to.
func (s *Session) relayed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link != nil && s.link.stream.started && s.link.stream.via < 0
}

// relays tells whether the server relays to a member now. s.mu is held.
func (s *Session) relays(member string) bool {
	i := index(s.members, member)
	if s.socket == nil || i < 0 || s.members[i].Away {
		return false
	}
	policy := s.members[i].Relay
	return policy == wire.RelayAll || policy == wire.RelaySealed && len(s.options.PrivateKeys) > 0
}

// say sends a control message over a link, which ends when the customer's page acknowledges none. s.mu is held.
func (s *Session) say(l *link, m wire.Control) {
	if !l.stream.say(m) {
		s.log.Warn("agent: the customer's page acknowledges nothing", "link", l.name)
		s.drop(l)
	}
}

// flush sends what waits on a link, over the path that the sender has chosen, and sees to it that what has come is acknowledged in time. What
// cannot be sent is lost: the sender will choose another path. s.mu is held.
func (s *Session) flush(l *link) {
	for _, packet := range l.stream.take() {
		switch {
		case l.stream.via == relayPath:
			s.relay(l, packet)
		case l.conn != nil && l.conn.number == l.stream.via:
			l.conn.send(packet)
		}
	}
	if l.stream.ackAt.IsZero() || l.timer != nil {
		return
	}
	l.timer = time.AfterFunc(time.Until(l.stream.ackAt), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.timer = nil; s.uses(l) {
			l.stream.tick(time.Now())
			s.flush(l)
		}
	})
}

// uses tells whether a link still counts. s.mu is held.
func (s *Session) uses(l *link) bool { return !s.over && l != nil && (l == s.link || l == s.next) }

// relay sends a packet over the server. s.mu is held.
func (s *Session) relay(l *link, packet []byte) {
	if l.relay == nil || !s.relays(l.member) {
		return
	}
	box, err := l.relay.Seal(packet)
	if err != nil {
		s.log.Warn("agent: link ends", "link", l.name, "err", err)
		s.drop(l)
		return
	}
	s.socket.sendRelayed(wire.AppendRelayed(nil, l.member, l.name, box))
}
