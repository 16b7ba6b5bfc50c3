package agent_test

import (
	"fmt"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// customerLink is the customer's end of a link. Its fields are guarded by customer.mu.
type customerLink struct {
	name    string
	agent   wire.Member
	sending agent.Sending
	relay   *seal.Relay
	conn    *offering
	conns   int // that have been
	seq     uint32
	strings wire.Strings
}

// offering is the offering side of a peer connection.
type offering struct {
	name, agent string
	pc          *webrtc.PeerConnection
	channels    [3]*webrtc.DataChannel
	order       sync.Mutex
	sealing     *seal.Link // nil: nothing is sealed
	answered    bool
	early       []webrtc.ICECandidateInit
}

// newLink makes a link with an agent, in place of the one before.
func (c *customer) newLink(member wire.Member) {
	c.mu.Lock()
	before := c.link
	c.number++
	c.link = &customerLink{name: string(rune('a' + c.number)), agent: member}
	c.mu.Unlock()
	if before != nil && before.conn != nil {
		c.closing.Go(func() { _ = before.conn.pc.GracefulClose() })
	}
	if c.relays {
		c.takeRelay()
	} else {
		c.offer()
	}
}

// takeRelay has the link go over the relay from now on.
func (c *customer) takeRelay() {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.link
	if l.relay == nil {
		key, err := c.key, error(nil)
		if key == nil {
			key, err = seal.ParsePublic(l.agent.Key)
		}
		place := c.place
		place.Agent, place.Link = l.agent.ID, l.name
		if err == nil {
			l.relay, err = seal.OfferRelay(key, place)
		}
		if err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
	}
	l.sending.Begin(func(p wire.Packet) {
		box := c.box(l, p)
		c.write(websocket.BinaryMessage, box)
		if c.meddle != nil {
			c.meddle(box)
		}
	}, 30<<10)
}

// box seals a packet for the relay. c.mu is held.
func (c *customer) box(l *customerLink, p wire.Packet) []byte {
	box, err := l.relay.Seal(p.Append(nil))
	if err != nil {
		c.t.Errorf("customer: %v", err)
	}
	return wire.AppendRelayed(nil, l.agent.ID, l.name, box)
}

// unbox takes what the agent has sent over the relay.
func (c *customer) unbox(data []byte) {
	member, name, box, err := wire.ReadRelayed(data)
	if err != nil {
		c.t.Errorf("customer: %v", err)
		return
	}
	c.mu.Lock()
	l := c.link
	if l == nil || name != l.name || member != l.agent.ID {
		c.mu.Unlock()
		return
	}
	packet, err := l.relay.Open(box)
	c.mu.Unlock()
	if err != nil {
		c.t.Errorf("customer: %v", err)
		return
	}
	c.heard(l, packet)
}

// heard takes a packet of the agent's.
func (c *customer) heard(l *customerLink, packet []byte) {
	c.mu.Lock()
	m := l.sending.Take(packet)
	c.mu.Unlock()
	if m != nil {
		c.told <- m
	}
}

// offer makes a peer connection for the link, in place of the one before, and goes on on it when it is open.
func (c *customer) offer() {
	var settings webrtc.SettingEngine
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetPrflxAcceptanceMinWait(0)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		c.t.Errorf("customer: %v", err)
		return
	}
	c.mu.Lock()
	l := c.link
	before := l.conn
	o := &offering{name: fmt.Sprint(l.name, ".", l.conns), agent: l.agent.ID, pc: pc}
	l.conn = o
	l.conns++
	place := c.place
	c.mu.Unlock()
	if before != nil {
		c.closing.Go(func() { _ = before.pc.GracefulClose() })
	}
	if c.key != nil {
		place.Agent, place.Link = o.agent, o.name
		if o.sealing, err = seal.Offer(c.key, place); err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
		// A candidate may overtake its offer.
		c.say(o, wire.Candidate{To: o.agent, Link: o.name, Candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", SDPMid: "0"})
	}
	yes, no, zero := true, false, uint16(0)
	var open sync.WaitGroup
	for id, init := range []webrtc.DataChannelInit{{}, {}, {Ordered: &no, MaxRetransmits: &zero}} {
		number := uint16(id)
		init.Negotiated, init.ID = &yes, &number
		if o.channels[id], err = pc.CreateDataChannel("", &init); err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
		open.Add(1)
		o.channels[id].OnOpen(open.Done)
	}
	o.channels[wire.ChannelControl].OnMessage(func(m webrtc.DataChannelMessage) { c.heard(l, m.Data) })
	o.channels[wire.ChannelFrames].OnOpen(func() {
		open.Done()
		open.Wait()
		c.takeChannels(l, o)
	})
	pc.OnICECandidate(func(found *webrtc.ICECandidate) {
		m := wire.Candidate{To: o.agent, Link: o.name}
		if found != nil {
			m.Candidate = found.ToJSON().Candidate
		}
		c.say(o, m)
	})
	c.describe(o, nil)
}

// takeChannels has the link go over the data channels from now on.
func (c *customer) takeChannels(l *customerLink, o *offering) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.sending.Begin(func(p wire.Packet) {
		channel := wire.ChannelFrames
		switch p.Kind {
		case wire.PacketControl, wire.PacketAck:
			channel = wire.ChannelControl
		case wire.PacketPointer:
			channel = wire.ChannelPointer
		}
		if err := o.channels[channel].Send(p.Append(nil)); err != nil {
			c.t.Errorf("customer: %v", err)
		}
	}, 60<<10)
	c.opened <- struct{}{}
}

// say sends a message about a peer connection, sealed if there is a key.
func (c *customer) say(o *offering, m wire.Message) {
	o.order.Lock()
	defer o.order.Unlock()
	if o.sealing != nil {
		sealed, err := o.sealing.Seal(m)
		if err != nil {
			panic(err)
		}
		m = sealed
	}
	c.send(m)
}

// describe sends an offer for the peer connection.
func (c *customer) describe(o *offering, options *webrtc.OfferOptions) {
	description, err := o.pc.CreateOffer(options)
	if err == nil {
		err = o.pc.SetLocalDescription(description)
	}
	if err != nil {
		c.t.Errorf("customer: %v", err)
		return
	}
	c.say(o, wire.Description{To: o.agent, Link: o.name, Kind: wire.Offer, SDP: description.SDP})
}

// restartICE offers the same peer connection anew.
func (c *customer) restartICE() {
	c.mu.Lock()
	o := c.link.conn
	o.answered = false
	c.mu.Unlock()
	c.describe(o, &webrtc.OfferOptions{ICERestart: true})
}

// connection gives the peer connection with that name, if it is the one of the link. c.mu is held.
func (c *customer) connection(name string) *offering {
	if c.link == nil || c.link.conn == nil || c.link.conn.name != name {
		return nil
	}
	return c.link.conn
}

func (c *customer) signalled(m wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m := m.(type) {
	case wire.Description:
		o := c.connection(m.Link)
		if o == nil {
			return
		}
		if err := o.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP}); err != nil {
			c.t.Errorf("customer: %v", err)
		}
		o.answered = true
		c.answers <- m.SDP
		for _, candidate := range o.early {
			_ = o.pc.AddICECandidate(candidate)
		}
	case wire.Candidate:
		c.found <- m.Candidate
		o := c.connection(m.Link)
		if o == nil || m.Candidate == "" {
			return
		}
		candidate := webrtc.ICECandidateInit{Candidate: m.Candidate, SDPMid: &m.SDPMid}
		if o.answered {
			_ = o.pc.AddICECandidate(candidate)
		} else {
			o.early = append(o.early, candidate)
		}
	}
}

// show sends a frame over the newest link.
func (c *customer) show(ops ...wire.Op) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.link
	l.seq++
	l.sending.Frame(wire.AppendFrame(nil, l.seq, ops, &l.strings))
}

// showText sends a page with nothing but text.
func (c *customer) showText(url, text string) {
	c.show(wire.Page{URL: url, Title: text, Width: 800, Height: 600, Scale: 100},
		wire.Element{Name: "html"}, wire.Element{Name: "body"}, wire.Text{Data: text}, wire.PageEnd{})
}

func (c *customer) skipFrame() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link.seq++
}

func (c *customer) tell(m wire.Control) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link.sending.Control(m)
}

func (c *customer) point(p wire.PointerMove) {
	c.mu.Lock()
	defer c.mu.Unlock()
	packet := wire.Packet{Kind: wire.PacketPointer, Data: wire.AppendPointer(nil, p)}
	_ = c.link.conn.channels[wire.ChannelPointer].Send(packet.Append(nil))
}

// cut drops the link without a word.
func (c *customer) cut() {
	c.mu.Lock()
	l := c.link
	c.link = nil
	c.mu.Unlock()
	if l != nil && l.conn != nil {
		_ = l.conn.pc.GracefulClose()
	}
}
