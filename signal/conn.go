package signal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// The time a connection has for things.
const (
	helloTimeout    = 5 * time.Second  // from the upgrade to the end of Hello
	seatTimeout     = 10 * time.Second // from Welcome to a place in a session: senders ask for one at once
	askTimeout      = 10 * time.Minute // the same for an agent, who may have mistyped the support code, from the last one on
	messageTimeout  = 10 * time.Second // from the first frame of a message to its last
	idleTimeout     = 45 * time.Second // without a sign of life
	pingInterval    = 20 * time.Second
	lastTimeout     = 10 * time.Second // to write a message once the connection is to be closed; before, it has idleTimeout
	closeTimeout    = 2 * time.Second  // to write a close frame
	lingerTimeout   = time.Second      // for the client to close too
	reauthorization = 60 * time.Second
)

// conn is one WebSocket: a reader goroutine, which does what the client asks, and a writer goroutine. Others only put
// letters into its outbox.
type conn struct {
	id         string
	server     *Server
	ws         *websocket.Conn
	socket     *socket
	out        *outbox
	remote     string        // the client's address as budgets count it
	remoteAddr netip.Addr    // that address; zero when unknown
	written    chan struct{} // closed when the writer has finished
	slot       int           // of the pinger; the server's mu guards it

	// Of the reader, once it runs.
	greeted     bool
	unconfirmed bool      // its client has a new resume token, and has said nothing since
	seatBy      time.Time // by when it must have a place in a session; zero while it has one
	inMessage   bool
	role        wire.Role
	messages    bucket
	packets     *packetBudget // nil before the first packet
	links       links
	tells       dropping
	visits      dropping
	visited     string // the last page that was told of

	// Set by the reader before the first letter can come, and then only read.
	agent     Agent
	guesser   string        // whose support codes its wrong ones are, within the agent's ID
	request   *http.Request // the agent's upgrade request, to authorise it again; nil for a sender
	mounted   string        // what browsers have before the path of the upgrade request
	elsewhere bool          // the page is of one of Config.Sites

	authorizing atomic.Bool
	asked       atomic.Bool // to connect again (askAnew)
	sure        time.Time   // when the Authorizer last said that the agent is one; who has set authorizing writes it

	mu   sync.Mutex
	seat seat
}

// closeError asks for the connection to be closed.
type closeError struct {
	code int
	text string
}

func (e closeError) Error() string { return fmt.Sprintf("signal: close %d: %s", e.code, e.text) }

func badMessage(format string, args ...any) error {
	return closeError{wire.CloseBadMessage, fmt.Sprintf(format, args...)}
}

// run serves the connection until it is closed.
func (c *conn) run() {
	go func() {
		defer close(c.written)
		defer func() { c.panicked(recover()) }()
		c.write()
	}()
	err := c.serve()
	if e, ok := endingFor(err); ok && !c.out.ended() {
		if e.code == wire.CloseSlow && c.standsTooLong() {
			e.text = "no place in a session"
		}
		c.server.countEnding(e.code)
		c.server.log.Debug("signal: connection closed", "conn", c.id, "code", e.code, "reason", e.text)
		c.close(e.code, e.text, e.code == wire.CloseSlow)
	} else {
		c.out.end(ending{}, true)
		c.server.awaitMove()
	}
	c.away()
	<-c.written
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		c.socket.linger(c.server.linger)
	}
	c.ws.Close()
}

// serve reads messages and does what they ask, until something goes wrong.
func (c *conn) serve() (err error) {
	defer func() {
		if c.panicked(recover()) {
			err = errStopped
		}
	}()
	alive := func(string) error {
		if !c.inMessage {
			c.socket.message = 0
			if c.greeted {
				c.allow(idleTimeout)
			}
		}
		return c.socket.meter(&c.messages, 1)
	}
	c.ws.SetPongHandler(alive)
	answer := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error { return errors.Join(alive(data), answer(data)) })
	c.ws.SetReadLimit(wire.MaxMessageBytes)
	c.socket.allow(helloTimeout)
	for {
		m, p, err := c.read()
		if err != nil {
			return err
		}
		if c.out.ended() {
			return errStopped
		}
		if m != nil {
			err = c.handle(m)
		} else {
			err = c.passOn(p)
		}
		if err != nil {
			return err
		}
		c.allow(idleTimeout)
	}
}

// allow gives the client d for what comes next, and no longer than it may be without a place in a session.
func (c *conn) allow(d time.Duration) {
	switch patience := seatTimeout; {
	case c.isSeated():
		c.seatBy = time.Time{}
	case c.seatBy.IsZero():
		if c.role == wire.RoleAgent {
			patience = askTimeout
		}
		c.seatBy = time.Now().Add(patience)
	}
	if !c.seatBy.IsZero() {
		d = min(d, time.Until(c.seatBy))
	}
	c.socket.allow(d)
}

func (c *conn) standsTooLong() bool { return !c.seatBy.IsZero() && !time.Now().Before(c.seatBy) }

var readBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// read reads a message or, when that is nil, a packet.
func (c *conn) read() (wire.Message, packet, error) {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return nil, packet{}, err
	}
	c.inMessage = true
	if c.greeted {
		c.allow(messageTimeout)
	}
	buf := readBuffers.Get().(*bytes.Buffer)
	defer readBuffers.Put(buf)
	buf.Reset()
	if _, err := io.Copy(buf, r); err != nil {
		return nil, packet{}, err
	}
	c.inMessage = false
	c.socket.message = 0
	if kind == websocket.BinaryMessage {
		p, err := c.readPacket(buf.Bytes())
		return nil, p, err
	}
	if err := c.socket.meter(&c.messages, 1); err != nil {
		return nil, packet{}, err
	}
	m, err := decode(buf.Bytes())
	return m, packet{}, err
}

// plainPong is what most clients say most of the time.
const plainPong = `{"type":"pong"}`

func decode(text []byte) (wire.Message, error) {
	if !utf8.Valid(text) {
		return nil, closeError{websocket.CloseInvalidFramePayloadData, "not UTF-8"}
	}
	if string(text) == plainPong {
		return wire.Pong{}, nil
	}
	m, err := wire.Decode(text)
	switch {
	case errors.Is(err, wire.ErrUnknownType):
		return nil, closeError{wire.CloseVersion, "unknown message type"}
	case err != nil:
		return nil, badMessage("malformed message")
	}
	return m, nil
}

// endingFor gives how to close after an error of serve; false means that there is nobody left to tell.
func endingFor(err error) (ending, bool) {
	var closing closeError
	var timeout net.Error
	switch {
	case errors.As(err, &closing):
		return ending(closing), true
	case errors.Is(err, errAbuse):
		return ending{wire.CloseTooMany, "too many messages"}, true
	case errors.Is(err, errFraming), errors.Is(err, websocket.ErrReadLimit):
		return ending{websocket.CloseMessageTooBig, "message too big"}, true
	case errors.As(err, &timeout) && timeout.Timeout():
		return ending{wire.CloseSlow, "no sign of life"}, true
	}
	return ending{}, false
}

// away tells the others that the connection is gone.
func (c *conn) away() {
	if c.asked.Load() {
		defer func() { c.panicked(recover()) }()
		c.awaitAnew()
		return
	}
	place := c.stand()
	if place.member == "" {
		return
	}
	defer func() { c.panicked(recover()) }()
	ctx, cancel := c.server.patience()
	defer cancel()
	if err := c.server.setAway(ctx, place.session, place.member, c.address()); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "away", "session", place.session, "err", err)
	}
}

// panicked closes the connection if p is the value of a panic, which must harm nobody else.
func (c *conn) panicked(p any) bool {
	if !c.server.panicked("connection", p) {
		return false
	}
	c.close(websocket.CloseInternalServerErr, "internal error", true)
	return true
}
