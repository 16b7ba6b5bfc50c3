package signal

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// maxFraming is what the frame headers and control frames within one message may add to it. Without this limit empty fragments
// could go on for ever.
const maxFraming = 8 << 10

var (
	errAbuse   = errors.New("signal: the client sends too much")
	errFraming = errors.New("signal: too many frames in one message")
	errStopped = errors.New("signal: reading has stopped")
)

// socket is the network connection under a WebSocket. It reads no faster than the client is allowed to send, and gives the read
// deadline one owner. Read is for one goroutine.
type socket struct {
	net.Conn
	bytes   bucket
	message int       // bytes read since the last message ended
	until   time.Time // by when the next thing must have come

	mu      sync.Mutex
	stopped bool
	stop    chan struct{} // closed with stopped
}

func newSocket(c net.Conn) *socket {
	return &socket{Conn: c, bytes: newBucket(bytesPerSecond, byteBurst, time.Now()), stop: make(chan struct{})}
}

func (s *socket) Read(p []byte) (int, error) {
	s.setDeadline()
	n, err := s.Conn.Read(p)
	if n == 0 || err != nil {
		return n, err
	}
	if s.message += n; s.message > wire.MaxMessageBytes+maxFraming {
		return 0, errFraming
	}
	if err := s.meter(&s.bytes, float64(n)); err != nil {
		return 0, err
	}
	return n, nil
}

// meter takes n tokens and pauses as long as the bucket asks for.
func (s *socket) meter(b *bucket, n float64) error {
	pause, abuse := b.take(n, time.Now())
	if abuse {
		return errAbuse
	}
	return s.pause(pause)
}

// pause waits, but not for a socket that stops reading.
func (s *socket) pause(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-s.stop:
		return errStopped
	}
}

// allow gives the client d from now to send the next thing. It counts from the next Read on: most messages are read in one.
func (s *socket) allow(d time.Duration) { s.until = time.Now().Add(d) }

func (s *socket) setDeadline() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.Conn.SetReadDeadline(s.until)
	}
}

// stopReading ends a Read that waits, and every later one.
func (s *socket) stopReading() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.stopped = true
		close(s.stop)
		s.Conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// linger waits, for d at most, until the client closes too. Closing at once would make the kernel reset the connection when there is
// unread data, and the client would lose the close frame that says why.
func (s *socket) linger(d time.Duration) {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	s.Conn.SetReadDeadline(time.Now().Add(d))
	io.Copy(io.Discard, s.Conn)
}
