package middleware

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// pipes is a listener whose connections are pipes, for fake time.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, open := <-p
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

// dial connects from an address.
func (p pipes) dial(from string) net.Conn {
	near, far := net.Pipe()
	p <- pipeEnd{far, from}
	return near
}

type pipeEnd struct {
	net.Conn
	from string
}

func (e pipeEnd) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(e.from))
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestABodyThatDribblesIsClosed(t *testing.T) {
	for _, request := range []string{
		"POST /_qwelp/agent/", "POST /_qwelp/agent", "POST /_qwelp/signal", "GET /_qwelp/agent/?token=x", "GET /_qwelp/signal", "POST /_qwelp/healthz", "PUT /_qwelp/nothing",
	} {
		for _, body := range []string{"Content-Length: 60000", "Transfer-Encoding: chunked"} {
			t.Run(request+" "+body, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := mustNew(t, Options{Signal: signal.Config{Agents: signal.AgentToken("a long random token")}})
					listener := make(pipes)
					server := &http.Server{Handler: m.Wrap(http.NotFoundHandler())}
					go server.Serve(listener)
					near := listener.dial("192.0.2.1:1")
					begin := time.Now()
					go func() {
						_, err := fmt.Fprintf(near, "%s HTTP/1.1\r\nHost: shop.example\r\nOrigin: http://shop.example\r\nContent-Type: application/x-www-form-urlencoded\r\n%s\r\n\r\n", request, body)
						for err == nil {
							time.Sleep(time.Second)
							_, err = io.WriteString(near, map[bool]string{true: "1\r\nx\r\n", false: "x"}[body[0] == 'T'])
						}
					}()
					_, _ = io.Copy(io.Discard, near)
					if took := time.Since(begin); took > 11*time.Second {
						t.Errorf("closed after %v", took)
					}
					near.Close()
					close(listener)
					server.Close()
					if err := m.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
					time.Sleep(2 * time.Second) // for the writer to notice
				})
			})
		}
	}
}
