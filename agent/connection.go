package agent

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const (
	maxCandidates     = 64 // that a connection takes
	maxChannelMessage = 256 << 10
	maxBuffered       = 1 << 20 // bytes that wait to be sent; more are lost, as with the connection
	flushTimeout      = time.Second
)

// connectionEvents is what a connection tells its owner. Calls of one method never overlap but those of packet, of which that is so for each channel.
type connectionEvents interface {
	signal(c *connection, m wire.Message)
	packet(c *connection, data []byte)
	compare(c *connection, offer wire.Description, answer string) (nonce string)
	pathChanged(c *connection)
	foreign(c *connection)
}

// connection is a peer connection of a link, on the answering side, with its three data channels.
type connection struct {
	name    string // as in wire.Description
	number  path
	member  string // the customer's id
	local   bool   // the app is on this machine
	events  connectionEvents
	sealing *seal.Link // nil: nothing is sealed; its Seal with order held, its Open by who reads the socket
	pc      *webrtc.PeerConnection

	controls   *webrtc.DataChannel
	open       atomic.Bool // messages can be sent
	gone       atomic.Bool // it has failed or is closed
	candidates int         // of the other side; only who reads the socket counts them
	comparison comparison  // guarded by the lock of its session, once it is one of its link's

	order    sync.Mutex // held while something is signalled, and before the owner's lock
	answered bool
	held     []wire.Message // own candidates found before the answer was sent
}

// connectionName takes the name of a peer connection apart: the link's name, a dot and a number.
func connectionName(name string) (link string, number path, ok bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", 0, false
	}
	n, err := strconv.ParseUint(name[dot+1:], 10, 32)
	return name[:dot], path(n), err == nil
}

// newConnection makes the peer connection that an offer asks for; answer must follow.
func newConnection(offer wire.Description, number path, local bool, config webrtc.Configuration, sealing *seal.Link, events connectionEvents) (*connection, error) {
	c := &connection{name: offer.Link, number: number, member: offer.From, local: local, events: events, sealing: sealing}
	pc, err := connectionAPI().NewPeerConnection(config)
	if err != nil {
		return nil, fmt.Errorf("agent: connection: %w", err)
	}
	c.pc = pc
	if err := c.channels(); err != nil {
		_ = pc.Close()
		return nil, fmt.Errorf("agent: connection: %w", err)
	}
	pc.OnICECandidate(c.found)
	pc.OnConnectionStateChange(c.stateChanged)
	// A channel of the other side's own: pion would read it into memory for ever.
	pc.OnDataChannel(func(*webrtc.DataChannel) { events.foreign(c) })
	return c, nil
}

func connectionAPI() *webrtc.API {
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

// configuration is how to look for a way; hidden: so that the customer learns no address of this agent.
func configuration(servers []wire.ICEServer, hidden bool) (c webrtc.Configuration) {
	if hidden {
		c.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	for _, s := range servers {
		c.ICEServers = append(c.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return c
}

func (c *connection) channels() error {
	yes, no, zero := true, false, uint16(0)
	inits := [...]webrtc.DataChannelInit{wire.ChannelControl: {}, wire.ChannelFrames: {}, wire.ChannelPointer: {Ordered: &no, MaxRetransmits: &zero}}
	for i, init := range inits {
		id := uint16(i)
		init.Negotiated, init.ID = &yes, &id
		channel, err := c.pc.CreateDataChannel(strconv.Itoa(i), &init)
		if err != nil {
			return err
		}
		channel.OnMessage(func(m webrtc.DataChannelMessage) {
			if m.IsString {
				m.Data = nil // malformed
			}
			c.events.packet(c, m.Data)
		})
		switch i {
		case wire.ChannelControl:
			c.controls = channel
			channel.OnOpen(c.opened)
			channel.OnClose(c.lost)
		case wire.ChannelFrames:
			channel.OnClose(c.lost)
		}
	}
	return nil
}

// answer answers the connection's offer, the first or one that restarts ICE.
func (c *connection) answer(offer wire.Description) error {
	c.candidates = 0
	sdp, ok := linkSDP(offer.SDP, c.local)
	if !ok {
		return errors.New("agent: offer: not of data channels alone")
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		return fmt.Errorf("agent: offer: %w", err)
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("agent: answer: %w", err)
	}
	// Candidates are found from here on, but must not be sent before the answer.
	if err := c.pc.SetLocalDescription(answer); err != nil {
		return fmt.Errorf("agent: answer: %w", err)
	}
	reply := wire.Description{To: c.member, Link: c.name, Kind: wire.Answer, SDP: answer.SDP}
	if offer.Commit != "" {
		reply.Nonce = c.events.compare(c, offer, answer.SDP)
	}
	c.order.Lock()
	defer c.order.Unlock()
	c.events.signal(c, reply)
	for _, m := range c.held {
		c.events.signal(c, m)
	}
	c.answered, c.held = true, nil
	return nil
}

// found sends a candidate of this side; nil ends them.
func (c *connection) found(candidate *webrtc.ICECandidate) {
	m := wire.Candidate{To: c.member, Link: c.name}
	if candidate != nil {
		init := candidate.ToJSON()
		m.Candidate = init.Candidate
		if init.SDPMid != nil {
			m.SDPMid = *init.SDPMid
		}
		if init.SDPMLineIndex != nil {
			m.SDPMLineIndex = int(*init.SDPMLineIndex)
		}
	}
	c.order.Lock()
	defer c.order.Unlock()
	if c.answered {
		c.events.signal(c, m)
	} else {
		c.held = append(c.held, m)
	}
}

// add takes a candidate of the other side. One that cannot be used is dropped: others may do.
func (c *connection) add(m wire.Candidate) {
	c.candidates++
	if c.candidates > maxCandidates || !usableCandidate(m.Candidate, c.local) || m.SDPMLineIndex < 0 || m.SDPMLineIndex > 1<<16-1 {
		return
	}
	index := uint16(m.SDPMLineIndex)
	_ = c.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: m.Candidate, SDPMid: &m.SDPMid, SDPMLineIndex: &index})
}

func (c *connection) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		c.lost()
	case webrtc.PeerConnectionStateConnected, webrtc.PeerConnectionStateDisconnected:
		c.events.pathChanged(c)
	}
}

func (c *connection) opened() {
	c.open.Store(true)
	c.events.pathChanged(c)
}

func (c *connection) lost() {
	if !c.gone.Swap(true) {
		c.events.pathChanged(c)
	}
}

// linked tells whether the channels are open, maybe interrupted.
func (c *connection) linked() bool { return c != nil && c.open.Load() && !c.gone.Load() }

// up tells whether messages get through.
func (c *connection) up() bool {
	return c.linked() && c.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
}

// send sends a packet, or loses it.
func (c *connection) send(packet []byte) {
	if c.linked() && c.controls.BufferedAmount() < maxBuffered {
		_ = c.controls.Send(packet)
	}
}

// flush waits until what was sent has arrived, for a while.
func (c *connection) flush() {
	empty := make(chan struct{}, 1)
	c.controls.OnBufferedAmountLow(func() {
		select {
		case empty <- struct{}{}:
		default:
		}
	})
	if c.controls.BufferedAmount() == 0 {
		return
	}
	select {
	case <-empty:
	case <-time.After(flushTimeout):
	}
}

// close closes the connection and waits until nothing of it runs any more. Not to be called by its own events.
func (c *connection) close() {
	c.gone.Store(true)
	_ = c.pc.GracefulClose()
}
