package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// The time things may take.
const (
	openTimeout   = 15 * time.Second // from dialling to being admitted
	redialTimeout = 4 * time.Second  // for the connection itself, after the first
	probeTimeout  = 4 * time.Second  // from a Ping to whatever the server says
	stillness     = 2 * time.Second  // without a message on a connection that carries the link, until it is probed
	idleTimeout   = 60 * time.Second // the server pings every 20 s
	writeTimeout  = 10 * time.Second
	leaveTimeout  = time.Second // from the farewell to the server's
)

const queueLength = 2 * maxUnacked // messages that wait to be written; a link may have all to say again

// socket is one connection to the server. One goroutine reads, one writes; send and close are safe for concurrent use.
type socket struct {
	ws      *websocket.Conn
	queue   chan outgoing // nil data: the farewell
	heard   atomic.Int64  // messages of the server's
	closing chan struct{} // closed by close
	written chan struct{} // closed when the writer has finished
	once    sync.Once
}

// outgoing is a message that waits to be written.
type outgoing struct {
	kind int // websocket.TextMessage or BinaryMessage
	data []byte
}

// dialer opens sockets to one server.
type dialer struct {
	address string
	options Options
}

// open connects within the time for dialling, greets, asks to be admitted, and gives the answer: a Joined or a Resumed.
func (d *dialer) open(ctx context.Context, ask wire.Message, dialling time.Duration) (_ *socket, reply wire.Message, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	s, err := d.dial(ctx, dialling)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	defer context.AfterFunc(ctx, func() { s.ws.Close() })()
	fail := func(err error) (*socket, wire.Message, error) {
		return nil, nil, fmt.Errorf("agent: join: %w", because(ctx, err))
	}
	s.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent, Client: "qwelp-go"})
	s.send(ask)
	for {
		m, err := s.read()
		if err != nil {
			return fail(err)
		}
		switch m := m.(type) {
		case wire.Joined:
			return s, m, nil
		case wire.Resumed:
			return s, m, nil
		case wire.Error:
			return fail(errorOf(m))
		case wire.Ended:
			return fail(&EndedError{m.Reason})
		case wire.Draining:
			return fail(&ServerError{wire.ErrUnavailable, m.RetryAfter})
		case wire.Ping:
			s.send(wire.Pong{})
		}
	}
}

// because gives the end of ctx as the cause of an error that comes of it.
func because(ctx context.Context, err error) error {
	deadline, ok := ctx.Deadline()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case ok && errors.Is(err, os.ErrDeadlineExceeded) && !time.Now().Before(deadline): // the connection knew it first
		return context.DeadlineExceeded
	}
	return err
}

func (d *dialer) dial(ctx context.Context, timeout time.Duration) (*socket, error) {
	header := d.options.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if d.options.Token != "" {
		header.Set("Authorization", "Bearer "+d.options.Token)
	}
	dialer := websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: d.options.TLS, HandshakeTimeout: timeout, Subprotocols: []string{wire.Subprotocol},
	}
	ws, response, err := dialer.DialContext(ctx, d.address, header)
	if err != nil {
		if response == nil {
			return nil, fmt.Errorf("agent: dial: %w", because(ctx, err))
		}
		response.Body.Close()
		if response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden {
			err = ErrNotAgent
		}
		return nil, fmt.Errorf("agent: dial: status %d: %w", response.StatusCode, err)
	}
	if ws.Subprotocol() != wire.Subprotocol {
		ws.Close()
		return nil, fmt.Errorf("%w: it does not speak %s", ErrRefused, wire.Subprotocol)
	}
	return newSocket(ws), nil
}

func newSocket(ws *websocket.Conn) *socket {
	s := &socket{ws: ws, queue: make(chan outgoing, queueLength), closing: make(chan struct{}), written: make(chan struct{})}
	ws.SetReadLimit(wire.MaxMessageBytes)
	ws.SetPingHandler(func(data string) error {
		s.alive()
		err := ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	go s.write()
	return s
}

func (s *socket) alive() { _ = s.ws.SetReadDeadline(time.Now().Add(idleTimeout)) }

// read gives the next message: a relayed, or a wire.Message that this version knows.
func (s *socket) read() (any, error) {
	for {
		s.alive()
		kind, data, err := s.ws.ReadMessage()
		if err != nil {
			return nil, closeError(err)
		}
		s.heard.Add(1)
		if kind == websocket.BinaryMessage {
			var m relayed
			m.member, m.link, m.box, err = wire.ReadRelayed(data)
			return m, err
		}
		m, err := wire.Decode(data)
		if errors.Is(err, wire.ErrUnknownType) { // of a newer server
			continue
		}
		return m, err
	}
}

// send queues a message. A server that lets the queue fill up is left.
func (s *socket) send(m wire.Message) {
	data, err := wire.Encode(m)
	if err != nil {
		panic(err) // what this package sends can be encoded
	}
	s.put(outgoing{websocket.TextMessage, data})
}

// sendRelayed queues a packet for the relay.
func (s *socket) sendRelayed(data []byte) { s.put(outgoing{websocket.BinaryMessage, data}) }

func (s *socket) put(m outgoing) {
	select {
	case s.queue <- m:
	default:
		s.ws.Close()
	}
}

// probe asks the server whether it is there, and leaves it when nothing comes: the network may have forgotten the connection.
func (s *socket) probe() {
	before := s.heard.Load()
	s.send(wire.Ping{})
	time.AfterFunc(probeTimeout, func() {
		if s.heard.Load() == before {
			s.ws.Close()
		}
	})
}

// watch probes the connection when nothing comes although it carries the link: the customer's page may have much to say, and only hears that
// its own connection is alive. It ends with the connection.
func (s *socket) watch(carries func() bool) {
	tick := time.NewTicker(stillness)
	defer tick.Stop()
	before := s.heard.Load()
	for {
		select {
		case <-tick.C:
		case <-s.written:
			return
		}
		heard := s.heard.Load()
		if heard == before && carries() {
			s.probe()
		}
		before = heard
	}
}

// write writes what is queued; after close, the rest and the farewell.
func (s *socket) write() {
	defer close(s.written)
	defer s.ws.Close()
	for {
		select {
		case m := <-s.queue:
			if s.writeOne(m) != nil {
				return
			}
		case <-s.closing:
			for {
				select {
				case m := <-s.queue:
					if s.writeOne(m) != nil {
						return
					}
				default:
					s.farewell()
					return
				}
			}
		}
	}
}

func (s *socket) writeOne(m outgoing) error {
	if m.data == nil {
		s.farewell()
		return nil
	}
	_ = s.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
	return s.ws.WriteMessage(m.kind, m.data)
}

func (s *socket) farewell() {
	text := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.ws.WriteControl(websocket.CloseMessage, text, time.Now().Add(writeTimeout))
}

// leave says farewell after what is queued, so that the reader ends with the server's answer. To close while something is still coming in
// could cost the server what was written last (RFC 1122 section 4.2.2.13).
func (s *socket) leave() {
	select {
	case s.queue <- outgoing{}:
		time.AfterFunc(leaveTimeout, func() { s.ws.Close() })
	default:
		s.ws.Close()
	}
}

// close closes the connection after what is queued has been written, and waits for that.
func (s *socket) close() {
	s.once.Do(func() { close(s.closing) })
	<-s.written
}

// closeError gives the error that a close code stands for.
func closeError(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return err
	}
	switch {
	case closed.Code == wire.CloseEnded:
		return &EndedError{}
	case closed.Code == wire.CloseAuth:
		return ErrNotAgent
	case closed.Code == wire.CloseReplaced:
		return ErrReplaced
	case closed.Code >= wire.CloseBadMessage:
		return fmt.Errorf("%w: close code %d", ErrRefused, closed.Code)
	}
	return err
}

// errorOf gives the error that an Error message stands for.
func errorOf(m wire.Error) error {
	switch m.Code {
	case wire.ErrUnknownCode:
		return ErrUnknownCode
	case wire.ErrGone:
		return ErrLost
	case wire.ErrEnded:
		return &EndedError{}
	case wire.ErrNotAgent:
		return ErrNotAgent
	}
	return &ServerError{m.Code, m.RetryAfter}
}
