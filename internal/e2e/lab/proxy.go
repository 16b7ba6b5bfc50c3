package lab

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy stands before a server where there are no namespaces, and does to connections what it can. Its methods are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	still chan struct{} // closed when nothing is held up any more; nil: nothing is
	links map[*passage]bool
}

// passage is a connection through the proxy.
type passage struct {
	in, out net.Conn
	dead    atomic.Bool // nothing passes ever again
}

// StartProxy starts a proxy on this machine for the server at an address.
func StartProxy(to string) (*Proxy, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: listener, to: to, links: map[*passage]bool{}}
	go p.accept()
	return p, nil
}

// Addr is where the proxy listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// HoldFor has nothing pass for d, as if the network was gone. The channel tells when it is back.
func (p *Proxy) HoldFor(d time.Duration) (back <-chan time.Time) {
	c := make(chan time.Time, 1)
	release := p.hold()
	time.AfterFunc(d, func() {
		release()
		c <- time.Now()
	})
	return c
}

// hold has nothing pass until release is called.
func (p *Proxy) hold() (release func()) {
	still := make(chan struct{})
	p.mu.Lock()
	p.still = still
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		p.still = nil
		p.mu.Unlock()
		close(still)
	}
}

// Forget has nothing pass on the connections that are open now, of which neither end hears.
func (p *Proxy) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.dead.Store(true)
	}
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.in.Close()
		l.out.Close()
	}
}

func (p *Proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.pass(in)
	}
}

// wait waits while everything is held up.
func (p *Proxy) wait() {
	p.mu.Lock()
	still := p.still
	p.mu.Unlock()
	if still != nil {
		<-still
	}
}

func (p *Proxy) pass(in net.Conn) {
	p.wait()
	out, err := net.Dial("tcp4", p.to)
	if err != nil {
		in.Close()
		return
	}
	l := &passage{in: in, out: out}
	p.mu.Lock()
	p.links[l] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(l, out, in) })
	both.Go(func() { p.copy(l, in, out) })
	both.Wait()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

func (p *Proxy) copy(l *passage, to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		size, err := from.Read(buffer)
		p.wait()
		if l.dead.Load() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if size > 0 {
			if _, werr := to.Write(buffer[:size]); werr != nil {
				err = werr
			}
		}
		if err != nil {
			to.Close()
			from.Close()
			return
		}
	}
}
