package agent

import (
	"github.com/qwelp/qwelp-go/internal/tokenbucket"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// budget is what the customer's page may send over all links and paths of a session, each kind by itself: docs/protocol.md section 2.6.
type budget struct {
	controls, acks, malformed, frames, bytes, pointers, froms, rejoins, connections *tokenbucket.Bucket
}

func newBudget() budget {
	return budget{
		controls:    tokenbucket.New(wire.ControlRate, wire.ControlBurst),
		acks:        tokenbucket.New(wire.AckRate, wire.AckBurst),
		malformed:   tokenbucket.New(wire.MalformedRate, wire.MalformedBurst),
		frames:      tokenbucket.New(wire.FrameRate, wire.FrameBurst),
		bytes:       tokenbucket.New(wire.DataRate<<20, wire.DataBurst<<20),
		pointers:    tokenbucket.New(wire.PointerRate, wire.PointerBurst),
		froms:       tokenbucket.New(wire.FromRate, wire.FromBurst),
		rejoins:     tokenbucket.New(wire.RejoinRate, wire.RejoinBurst),
		connections: tokenbucket.New(wire.OfferRate, wire.OfferBurst),
	}
}

// of returns what a packet counts for, by its first byte alone: what is too much is not read.
func (b *budget) of(packet []byte) *tokenbucket.Bucket {
	if len(packet) == 0 || len(packet) > wire.MaxPacketBytes {
		return b.malformed
	}
	switch packet[0] {
	case wire.PacketFrame, wire.PacketMore, wire.PacketPacked:
		return b.frames
	case wire.PacketControl:
		return b.controls
	case wire.PacketPointer:
		return b.pointers
	case wire.PacketAck:
		return b.acks
	case wire.PacketFrom:
		return b.froms
	}
	return b.malformed
}

// charge spends n tokens. False: the customer's page has sent more than it may, and the session is over for this agent. s.mu is held.
func (s *Session) charge(l *link, b *tokenbucket.Bucket, n int) bool {
	if s.overloaded {
		return false
	}
	if !b.Take(float64(n)) {
		s.overload(l)
	}
	return !s.overloaded
}

// overload ends the session for this agent, after the customer's page was told why if there is a way. s.mu is held.
func (s *Session) overload(l *link) {
	if s.overloaded || s.over {
		return
	}
	s.overloaded = true
	s.log.Warn("agent: the customer's page has sent more than it may", "member", l.member, "link", l.name)
	s.say(l, wire.Overload{})
	s.flush(l)
	conn := l.conn
	s.closing.Go(func() {
		if conn.linked() {
			conn.flush()
		}
		s.finish(ErrOverload)
	})
}
