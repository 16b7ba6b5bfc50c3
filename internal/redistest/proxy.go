package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy stands between clients and a server.
type Proxy struct {
	Address string // host:port

	server   *Server
	listener net.Listener

	mu    sync.Mutex
	conns map[net.Conn]bool
	drops func(fromServer []byte) bool
	away  bool
}

// NewProxy starts a proxy, which ends with the test.
func NewProxy(t testing.TB, s *Server) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), server: s, listener: listener, conns: map[net.Conn]bool{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		p.Away(true)
		running.Wait()
	})
	return p
}

// URL returns what a client connects to.
func (p *Proxy) URL() string { return "redis://" + p.Address }

// Cut closes all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		conn.Close()
	}
}

// Away closes all connections, and new ones at once, until Away(false).
func (p *Proxy) Away(away bool) {
	p.mu.Lock()
	p.away = away
	p.mu.Unlock()
	if away {
		p.Cut()
	}
}

// Drop lets what the server sends in one piece vanish when drops says so; nil lets everything pass.
func (p *Proxy) Drop(drops func(fromServer []byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drops = drops
}

// Lead makes new connections go to another server, as a name does whose address changes.
func (p *Proxy) Lead(s *Server) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = s
}

func (p *Proxy) hold(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		conn.Close()
		return false
	}
	p.conns[conn] = true
	return true
}

func (p *Proxy) release(conn net.Conn) {
	p.mu.Lock()
	delete(p.conns, conn)
	p.mu.Unlock()
	conn.Close()
}

func (p *Proxy) serve(client net.Conn) {
	if !p.hold(client) {
		return
	}
	defer p.release(client)
	p.mu.Lock()
	to := p.server
	p.mu.Unlock()
	server, err := net.Dial(to.Network, to.Address)
	if err != nil || !p.hold(server) {
		return
	}
	defer p.release(server)
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(server, client)
		server.Close()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			break
		}
		p.mu.Lock()
		drops := p.drops
		p.mu.Unlock()
		if drops != nil && drops(buf[:n]) {
			continue
		}
		if _, err := client.Write(buf[:n]); err != nil {
			break
		}
	}
	client.Close()
	<-done
}
