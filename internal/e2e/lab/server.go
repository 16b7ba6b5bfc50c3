package lab

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	signalling "github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/turn"
)

// Ports of the server.
const (
	WebPort  = 443
	TURNPort = 3478
)

// ServerTask is an app with the counter page, for a child process. It ends at SIGTERM, and with its standard input.
type ServerTask struct {
	Addr        string // host and port to listen on
	Token       string // of agents
	Certificate []byte // in PEM
	Key         []byte // in PEM
	TURN        bool   // whether there is a STUN and TURN server beside it, over UDP and TCP
}

// status is what a server tells about itself, one line of JSON whenever it changes.
type status struct {
	At    time.Time
	Stats signalling.Stats
}

func (s ServerTask) run(in io.Reader, out io.Writer) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in) // it ends with whoever started it
		stop()
	}()
	certificate, err := tls.X509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return err
	}
	config := signalling.Config{Agents: signalling.AgentToken(s.Token)}
	if s.TURN {
		relay, err := s.relay()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, relay.Close()) }()
		config.TURN = relay
	}
	q, err := middleware.New(middleware.Options{Settings: sender.Settings{Consent: sender.ConsentCode}, Signal: config})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return err
	}
	web := &http.Server{Handler: q.Wrap(app()), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() {
		served <- web.Serve(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}}))
	}()
	s.report(ctx, q, out)
	end, cancel := patience.Context(context.Background(), 5*time.Second)
	defer cancel()
	err = errors.Join(q.Shutdown(end), web.Shutdown(end))
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}

func (s ServerTask) relay() (*turn.Server, error) {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return nil, err
	}
	at := net.JoinHostPort(host, strconv.Itoa(TURNPort))
	udp, err := net.ListenPacket("udp4", at)
	if err != nil {
		return nil, err
	}
	tcp, err := net.Listen("tcp4", at)
	if err != nil {
		return nil, errors.Join(err, udp.Close())
	}
	return turn.New(turn.Config{
		Host: host, UDP: []net.PacketConn{udp}, TCP: []net.Listener{tcp}, RelayAddrs: []netip.Addr{addr}, PrivateNetworks: addresses,
	})
}

// report tells how the server is doing until ctx ends.
func (s ServerTask) report(ctx context.Context, q *middleware.Middleware, out io.Writer) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	encode := json.NewEncoder(out)
	for last := (signalling.Stats{Starts: ^uint64(0)}); ; {
		if stats := q.Stats(); stats != last {
			_ = encode.Encode(status{time.Now(), stats}) // whoever started it is gone
			last = stats
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Server is a ServerTask that runs.
type Server struct {
	host *Host
	task ServerTask

	mu      sync.Mutex
	process *process
	status  status
	logs    string // of the processes before
}

// StartServer starts a server on a host, nil: here, and waits until it listens.
func StartServer(h *Host, t ServerTask) (*Server, error) {
	s := &Server{host: h, task: t}
	return s, s.Restart()
}

// Restart starts the server again after Stop, and waits until it listens.
func (s *Server) Restart() error {
	ready := make(chan struct{})
	var once sync.Once
	p, err := start(s.host, task{Server: &s.task}, func(line []byte) {
		var told status
		if json.Unmarshal(line, &told) == nil {
			s.mu.Lock()
			s.status = told
			s.mu.Unlock()
			once.Do(func() { close(ready) })
		}
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.process = p
	s.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-p.done:
		return errors.New("lab: the server ended: " + p.log.String())
	}
}

// Stop ends the server with a signal and waits for its end.
func (s *Server) Stop(with os.Signal) {
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	_ = p.cmd.Process.Signal(with) // it may have ended
	<-p.done
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs += p.log.String()
	s.status = status{}
}

// Stats gives what the server last told, and when; zero while it does not run.
func (s *Server) Stats() (signalling.Stats, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status.Stats, s.status.At
}

// Log gives what the server and those before it have logged.
func (s *Server) Log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logs + s.process.log.String()
}
