package agent_test

import (
	"crypto/ecdh"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// customer is a sender as small as can be: it starts a session, makes a link with every agent and shows what the test tells it.
type customer struct {
	t       *testing.T
	base    string
	code    chan string       // support codes
	told    chan wire.Control // by the agent
	server  chan wire.Message // what the server says, but pings and what is signalled
	opened  chan struct{}     // a link goes over data channels
	answers chan string       // SDP
	found   chan string       // candidates of agents, "" the last
	key     *ecdh.PublicKey   // of the company; nil: nothing is sealed
	relays  bool              // links begin on the relay, and have no peer connection before connectTo
	meddle  func(box []byte)  // called after every relayed message, with mu held
	closing sync.WaitGroup

	mu     sync.Mutex
	ws     *websocket.Conn
	token  string
	place  seal.Place // without agent and link
	number int        // of the link
	link   *customerLink
}

func newCustomer(t *testing.T, base string) *customer {
	t.Helper()
	c := &customer{
		t: t, base: base, code: make(chan string, 4), told: make(chan wire.Control, 64), server: make(chan wire.Message, 64), opened: make(chan struct{}, 16),
		answers: make(chan string, 16), found: make(chan string, 256),
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
	if c.relays && c.link != nil { // not before the server knows this connection
		c.link.sending.Begin(nil, 0)
	}
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
	c.write(websocket.TextMessage, data)
}

// write sends to the server what c.mu is held for.
func (c *customer) write(kind int, data []byte) {
	if c.ws != nil {
		_ = c.ws.WriteMessage(kind, data)
	}
}

func (c *customer) read(ws *websocket.Conn) {
	for {
		kind, data, err := ws.ReadMessage()
		if err != nil {
			ws.Close()
			c.mu.Lock()
			if c.ws == ws {
				c.ws = nil
			}
			c.mu.Unlock()
			return
		}
		if kind == websocket.BinaryMessage {
			c.unbox(data)
			continue
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
		conn := c.connection(m.Link)
		c.mu.Unlock()
		if conn == nil {
			return
		}
		if inner, err := conn.sealing.Open(m); err != nil {
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

// meet makes a link with an agent who is there, unless there is one; then it goes on on the relay if that carried it.
func (c *customer) meet(agent wire.Member) {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	switch {
	case agent.Away:
	case l == nil || l.agent.ID != agent.ID || l.agent.Key != agent.Key:
		c.newLink(agent)
	case c.relays:
		c.takeRelay()
	}
}

// hangUp closes the connection to the server without a word.
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
