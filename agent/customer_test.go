package agent_test

import (
	"crypto/ecdh"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// customer is a sender as small as can be: it starts a session, offers a link to every agent and shows what the test tells it.
type customer struct {
	t       *testing.T
	base    string
	code    chan string       // support codes
	told    chan wire.Control // by the agent
	server  chan wire.Message // what the server says, but pings and what is signalled
	opened  chan struct{}     // a link has opened
	answers chan string       // SDP
	key     *ecdh.PublicKey   // of the company; nil: nothing is sealed
	closing sync.WaitGroup

	mu     sync.Mutex
	ws     *websocket.Conn
	token  string
	place  seal.Place // without agent and link
	number int        // of the link
	link   *offer
}

// offer is the offering side of a link.
type offer struct {
	name, agent string
	pc          *webrtc.PeerConnection
	channels    [3]*webrtc.DataChannel
	order       sync.Mutex
	sealing     *seal.Link // nil: nothing is sealed
	answered    bool
	early       []webrtc.ICECandidateInit
	seq         uint32
	strings     wire.Strings
}

func newCustomer(t *testing.T, base string) *customer {
	t.Helper()
	c := &customer{
		t: t, base: base, code: make(chan string, 4), told: make(chan wire.Control, 64), server: make(chan wire.Message, 64), opened: make(chan struct{}, 16),
		answers: make(chan string, 16),
	}
	t.Cleanup(c.stop)
	return c
}

// connect opens a connection to the server and starts or resumes the session.
func (c *customer) connect() {
	c.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 5 * time.Second}
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(c.base, "http")+"/_qwelp/signal", http.Header{"Origin": {c.base}})
	if err != nil {
		c.t.Errorf("customer: %v", err)
		return
	}
	c.mu.Lock()
	c.ws = ws
	c.mu.Unlock()
	c.send(wire.Hello{Versions: []int{1}, Role: wire.RoleSender})
	c.closing.Go(func() { c.read(ws) })
}

func (c *customer) send(m wire.Message) {
	data, err := wire.Encode(m)
	if err != nil {
		panic(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ws != nil {
		_ = c.ws.WriteMessage(websocket.TextMessage, data)
	}
}

func (c *customer) read(ws *websocket.Conn) {
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			ws.Close()
			c.mu.Lock()
			if c.ws == ws {
				c.ws = nil
			}
			c.mu.Unlock()
			return
		}
		m, err := wire.Decode(data)
		if err != nil {
			c.t.Errorf("customer: %v", err)
			continue
		}
		c.received(m)
	}
}

func (c *customer) received(m wire.Message) {
	switch m := m.(type) {
	case wire.Ping:
		c.send(wire.Pong{})
		return
	case wire.Welcome:
		c.mu.Lock()
		token := c.token
		c.mu.Unlock()
		if token != "" {
			c.send(wire.Resume{Token: token})
		} else {
			c.start()
		}
		return
	case wire.Started:
		c.took(m.Token, m.Session, m.Epoch)
		c.code <- m.Code
	case wire.Resumed:
		c.took(m.Token, m.Session, m.Epoch)
		for _, member := range m.Members {
			c.meet(member)
		}
	case wire.MemberJoined:
		c.meet(m.Member)
	case wire.MemberBack:
		c.meet(m.Member)
	case wire.Error:
		if m.Code == wire.ErrGone {
			c.start()
		}
	case wire.Description, wire.Candidate:
		if c.key != nil {
			c.t.Errorf("customer: %T is not sealed", m)
		}
		c.signalled(m)
		return
	case wire.Sealed:
		c.mu.Lock()
		o := c.link
		c.mu.Unlock()
		if o == nil || m.Link != o.name {
			return
		}
		if inner, err := o.sealing.Open(m); err != nil {
			c.t.Errorf("customer: %v", err)
		} else {
			c.signalled(inner)
		}
		return
	}
	select {
	case c.server <- m:
	default:
		c.t.Errorf("customer: %T is one too many", m)
	}
}

func (c *customer) start() {
	c.send(wire.Start{MetaData: map[string]any{"customer": "4711"}})
}

func (c *customer) took(token, session string, epoch int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token, c.place = token, seal.Place{Session: session, Epoch: epoch}
}

// say sends a message about a link, sealed if there is a key.
func (c *customer) say(o *offer, m wire.Message) {
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

// meet opens a link to an agent who is there, unless there is one.
func (c *customer) meet(agent wire.Member) {
	c.mu.Lock()
	linked := c.link != nil && c.link.agent == agent.ID
	c.mu.Unlock()
	if !agent.Away && !linked {
		c.offer(agent.ID)
	}
}

// offer opens a link to an agent and closes the one before when it is open.
func (c *customer) offer(agent string) {
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
	c.number++
	o := &offer{name: string(rune('a' + c.number)), agent: agent, pc: pc}
	before := c.link
	c.link = o
	place := c.place
	c.mu.Unlock()
	if c.key != nil {
		place.Agent, place.Link = agent, o.name
		if o.sealing, err = seal.Offer(c.key, place); err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
		// A candidate may overtake its offer.
		c.say(o, wire.Candidate{To: agent, Link: o.name, Candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", SDPMid: "0"})
	}
	yes, no, zero := true, false, uint16(0)
	for id, init := range []webrtc.DataChannelInit{{}, {}, {Ordered: &no, MaxRetransmits: &zero}} {
		number := uint16(id)
		init.Negotiated, init.ID = &yes, &number
		if o.channels[id], err = pc.CreateDataChannel("", &init); err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
	}
	o.channels[wire.ChannelControl].OnMessage(func(m webrtc.DataChannelMessage) {
		control, err := wire.DecodeControl(m.Data)
		if err != nil {
			c.t.Errorf("customer: %v", err)
			return
		}
		c.told <- control
	})
	o.channels[wire.ChannelFrames].OnOpen(func() {
		if before != nil {
			c.closing.Go(func() { _ = before.pc.GracefulClose() })
		}
		c.opened <- struct{}{}
	})
	pc.OnICECandidate(func(found *webrtc.ICECandidate) {
		m := wire.Candidate{To: agent, Link: o.name}
		if found != nil {
			m.Candidate = found.ToJSON().Candidate
		}
		c.say(o, m)
	})
	c.describe(o, nil)
}

// describe sends an offer for the link.
func (c *customer) describe(o *offer, options *webrtc.OfferOptions) {
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

// restartICE offers the same link anew.
func (c *customer) restartICE() {
	c.mu.Lock()
	o := c.link
	o.answered = false
	c.mu.Unlock()
	c.describe(o, &webrtc.OfferOptions{ICERestart: true})
}

func (c *customer) signalled(m wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.link
	switch m := m.(type) {
	case wire.Description:
		if o == nil || m.Link != o.name {
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
		if o == nil || m.Link != o.name || m.Candidate == "" {
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
	o := c.link
	o.seq++
	frame := wire.AppendFrame(nil, o.seq, ops, &o.strings)
	for len(frame) > 0 {
		part := frame[:min(len(frame), wire.MaxChunkBytes-1)]
		frame = frame[len(part):]
		more := byte(0)
		if len(frame) > 0 {
			more = 1
		}
		if err := o.channels[wire.ChannelFrames].Send(append([]byte{more}, part...)); err != nil {
			c.t.Errorf("customer: %v", err)
		}
	}
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
	text, err := wire.EncodeControl(m)
	if err != nil {
		panic(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.link.channels[wire.ChannelControl].SendText(string(text)); err != nil {
		c.t.Errorf("customer: %v", err)
	}
}

func (c *customer) point(p wire.PointerMove) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.link.channels[wire.ChannelPointer].Send(wire.AppendPointer(nil, p))
}

// cut drops the link without a word.
func (c *customer) cut() {
	c.mu.Lock()
	o := c.link
	c.link = nil
	c.mu.Unlock()
	if o != nil {
		_ = o.pc.GracefulClose()
	}
}

// hangUp closes the connection to the server without a word, and waits until nothing reads it.
func (c *customer) hangUp() {
	c.mu.Lock()
	ws := c.ws
	c.ws = nil
	c.mu.Unlock()
	if ws != nil {
		ws.Close()
	}
}

func (c *customer) stop() {
	c.hangUp()
	c.cut()
	c.closing.Wait()
}
