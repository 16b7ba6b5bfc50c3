package agent

import (
	"errors"
	"log/slog"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// What links and the server tell the session.

func (s *Session) signalLink(l *link, m wire.Message) {
	if l.sealing != nil {
		sealed, err := l.sealing.Seal(m)
		if err != nil {
			panic(err) // what links say can be sealed
		}
		m = sealed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		s.socket.send(m)
	}
}

func (s *Session) linkOpened(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.promote(l)
	s.notify()
}

// promote makes the next link the one that is shown, once it is open. s.mu is held.
func (s *Session) promote(l *link) {
	if l != s.next || s.over {
		return
	}
	s.log.Debug("agent: link open", "link", l.name, "member", l.member)
	s.retire(s.link)
	s.link, s.next, s.leaving, s.hidden = l, nil, false, false
	s.pointed = wire.PointerMove{}
	s.mirror.relinked()
}

// retire closes a link that is used no more. s.mu is held.
func (s *Session) retire(l *link) {
	if l != nil {
		s.closing.Go(l.close)
	}
}

func (s *Session) linkClosed(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.Debug("agent: link closed", "link", l.name, "member", l.member)
	s.notify()
}

func (s *Session) frame(l *link, data []byte) {
	s.framing.Lock()
	defer s.framing.Unlock()
	s.mu.Lock()
	s.promote(l)
	if l != s.link || s.over {
		s.mu.Unlock()
		return
	}
	err := s.mirror.frame(data)
	failed := s.mirror.failures()
	lacking := s.mirror.contents.takeLacking()
	s.picture = nil
	s.notify()
	s.mu.Unlock()
	if err != nil {
		s.resync(l, failure{err: err})
	}
	for _, f := range failed {
		s.resync(l, f)
	}
	if len(lacking) > 0 {
		l.send(wire.Lack{Assets: lacking})
	}
	if s.options.OnFrame != nil {
		s.options.OnFrame(data)
	}
}

// badFrame is told of a frame that could not be put together.
func (s *Session) badFrame(l *link, err error) {
	s.mu.Lock()
	before := s.mirror.lost
	if l == s.link {
		s.mirror.lost, s.mirror.next = true, nil
	}
	s.notify()
	s.mu.Unlock()
	if !before {
		s.resync(l, failure{err: err})
	}
}

func (s *Session) resync(l *link, f failure) {
	reason := wire.ResyncRefused
	if errors.Is(f.err, errGap) {
		reason = wire.ResyncGap
	}
	s.log.Warn("agent: the page is fetched anew", "link", l.name, "reason", string(reason), "frames", len(f.path), slog.Any("err", f.err))
	l.send(wire.Resync{Reason: reason, Frames: f.path})
}

func (s *Session) pointer(l *link, p wire.PointerMove) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l == s.link && p.Seq > s.pointed.Seq {
		s.pointed = p
		s.notify()
	}
}

func (s *Session) control(l *link, m wire.Control) {
	s.mu.Lock()
	s.promote(l)
	current := l == s.link
	if current {
		switch m := m.(type) {
		case wire.PageLoading:
			s.leaving = true
		case wire.Visibility:
			s.hidden = m.Hidden
		case wire.Rejoin:
			s.rejoinWith(m.Code)
		}
		s.notify()
	}
	s.mu.Unlock()
	if m, ok := m.(wire.Bye); ok && current {
		s.finish(&EndedError{m.Reason})
	}
}

// rejoinWith takes the session up under a new code. The connection of the old one is left. s.mu is held.
func (s *Session) rejoinWith(code string) {
	s.rejoin = code
	if s.socket != nil {
		s.socket.ws.Close()
	}
}

// admitted notes the answer to Join or Resume on a new connection.
func (s *Session) admitted(socket *socket, reply wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket = socket
	switch m := reply.(type) {
	case wire.Joined:
		s.token, s.members, s.metaData, s.servers = m.Token, m.Members, m.MetaData, m.ICEServers
		s.seated(m.Session, m.Member)
	case wire.Resumed:
		// The server learns that the new token has arrived, which ends the life of the one before.
		socket.send(wire.Pong{})
		s.token, s.members, s.metaData, s.servers = m.Token, m.Members, m.MetaData, m.ICEServers
		s.seated(m.Session, m.Member)
	}
	if s.options.ICEServers != nil {
		s.servers = s.options.ICEServers
	}
	s.notify()
}

// received does what a message of the server asks.
func (s *Session) received(socket *socket, m wire.Message) {
	switch m := m.(type) {
	case wire.Ping:
		socket.send(wire.Pong{})
	case wire.Description:
		if s.unsealed(m) {
			s.offered(m, nil)
		}
	case wire.Candidate:
		if len(s.options.PrivateKeys) == 0 {
			s.candidate(m)
		}
	case wire.Sealed:
		s.unseal(m)
	case wire.Ended:
		s.finish(&EndedError{m.Reason})
	case wire.Error:
		s.log.Warn("agent: the server refuses", "code", string(m.Code))
	case wire.Credentials:
		if s.options.ICEServers == nil {
			s.mu.Lock()
			s.servers = m.ICEServers
			s.mu.Unlock()
		}
	case wire.MemberJoined, wire.MemberAway, wire.MemberBack, wire.MemberLeft:
		s.mu.Lock()
		s.members = membersAfter(s.members, m)
		s.notify()
		s.mu.Unlock()
	}
}

// offered answers an offer of the customer's, which sealing has opened unless it is nil.
func (s *Session) offered(m wire.Description, sealing *seal.Link) {
	s.mu.Lock()
	customer := isCustomer(s.members, m.From)
	known, servers := s.linkNamed(m.Link), s.servers
	s.mu.Unlock()
	if !customer || m.Kind != wire.Offer {
		return
	}
	if known != nil {
		if err := known.answer(m); err != nil {
			s.log.Warn("agent: offer refused", "link", m.Link, "err", err)
		}
		return
	}
	l, err := newLink(m, servers, sealing, s)
	if err != nil {
		s.log.Warn("agent: offer refused", "link", m.Link, "err", err)
		return
	}
	s.mu.Lock()
	s.retire(s.next)
	s.next = l
	early := s.early
	s.early = nil
	s.mu.Unlock()
	if err := l.answer(m); err != nil {
		s.log.Warn("agent: offer refused", "link", m.Link, "err", err)
		return
	}
	for _, c := range early {
		if c.Link == l.name {
			l.add(c)
		}
	}
}

func (s *Session) candidate(m wire.Candidate) {
	s.mu.Lock()
	l := s.linkNamed(m.Link)
	if l == nil && isCustomer(s.members, m.From) && len(s.early) < maxCandidates {
		s.early = append(s.early, m)
	}
	s.mu.Unlock()
	if l != nil && l.member == m.From {
		l.add(m)
	}
}

// linkNamed gives a link that is still used. s.mu is held.
func (s *Session) linkNamed(name string) *link {
	for _, l := range [...]*link{s.next, s.link} {
		if l != nil && l.name == name {
			return l
		}
	}
	return nil
}
