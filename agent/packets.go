package agent

import (
	"errors"
	"log/slog"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// What comes over links.

const lackPart = 2000 // assets that one Lack asks for, so that it fits into a packet

// packet does what a packet of a peer connection says.
func (s *Session) packet(c *connection, data []byte) {
	s.mu.Lock()
	l := s.linkOf(c)
	s.mu.Unlock()
	s.came(l, c.number, data)
}

// foreign ends the session for this agent: the customer's end of a peer connection does what none does that keeps to the protocol.
func (s *Session) foreign(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.linkOf(c); l != nil {
		s.overload(l)
	}
}

// linkOf gives the link that a peer connection belongs to, nil when it is used no more. s.mu is held.
func (s *Session) linkOf(c *connection) *link {
	for _, l := range [...]*link{s.next, s.link} {
		if l != nil && l.conn == c {
			return l
		}
	}
	return nil
}

// came does what a packet of a link says.
func (s *Session) came(l *link, via path, data []byte) {
	if len(data) > 0 && ordersFrames(data[0]) {
		s.framing.Lock()
		defer s.framing.Unlock()
	}
	s.mu.Lock()
	kind := s.budget.of(data)
	if !s.uses(l) || !s.charge(l, kind, 1) || kind == s.budget.malformed {
		s.mu.Unlock()
		return
	}
	var frames [][]byte
	var bye *wire.Bye
	for _, e := range l.stream.receive(via, data, time.Now()) {
		switch e := e.(type) {
		case frame:
			if !s.charge(l, s.budget.bytes, len(e)) {
				break
			}
			s.show(l, e)
			frames = append(frames, e)
		case malformed:
			s.charge(l, s.budget.malformed, 1)
		case wire.Bye:
			bye = &e
		case wire.Rejoin:
			if s.charge(l, s.budget.rejoins, 1) {
				s.happened(l, e)
			}
		case wire.Overload:
			s.overloaded = true
			s.closing.Go(func() { s.finish(ErrOverload) })
		default:
			s.happened(l, e)
		}
	}
	if s.uses(l) {
		s.flush(l)
	}
	s.mu.Unlock()
	if s.options.OnFrame != nil {
		for _, f := range frames {
			s.options.OnFrame(f)
		}
	}
	if bye != nil {
		s.finish(&EndedError{bye.Reason})
	}
}

// ordersFrames tells whether packets of that kind must not overtake each other.
func ordersFrames(kind byte) bool {
	switch kind {
	case wire.PacketFrame, wire.PacketMore, wire.PacketPacked, wire.PacketFrom:
		return true
	}
	return false
}

// show applies a frame. s.mu is held.
func (s *Session) show(l *link, f frame) {
	err := s.mirror.frame(f)
	s.picture = nil
	s.notify()
	if err != nil {
		s.resync(l, failure{err: err})
	}
	for _, f := range s.mirror.failures() {
		s.resync(l, f)
	}
	for lacking := s.mirror.contents.takeLacking(); len(lacking) > 0; {
		part := lacking[:min(len(lacking), lackPart)]
		lacking = lacking[len(part):]
		s.say(l, wire.Lack{Assets: part})
	}
}

// happened does what an event of a link says. s.mu is held.
func (s *Session) happened(l *link, e event) {
	switch e := e.(type) {
	case began:
		s.promote()
	case skipped:
		s.mirror.lose()
	case error:
		if s.mirror.lose() {
			s.resync(l, failure{err: e})
		}
	case wire.PointerMove:
		if l != s.link || e.Seq <= s.pointed.Seq {
			return
		}
		s.pointed = e
	case wire.PageLoading:
		s.leaving = true
	case wire.Visibility:
		s.hidden = e.Hidden
	case wire.Sharing:
		s.paused = e.Paused
	case wire.Rejoin:
		s.rejoinWith(e.Code)
	case wire.Reveal:
		s.revealed(l, e)
	}
	s.notify()
}

// resync asks for a new snapshot. s.mu is held.
func (s *Session) resync(l *link, f failure) {
	reason := wire.ResyncRefused
	if errors.Is(f.err, errGap) {
		reason = wire.ResyncGap
	}
	s.log.Warn("agent: the page is fetched anew", "link", l.name, "reason", string(reason), "frames", len(f.path), slog.Any("err", f.err))
	s.say(l, wire.Resync{Reason: reason, Frames: f.path})
}

// rejoinWith takes the session up under a new code. The connection of the old one is left. s.mu is held.
func (s *Session) rejoinWith(code string) {
	s.rejoin = code
	if s.socket != nil {
		s.socket.ws.Close()
	}
}
