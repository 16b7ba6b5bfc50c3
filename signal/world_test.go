package signal

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// everybody is an Authorizer that believes the X-Agent header.
var everybody = AuthorizerFunc(func(r *http.Request) (Agent, error) {
	if id := r.Header.Get("X-Agent"); id != "" {
		return Agent{ID: id}, nil
	}
	return Agent{}, errors.New("no agent")
})

// world is a server whose network is pipes, for tests with fake time.
type world struct {
	*Server
	t      *testing.T
	listen *pipeListener
	logs   *logBuffer
}

// inWorld runs a test with fake time against a server with cfg.
func inWorld(t *testing.T, cfg Config, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, newWorld(t, cfg))
	})
}

func newWorld(t *testing.T, cfg Config) *world {
	t.Helper()
	logs := &logBuffer{}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if cfg.Agents == nil {
		cfg.Agents = everybody
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Server: s, t: t, listen: newPipeListener(), logs: logs}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go server.Serve(w.listen)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		server.Close()
	})
	return w
}

// logBuffer is a log that a test can read.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// pipeListener accepts what dial made.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipeListener) Addr() net.Addr { return textAddr("pipe") }

func (l *pipeListener) dial(from string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- pipeEnd{far, textAddr(from)}:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

type textAddr string

func (a textAddr) Network() string { return "pipe" }
func (a textAddr) String() string  { return string(a) }

type pipeEnd struct {
	net.Conn
	remote net.Addr
}

func (p pipeEnd) RemoteAddr() net.Addr { return p.remote }

// listen serves a Server on a real socket.
func listen(t *testing.T, cfg Config) (*Server, *httptest.Server) {
	t.Helper()
	if cfg.Agents == nil {
		cfg.Agents = everybody
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(s)
	t.Cleanup(func() {
		hs.Close()
		if err := s.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	return s, hs
}

func wsURL(hs *httptest.Server) string { return "ws" + strings.TrimPrefix(hs.URL, "http") }

func equals(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}
