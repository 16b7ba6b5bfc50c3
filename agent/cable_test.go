package agent_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// cable leads to an app and can be cut.
type cable struct {
	url     string
	forward sync.WaitGroup
	mu      sync.Mutex
	conns   []net.Conn
}

func newCable(t *testing.T, url string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: "http://" + listener.Addr().String()}
	t.Cleanup(func() {
		listener.Close()
		c.cut()
		c.forward.Wait()
	})
	c.forward.Go(func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
			if err != nil {
				here.Close()
				continue
			}
			c.mu.Lock()
			c.conns = append(c.conns, here, there)
			c.mu.Unlock()
			for _, pair := range [][2]net.Conn{{here, there}, {there, here}} {
				c.forward.Go(func() {
					_, _ = io.Copy(pair[0], pair[1])
					pair[0].Close()
				})
			}
		}
	})
	return c
}

// cut ends all connections there are.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}
