package signal

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestWhoOnlySaysHelloIsClosed(t *testing.T) {
	for name, test := range map[string]struct {
		agent string
		keep  func(*client) // every three seconds
		want  time.Duration
	}{
		"a sender":                       {"", func(*client) {}, seatTimeout},
		"one that pings":                 {"", func(c *client) { c.send(wire.Ping{}) }, seatTimeout},
		"one that pings as browsers do":  {"", func(c *client) { c.ws.NetConn().Write(frame(0x89, "")) }, seatTimeout},
		"one whose session is none":      {"", func(c *client) { c.send(wire.Resume{Token: "a.b.c"}) }, seatTimeout},
		"one whose metaData is none":     {"", func(c *client) { c.send(wire.Start{MetaData: map[string]any{"n": 1e17}}) }, seatTimeout},
		"an agent":                       {"ann", func(*client) {}, askTimeout},
		"an agent whose session is none": {"ann", func(c *client) { c.send(wire.Resume{Token: "a.b.c"}) }, askTimeout},
		"an agent that pings":            {"ann", func(c *client) { c.send(wire.Ping{}) }, askTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, Config{}, func(t *testing.T, w *world) {
				c := w.customer
				if test.agent != "" {
					c = func() *client { return w.agent(test.agent) }
				}
				hello := c()
				begin := time.Now()
				var keeping sync.WaitGroup
				defer keeping.Wait()
				keeping.Go(func() {
					for time.Since(begin) < test.want-4*time.Second {
						time.Sleep(3 * time.Second)
						test.keep(hello)
					}
				})
				expectClose(hello, wire.CloseSlow)
				equals(t, "time without a place", time.Since(begin), test.want)
				if !strings.Contains(hello.closed.Error(), "no place in a session") {
					t.Errorf("closed with %v", hello.closed)
				}
			})
		})
	}
}

func TestAnAgentMayTakeTimeToTypeTheCode(t *testing.T) {
	inWorld(t, Config{CodeLifetime: 2 * time.Hour}, func(t *testing.T, w *world) {
		code := w.customer().start().Code
		ann := w.agent("ann")
		for range 3 { // each wrong one gives as much time again
			time.Sleep(askTimeout - time.Second)
			guess(ann, 1)
		}
		time.Sleep(askTimeout - time.Second)
		ann.join(code)
		time.Sleep(2 * askTimeout)
		expectQuiet(ann)
		ann.send(wire.Leave{})
		time.Sleep(askTimeout - time.Second)
		expectQuiet(ann)
		expectClose(ann, wire.CloseSlow)
	})
}

func TestConnectionsOfANetworkAreBounded(t *testing.T) {
	inWorld(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, func(t *testing.T, w *world) {
		status := func(d dialing) int {
			t.Helper()
			c, resp, err := w.connect(d)
			if err == nil {
				t.Cleanup(func() { c.ws.Close() })
			}
			return resp.StatusCode
		}
		from := func(forwarded string) dialing {
			return dialing{header: http.Header{"X-Forwarded-For": {forwarded}}}
		}
		var first *client
		const few = 5
		for range connsOfNetwork - few {
			w.enter("2001:db8:0:1::/64", nil)
		}
		for i := range few {
			c, _, err := w.connect(from(fmt.Sprintf("2001:db8:0:1::%x", i)))
			if err != nil {
				t.Fatal(i, err)
			}
			first = c
		}
		full := from("2001:db8:0:1::ffff")
		equals(t, "status beyond", status(full), http.StatusTooManyRequests)
		equals(t, "status with a forged address", status(from("203.0.113.9, 2001:db8:0:1::ffff")), http.StatusTooManyRequests)
		equals(t, "status from elsewhere", status(from("2001:db8:0:2::1")), http.StatusSwitchingProtocols)
		agent := full
		agent.agent = "ann"
		equals(t, "status of an agent there", status(agent), http.StatusSwitchingProtocols)
		first.ws.Close()
		time.Sleep(time.Second)
		equals(t, "status once one has gone, and the agent is there", status(full), http.StatusTooManyRequests)
		time.Sleep(helloTimeout) // none has said hello
		w.exit("2001:db8:0:1::/64")
		equals(t, "status when all have gone", status(full), http.StatusSwitchingProtocols)
	})
}

func TestConnectionsOfAgentsAreBoundedToo(t *testing.T) {
	s, err := New(Config{Agents: everybody, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r := upgradeRequest(func(h http.Header) { h.Set("X-Agent", "ann") })
	admitted := 0
	for range agentsOfNetwork + 10 {
		if s.enter("192.0.2.1", r) {
			admitted++
		}
	}
	equals(t, "connections", admitted, agentsOfNetwork)
	for range agentsOfNetwork {
		s.exit("192.0.2.1")
	}
	equals(t, "networks that are remembered", len(s.networks), 0)
}
