package turn

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/internal/tokenbucket"
)

// Server is a STUN and TURN server. All its methods are safe for concurrent use.
type Server struct {
	cfg        Config
	stun, turn []string // URLs without and with credentials
	secret     secret
	policy     policy
	log        *slog.Logger
	strangers  *tokenbucket.Bucket // questions of unknown addresses, all together

	mu       sync.RWMutex
	closed   bool
	sessions map[string]*session
	members  map[string]*member // by tag
	networks map[netip.Prefix]*network
	relays   map[netip.AddrPort]*relay // by the address others reach it under
	streams  map[*stream]bool

	running sync.WaitGroup // sockets, streams and relays
}

// strangersPerSecond is how many questions of unknown addresses are answered; there are few, the answers are no larger.
const strangersPerSecond = 200

// New returns a Server that answers on its sockets until Close. The error joins one error for every bad field of cfg; the sockets are still
// the caller's then.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, secret: newSecret(), log: cfg.Logger,
		policy:    policy{private: cfg.PrivateNetworks, own: ownAddrs(), loopback: cfg.InsecureLoopback},
		strangers: tokenbucket.New(strangersPerSecond, strangersPerSecond),
		sessions:  map[string]*session{},
		members:   map[string]*member{},
		networks:  map[netip.Prefix]*network{},
		relays:    map[netip.AddrPort]*relay{},
		streams:   map[*stream]bool{},
	}
	s.stun, s.turn = cfg.urls()
	for i, conn := range cfg.UDP {
		s.running.Add(1)
		if err := s.serve(&datagrams{PacketConn: conn, server: s}); err != nil {
			s.running.Done()
			s.cfg.UDP, s.cfg.TCP, s.cfg.TLS = cfg.UDP[:i], nil, nil
			return nil, errors.Join(fmt.Errorf("turn: start: %w", err), s.Close())
		}
	}
	for _, l := range slices.Concat(cfg.TCP, cfg.TLS) {
		s.running.Go(func() { s.accept(l) })
	}
	return s, nil
}

// Close closes the sockets it was given, all connections and relays, and returns when everything has ended. Credentials are void
// from then on.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	var open []*relay
	for _, m := range s.members {
		open = append(open, s.forget(m)...)
	}
	streams := make([]*stream, 0, len(s.streams))
	for c := range s.streams {
		streams = append(streams, c)
	}
	s.mu.Unlock()
	var errs []error
	for _, conn := range s.cfg.UDP {
		errs = append(errs, conn.Close())
	}
	for _, l := range slices.Concat(s.cfg.TCP, s.cfg.TLS) {
		errs = append(errs, l.Close())
	}
	for _, c := range streams {
		c.Conn.Close()
	}
	for _, r := range open {
		r.Close()
	}
	s.running.Wait()
	errs = slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, net.ErrClosed) }) // the app, or an earlier Close
	return errors.Join(errs...)
}

// acceptPause is how long accept waits after an error such as too many open files.
const acceptPause = 50 * time.Millisecond

// accept serves the connections of a listener until that is closed.
func (s *Server) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) || s.isClosed() {
			if conn != nil {
				conn.Close()
			}
			return
		}
		if err != nil {
			s.log.Warn("turn: accept failed", "err", err)
			time.Sleep(acceptPause)
			continue
		}
		if err := s.open(conn); err != nil {
			s.log.Debug("turn: connection refused", "err", err)
			conn.Close()
		}
	}
}

func (s *Server) isClosed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.closed
}

var errFull = errors.New("turn: too much is open")

// open serves a connection, unless there are too many.
func (s *Server) open(conn net.Conn) error {
	c := newStream(s, conn)
	s.mu.Lock()
	n := s.network(c.network)
	if s.closed || n.uses >= s.cfg.MaxPerAddress || len(s.streams) >= 2*s.cfg.MaxRelays {
		s.tidy(c.network)
		s.mu.Unlock()
		return errFull
	}
	n.uses++
	s.streams[c] = true
	s.running.Add(1)
	s.mu.Unlock()
	if err := s.serve(c); err != nil {
		c.end()
		return fmt.Errorf("turn: start: %w", err)
	}
	return nil
}
