package turn

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

// Split shares one TLS port between HTTPS and TURN. It gives the connections of l to two listeners: web is for http.Server.Serve, turn for
// Config.TLS. Browsers name the protocol when they open HTTPS (ALPN) and do not when they open TURN; where none is named, the first bytes
// decide: those of STUN are below 4 (RFC 7983). Closing web closes l and ends both, closing turn refuses TURN.
//
// config needs certificates; without NextProtos it gets those of HTTP/2 and HTTP/1.1. Split does not work behind a proxy that
// speaks HTTP with the app.
func Split(l net.Listener, config *tls.Config) (web, turn net.Listener) {
	config = config.Clone()
	if len(config.NextProtos) == 0 {
		config.NextProtos = []string{"h2", "http/1.1"}
	}
	config.NextProtos = append(slices.Clone(config.NextProtos), turnProtocol)
	s := &splitter{Listener: l, config: config, raw: map[net.Conn]bool{}}
	s.web, s.turn = newBranch(l, s.end), newBranch(l, nil)
	s.running.Go(s.run)
	return s.web, s.turn
}

// turnProtocol is the name of TURN in ALPN (RFC 7443), for clients that have one.
const turnProtocol = "stun.turn"

type splitter struct {
	net.Listener
	config    *tls.Config
	web, turn *branch
	running   sync.WaitGroup

	mu  sync.Mutex
	raw map[net.Conn]bool // not handed over yet; nil when it is over
}

func (s *splitter) run() {
	for {
		conn, err := s.Accept()
		switch {
		case err == nil && s.hold(conn):
			s.running.Go(func() {
				s.sort(conn)
				s.letGo(conn)
			})
			continue
		case err == nil:
			conn.Close()
			continue
		case errors.Is(err, net.ErrClosed):
			s.turn.shut()
			s.web.shut()
			return
		}
		select {
		case <-s.web.closed:
			return
		case <-time.After(acceptPause):
		}
	}
}

func (s *splitter) hold(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.raw == nil {
		return false
	}
	s.raw[conn] = true
	return true
}

func (s *splitter) letGo(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.raw, conn)
}

// end closes everything that has not been handed over.
func (s *splitter) end() error {
	s.turn.shut()
	s.web.shut()
	err := s.Listener.Close()
	s.mu.Lock()
	for conn := range s.raw {
		conn.Close()
	}
	s.raw = nil
	s.mu.Unlock()
	s.running.Wait()
	return err
}

// sort finds out what a connection is and hands it over.
func (s *splitter) sort(raw net.Conn) {
	conn := tls.Server(raw, s.config)
	raw.SetDeadline(time.Now().Add(openTimeout))
	if err := conn.Handshake(); err != nil {
		raw.Close()
		return
	}
	switch conn.ConnectionState().NegotiatedProtocol {
	case turnProtocol:
		s.turn.hand(conn, raw)
	case "":
		peeked := &peekedConn{Conn: conn, reader: bufio.NewReaderSize(conn, 512)}
		first, err := peeked.reader.Peek(1)
		switch {
		case err != nil:
			raw.Close()
		case first[0] < 4:
			s.turn.hand(peeked, raw)
		default:
			s.web.hand(peeked, raw)
		}
	default:
		s.web.hand(conn, raw) // as it is, since net/http speaks HTTP/2 with a *tls.Conn only
	}
}

// peekedConn is a connection of which the first bytes have been read. net/http finds its ConnectionState.
type peekedConn struct {
	*tls.Conn
	reader *bufio.Reader
}

func (c *peekedConn) Read(p []byte) (int, error) { return c.reader.Read(p) }

// branch is a listener for some connections of another.
type branch struct {
	addr    net.Addr
	conns   chan net.Conn
	closed  chan struct{}
	closing sync.Once
	onClose func() error
}

func newBranch(l net.Listener, onClose func() error) *branch {
	return &branch{addr: l.Addr(), conns: make(chan net.Conn), closed: make(chan struct{}), onClose: onClose}
}

func (b *branch) hand(conn, raw net.Conn) {
	raw.SetDeadline(time.Time{})
	select {
	case b.conns <- conn:
	case <-b.closed:
		raw.Close()
	}
}

func (b *branch) Accept() (net.Conn, error) {
	select {
	case conn := <-b.conns:
		return conn, nil
	case <-b.closed:
		return nil, net.ErrClosed
	}
}

func (b *branch) shut() { b.closing.Do(func() { close(b.closed) }) }

func (b *branch) Close() error {
	b.shut()
	if b.onClose != nil {
		return b.onClose()
	}
	return nil
}

func (b *branch) Addr() net.Addr { return b.addr }
