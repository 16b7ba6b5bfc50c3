package agent

import (
	"fmt"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const (
	maxCandidates     = 64       // that a link takes
	maxControlBytes   = 64 << 10 // of a control message
	maxChannelMessage = 256 << 10
	flushTimeout      = time.Second
)

// linkEvents is what a link tells its owner. Calls of one method never overlap, but those of different methods do.
type linkEvents interface {
	signalLink(l *link, m wire.Message)
	linkOpened(l *link)
	linkClosed(l *link)
	frame(l *link, data []byte)
	badFrame(l *link, err error)
	control(l *link, m wire.Control)
	pointer(l *link, p wire.PointerMove)
}

// link is the connection to the customer's browser: a peer connection on the answering side with its three data channels.
type link struct {
	name, member string // the link's and the customer's id
	events       linkEvents
	sealing      *seal.Link // nil: nothing is sealed; its Seal with order held, its Open by who reads the socket
	pc           *webrtc.PeerConnection
	controls     *webrtc.DataChannel

	order    sync.Mutex // held while something is signalled, and before the owner's lock
	answered bool
	held     []wire.Message // own candidates found before the answer was sent

	mu         sync.Mutex // held within the owner's lock, never around it
	candidates int        // of the other side
	pending    []string   // control messages that wait for the channel to open
	open       bool
	closed     bool
}

// newLink makes the link that an offer asks for; answer must follow.
func newLink(offer wire.Description, servers []wire.ICEServer, sealing *seal.Link, events linkEvents) (*link, error) {
	l := &link{name: offer.Link, member: offer.From, events: events, sealing: sealing}
	pc, err := linkAPI().NewPeerConnection(configuration(servers))
	if err != nil {
		return nil, fmt.Errorf("agent: link: %w", err)
	}
	l.pc = pc
	if err := l.channels(); err != nil {
		_ = pc.Close()
		return nil, fmt.Errorf("agent: link: %w", err)
	}
	pc.OnICECandidate(l.found)
	pc.OnConnectionStateChange(l.stateChanged)
	return l, nil
}

func linkAPI() *webrtc.API {
	var settings webrtc.SettingEngine
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetSCTPMaxMessageSize(maxChannelMessage)
	// pion writes to standard error by default; its environment variables still turn that on.
	loggers := logging.NewDefaultLoggerFactory()
	loggers.DefaultLogLevel = logging.LogLevelDisabled
	settings.LoggerFactory = loggers
	// Without a MediaEngine no codec is known, so that offers of audio or video come to nothing.
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings))
}

func configuration(servers []wire.ICEServer) (c webrtc.Configuration) {
	for _, s := range servers {
		c.ICEServers = append(c.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return c
}

func (l *link) channels() error {
	no, zero := false, uint16(0)
	channel := func(label string, id uint16, init webrtc.DataChannelInit) (*webrtc.DataChannel, error) {
		yes := true
		init.Negotiated, init.ID = &yes, &id
		return l.pc.CreateDataChannel(label, &init)
	}
	controls, err := channel("control", wire.ChannelControl, webrtc.DataChannelInit{})
	if err != nil {
		return err
	}
	frames, err := channel("frames", wire.ChannelFrames, webrtc.DataChannelInit{})
	if err != nil {
		return err
	}
	pointers, err := channel("pointer", wire.ChannelPointer, webrtc.DataChannelInit{Ordered: &no, MaxRetransmits: &zero})
	if err != nil {
		return err
	}
	l.controls = controls
	controls.OnOpen(l.opened)
	controls.OnMessage(l.controlReceived)
	controls.OnClose(l.lost)
	frames.OnClose(l.lost)
	var parts chunks
	frames.OnMessage(func(m webrtc.DataChannelMessage) {
		switch frame, complete, err := parts.add(m.Data); {
		case err != nil:
			l.events.badFrame(l, err)
		case complete:
			l.events.frame(l, frame)
		}
	})
	pointers.OnMessage(func(m webrtc.DataChannelMessage) {
		if p, err := wire.DecodePointer(m.Data); err == nil {
			l.events.pointer(l, p)
		}
	})
	return nil
}

// answer answers the link's offer, the first or one that restarts ICE.
func (l *link) answer(offer wire.Description) error {
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}); err != nil {
		return fmt.Errorf("agent: offer: %w", err)
	}
	answer, err := l.pc.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("agent: answer: %w", err)
	}
	// Candidates are found from here on, but must not be sent before the answer.
	if err := l.pc.SetLocalDescription(answer); err != nil {
		return fmt.Errorf("agent: answer: %w", err)
	}
	l.order.Lock()
	defer l.order.Unlock()
	l.events.signalLink(l, wire.Description{To: l.member, Link: l.name, Kind: wire.Answer, SDP: answer.SDP})
	for _, m := range l.held {
		l.events.signalLink(l, m)
	}
	l.answered, l.held = true, nil
	return nil
}

// found sends a candidate of this side; nil ends them.
func (l *link) found(c *webrtc.ICECandidate) {
	m := wire.Candidate{To: l.member, Link: l.name}
	if c != nil {
		init := c.ToJSON()
		m.Candidate = init.Candidate
		if init.SDPMid != nil {
			m.SDPMid = *init.SDPMid
		}
		if init.SDPMLineIndex != nil {
			m.SDPMLineIndex = int(*init.SDPMLineIndex)
		}
	}
	l.order.Lock()
	defer l.order.Unlock()
	if l.answered {
		l.events.signalLink(l, m)
	} else {
		l.held = append(l.held, m)
	}
}

// add takes a candidate of the other side. One that cannot be used is dropped: others may do.
func (l *link) add(c wire.Candidate) {
	l.mu.Lock()
	l.candidates++
	many := l.candidates > maxCandidates
	l.mu.Unlock()
	if many || c.SDPMLineIndex < 0 || c.SDPMLineIndex > 1<<16-1 {
		return
	}
	index := uint16(c.SDPMLineIndex)
	_ = l.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: &c.SDPMid, SDPMLineIndex: &index})
}

func (l *link) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		l.lost()
	}
}

func (l *link) opened() {
	l.mu.Lock()
	l.open = true
	pending := l.pending
	l.pending = nil
	l.mu.Unlock()
	for _, text := range pending {
		_ = l.controls.SendText(text)
	}
	l.events.linkOpened(l)
}

func (l *link) lost() {
	l.mu.Lock()
	before := l.closed
	l.closed = true
	l.mu.Unlock()
	if !before {
		l.events.linkClosed(l)
	}
}

// up tells whether messages get through.
func (l *link) up() bool {
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open && !l.closed
}

// send sends a control message, as soon as the channel is open.
func (l *link) send(m wire.Control) {
	text, err := wire.EncodeControl(m)
	if err != nil {
		panic(err) // what this package sends can be encoded
	}
	l.mu.Lock()
	if !l.open {
		l.pending = append(l.pending, string(text))
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	_ = l.controls.SendText(string(text))
}

func (l *link) controlReceived(m webrtc.DataChannelMessage) {
	if !m.IsString || len(m.Data) > maxControlBytes {
		return
	}
	if c, err := wire.DecodeControl(m.Data); err == nil {
		l.events.control(l, c)
	}
}

// flush waits until what was sent has arrived, for a while.
func (l *link) flush() {
	empty := make(chan struct{}, 1)
	l.controls.OnBufferedAmountLow(func() {
		select {
		case empty <- struct{}{}:
		default:
		}
	})
	if l.controls.BufferedAmount() == 0 {
		return
	}
	select {
	case <-empty:
	case <-time.After(flushTimeout):
	}
}

// close closes the link and waits until nothing of it runs any more. Not to be called by its own events.
func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	_ = l.pc.GracefulClose()
}
