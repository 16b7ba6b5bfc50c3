package turn

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/internal/tokenbucket"
)

// What a stream has time for.
const (
	openTimeout  = 10 * time.Second // from the connection, handshake of TLS included, to the first relay
	frameTimeout = 10 * time.Second // from the first bytes of a message to its last
	idleTimeout  = 6 * time.Minute  // without a message; clients renew permissions before
	writeTimeout = 10 * time.Second
	lastWords    = 2 * time.Second // from the end of the last relay
)

// stream is one TCP or TLS connection as pion reads it: message by message (RFC 8656 section 12.5).
type stream struct {
	net.Conn
	server  *Server
	network netip.Prefix
	reader  *bufio.Reader
	opened  time.Time
	asked   *tokenbucket.Bucket
	ending  sync.Once

	waiting  sync.Mutex // guards the deadline for the next message, which depends on what follows
	released time.Time  // when its last relay ended
}

func newStream(s *Server, conn net.Conn) *stream {
	return &stream{
		Conn: conn, server: s, network: networkOf(addrPort(conn.RemoteAddr()).Addr()), reader: bufio.NewReaderSize(conn, 2048),
		opened: time.Now(), asked: tokenbucket.New(askedPerSecond, askedBurst),
	}
}

func (c *stream) isStream() bool { return true }

// ReadFrom gives the next message, or ends the connection.
func (c *stream) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.read(p)
	if err != nil {
		c.end()
	}
	return n, c.RemoteAddr(), err
}

var (
	errFraming = errors.New("turn: neither a STUN message nor data of a channel")
	errAbuse   = errors.New("turn: too many questions")
)

func (c *stream) read(p []byte) (int, error) {
	c.wait()
	if _, err := c.reader.Peek(1); err != nil {
		return 0, err
	}
	c.SetReadDeadline(time.Now().Add(frameTimeout))
	head, err := c.reader.Peek(4)
	if err != nil {
		return 0, err
	}
	n := int(binary.BigEndian.Uint16(head[2:]))
	switch head[0] >> 6 {
	case 0:
		if head, err = c.reader.Peek(8); err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint32(head[4:]) != magicCookie || n%4 != 0 {
			return 0, errFraming
		}
		n += 20
	case 1:
		n = 4 + (n+3)&^3 // streams pad
	default:
		return 0, errFraming
	}
	if n >= len(p) { // a full buffer counts as cut off
		return 0, errFraming
	}
	if isQuestion(head) && !c.asked.Take(1) {
		return 0, errAbuse
	}
	return io.ReadFull(c.reader, p[:n])
}

// magicCookie is at the same place in every STUN message (RFC 8489 section 5).
const magicCookie = 0x2112A442

// wait sets the deadline for the next message.
func (c *stream) wait() {
	c.waiting.Lock()
	defer c.waiting.Unlock()
	switch {
	case c.relays() > 0:
		c.SetReadDeadline(time.Now().Add(idleTimeout))
	case c.released.IsZero():
		c.SetReadDeadline(c.opened.Add(openTimeout))
	default:
		c.SetReadDeadline(c.released.Add(lastWords))
	}
}

func (c *stream) relays() (n int) {
	at := addrPort(c.RemoteAddr())
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	for _, r := range c.server.relays {
		if r.client == at && r.transport.socket == c {
			n++
		}
	}
	return n
}

// release lets the connection end soon if its last relay has.
func (c *stream) release() {
	c.waiting.Lock()
	c.released = time.Now()
	c.waiting.Unlock()
	c.wait()
}

// WriteTo sends a message. A client that does not take it in time is gone: half a message would make the rest unreadable.
func (c *stream) WriteTo(p []byte, _ net.Addr) (int, error) {
	c.SetWriteDeadline(time.Now().Add(writeTimeout))
	n, err := c.Conn.Write(p)
	if err != nil {
		c.Conn.Close()
	}
	return n, err
}

// end closes the connection and counts it out.
func (c *stream) end() {
	c.ending.Do(func() {
		c.Conn.Close()
		c.server.mu.Lock()
		delete(c.server.streams, c)
		c.server.network(c.network).uses--
		c.server.tidy(c.network)
		c.server.mu.Unlock()
		c.server.running.Done()
	})
}
