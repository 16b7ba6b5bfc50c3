package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/redistest"
)

// balancer sends each request to the next replica, and each socket to the next one after that of the last socket.
type balancer struct {
	proxy httputil.ReverseProxy

	mu       sync.Mutex
	replicas []*shop
	turns    map[bool]int // of sockets, and of other requests
}

func startBalancer(t *testing.T, replicas ...*shop) (b *balancer, origin string) {
	t.Helper()
	b = &balancer{replicas: replicas, turns: map[bool]int{}}
	b.proxy.Rewrite = func(r *httputil.ProxyRequest) {
		to := b.turn(strings.HasSuffix(r.In.URL.Path, "/signal"))
		r.SetURL(&url.URL{Scheme: "http", Host: to})
		r.Out.Host = r.In.Host
	}
	server := httptest.NewServer(http.HandlerFunc(b.proxy.ServeHTTP))
	t.Cleanup(server.Close)
	return b, server.URL
}

func (b *balancer) turn(socket bool) (address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turns[socket]++
	return b.replicas[b.turns[socket]%len(b.replicas)].addr()
}

// remove takes a replica out, as rolling deployments do before they stop it.
func (b *balancer) remove(s *shop) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.replicas = slices.DeleteFunc(b.replicas, func(replica *shop) bool { return replica == s })
}

// Pages, scripts and sockets come from either replica, one of them is stopped in the middle of the session, and the browsers have no direct path.
func TestASessionSpansTwoReplicasAndOutlivesOne(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	binary, err := clusterBinary()
	if err != nil {
		t.Fatal(err)
	}
	start := func() *shop {
		return run(t, binary, "", "-redis", redis.URL(), "-secret", strings.Repeat("0a", 32), "-peer", "127.0.0.1:0")
	}
	one, two := start(), start()
	front, origin := startBalancer(t, one, two)
	s := &shop{t: t, customer: origin, agent: origin + "/_qwelp/agent/?token=" + token}
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(relayOnly)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	shows := func(heading string) {
		agent.Wait(inMirror(`doc.querySelector("h1").textContent === "` + heading + `"`))
	}
	shows("First page")
	for _, heading := range []string{"Second page", "First page"} {
		customer.Click("link", "Next page")
		shows(heading)
	}
	front.remove(one)
	one.stop(syscall.SIGTERM)
	customer.Click("link", "Next page")
	shows("Second page")
	customer.Fill("Your question", "Is anybody there?")
	agent.Wait(inMirror(`doc.querySelector("input").value === "Is anybody there?"`))
	customer.Click("button", "End session")
	agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "ended") })
	unharmed(t, agent)
}
