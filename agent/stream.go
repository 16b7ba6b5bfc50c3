package agent

import (
	"errors"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Limits of a stream.
const (
	maxUnacked = 256                    // own control messages that wait to be acknowledged
	maxEarly   = 64                     // control messages that come before the sender has chosen a path
	ackPause   = 250 * time.Millisecond // between acknowledgements,
	ackBytes   = 64 << 10               // unless so much comes
)

// path is what packets come over: the peer connection with that number, or the relay.
type path int64

const (
	relayPath path = -1
	noPath    path = -2 // none until the sender's next choice
)

// event is what comes over a link: a began, a skipped, a malformed, a frame, a wire.Control, a wire.PointerMove or an error, which wraps errGap or errRefused and tells
// that a frame has not come as it should.
type event any

type (
	began   struct{} // the sender has chosen a path for the first time
	skipped struct{} // the sender has dropped frames: a snapshot follows
	frame   []byte

	malformed struct{} // what no sender sends that keeps to the protocol
)

// stream is the agent's end of a link, whatever carries it: it puts in order what comes, and keeps what it says until that has arrived. It knows
// no network. Not safe for concurrent use.
type stream struct {
	started  bool   // the sender has chosen a path
	via      path   // the last one it has chosen
	choices  uint32 // how often it has chosen
	frames   uint32 // number of the next frame
	controls uint32 // number of the next control message
	parts    chunks
	early    []event // control messages that came before the first choice

	said uint32   // number of the next own control message
	kept [][]byte // own control messages that are not acknowledged, as packets
	out  [][]byte // packets that are to be sent

	acked time.Time // when what has come was acknowledged
	ackAt time.Time // when it is to be acknowledged again; zero: nothing has come since
	since int       // bytes that have come since
}

// receive takes a packet and returns what comes of it. What is late returns nothing.
func (s *stream) receive(via path, data []byte, now time.Time) []event {
	p, err := wire.DecodePacket(data)
	if err != nil {
		return []event{malformed{}}
	}
	switch p.Kind {
	case wire.PacketFrom:
		return s.from(via, p, now)
	case wire.PacketAck:
		s.forget(p.Also)
	case wire.PacketControl:
		return s.control(via, p, now)
	case wire.PacketPointer:
		if move, err := wire.DecodePointer(p.Data); err == nil && s.started {
			return []event{move}
		}
	default:
		return s.chunk(via, p, now)
	}
	return nil
}

// from goes on on the path that the sender has chosen.
func (s *stream) from(via path, p wire.Packet, now time.Time) (events []event) {
	if s.started && p.Also <= s.choices {
		return nil
	}
	switch {
	case !s.started:
		events, s.early = append([]event{began{}}, s.early...), nil
		s.frames = p.Number
	case p.Number > s.frames:
		events = []event{skipped{}}
		s.frames = p.Number
	}
	s.started, s.via, s.choices = true, via, p.Also
	s.parts = chunks{}
	s.again(now)
	return events
}

// interrupt tells that what was on its way over the relay is lost. What comes there before the sender begins anew is ahead of that.
func (s *stream) interrupt() {
	if s.via == relayPath {
		s.via = noPath
	}
}

// again says all that may not have arrived.
func (s *stream) again(now time.Time) {
	s.out = nil
	s.acknowledge(now)
	s.out = append(s.out, s.kept...)
}

// chunk takes a frame or a chunk of one. Over a path that is not the chosen one it is late, and comes or came over that.
func (s *stream) chunk(via path, p wire.Packet, now time.Time) (events []event) {
	if !s.started || via != s.via {
		return nil
	}
	defer s.came(len(p.Data), now)
	if p.Number < s.frames {
		return nil
	}
	if p.Number > s.frames {
		events = []event{errGap}
		s.frames, s.parts = p.Number, chunks{}
	}
	whole, complete, err := s.parts.add(p.Kind, p.Data)
	switch {
	case err != nil:
		events = append(events, err)
	case complete:
		events = append(events, frame(whole))
	default:
		return events
	}
	s.frames++
	return events
}

// control takes a control message. It may overtake the choice of the path it comes over, but never leaves a gap there.
func (s *stream) control(via path, p wire.Packet, now time.Time) []event {
	chosen := s.started && via == s.via
	switch {
	case p.Number > s.controls && !chosen, !s.started && len(s.early) == maxEarly:
		return nil
	case p.Number >= s.controls:
		s.controls = p.Number + 1
	default:
		s.came(len(p.Data), now)
		return nil
	}
	s.came(len(p.Data), now)
	m, err := wire.DecodeControl(p.Data)
	switch {
	case errors.Is(err, wire.ErrUnknownType): // of a newer sender
		return nil
	case err != nil:
		return []event{malformed{}}
	}
	if !s.started {
		s.early = append(s.early, m)
		return nil
	}
	return []event{m}
}

// say sends a control message. False: too many wait to be acknowledged.
func (s *stream) say(m wire.Control) bool {
	text, err := wire.EncodeControl(m)
	if err != nil {
		panic(err) // what this package sends can be encoded
	}
	p := wire.Packet{Kind: wire.PacketControl, Number: s.said, Data: text}.Append(nil)
	s.said++
	s.kept = append(s.kept, p)
	if s.started {
		s.out = append(s.out, p)
	}
	return len(s.kept) <= maxUnacked
}

// forget drops the own control messages before that number: they have arrived.
func (s *stream) forget(next uint32) {
	first := s.said - uint32(len(s.kept))
	if n := next - first; n <= uint32(len(s.kept)) {
		s.kept = s.kept[n:]
	}
}

// came notes that so much has come.
func (s *stream) came(n int, now time.Time) {
	if !s.started {
		return
	}
	s.since += n
	s.ackAt = s.acked.Add(ackPause)
	if s.since >= ackBytes {
		s.ackAt = now
	}
	s.tick(now)
}

// tick acknowledges what has come if it is time.
func (s *stream) tick(now time.Time) {
	if !s.ackAt.IsZero() && !now.Before(s.ackAt) {
		s.acknowledge(now)
	}
}

func (s *stream) acknowledge(now time.Time) {
	s.out = append(s.out, wire.Packet{Kind: wire.PacketAck, Number: s.frames, Also: s.controls}.Append(nil))
	s.acked, s.ackAt, s.since = now, time.Time{}, 0
}

// take gives, once, the packets that are to be sent.
func (s *stream) take() [][]byte {
	out := s.out
	s.out = nil
	return out
}
