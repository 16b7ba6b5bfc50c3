package agent

import "github.com/qwelp/qwelp-go/signal/wire"

// Sending is the sender's end of a link in tests: it numbers what is said, keeps it until it is acknowledged, and says it again on every path.
type Sending struct {
	path     func(wire.Packet) // nil: none
	most     int               // bytes of a chunk on it
	frames   [][]byte          // not acknowledged
	controls [][]byte
	frame    uint32 // number of the first of them
	control  uint32
	choices  uint32
	heard    uint32 // number of the agent's next control message
	Acks     int    // that have come
	Mute     bool   // acknowledges nothing
	Last     wire.Control
}

// Begin goes on on a path; nil: there is none.
func (s *Sending) Begin(path func(wire.Packet), most int) {
	s.path, s.most = path, most
	if path == nil {
		return
	}
	s.from()
	for i, text := range s.controls {
		s.sayControl(s.control+uint32(i), text)
	}
	for i, data := range s.frames {
		s.sayFrame(s.frame+uint32(i), data)
	}
}

func (s *Sending) from() {
	s.choices++
	s.path(wire.Packet{Kind: wire.PacketFrom, Number: s.frame, Also: s.choices})
}

// Frame sends a frame.
func (s *Sending) Frame(data []byte) {
	s.frames = append(s.frames, data)
	s.sayFrame(s.frame+uint32(len(s.frames))-1, data)
}

// Forget drops all frames that are not acknowledged.
func (s *Sending) Forget() {
	s.frame += uint32(len(s.frames))
	s.frames = nil
	s.from()
}

// Control sends a control message.
func (s *Sending) Control(m wire.Control) {
	text, err := wire.EncodeControl(m)
	if err != nil {
		panic(err)
	}
	s.controls = append(s.controls, text)
	s.sayControl(s.control+uint32(len(s.controls))-1, text)
}

func (s *Sending) sayFrame(number uint32, data []byte) {
	for s.path != nil {
		part := data[:min(len(data), s.most)]
		data = data[len(part):]
		kind := byte(wire.PacketMore)
		if len(data) == 0 {
			kind = wire.PacketFrame
		}
		s.path(wire.Packet{Kind: kind, Number: number, Data: part})
		if len(data) == 0 {
			return
		}
	}
}

func (s *Sending) sayControl(number uint32, text []byte) {
	if s.path != nil {
		s.path(wire.Packet{Kind: wire.PacketControl, Number: number, Data: text})
	}
}

// Take takes a packet of the agent's, gives the control message in it, if it is new, and acknowledges that.
func (s *Sending) Take(data []byte) wire.Control {
	p, err := wire.DecodePacket(data)
	if err != nil {
		panic(err)
	}
	switch {
	case p.Kind == wire.PacketAck:
		s.Acks++
		frames, controls := p.Number-s.frame, p.Also-s.control
		if frames <= uint32(len(s.frames)) && controls <= uint32(len(s.controls)) {
			s.frame, s.frames = p.Number, s.frames[frames:]
			s.control, s.controls = p.Also, s.controls[controls:]
		}
	case p.Kind == wire.PacketControl:
		fresh := p.Number == s.heard
		if fresh {
			s.heard++
		}
		if s.path != nil && !s.Mute {
			s.path(wire.Packet{Kind: wire.PacketAck, Also: s.heard})
		}
		if fresh {
			m, err := wire.DecodeControl(p.Data)
			if err != nil {
				panic(err)
			}
			s.Last = m
			return m
		}
	}
	return nil
}

// Waiting tells how much is not acknowledged.
func (s *Sending) Waiting() int { return len(s.frames) + len(s.controls) }
