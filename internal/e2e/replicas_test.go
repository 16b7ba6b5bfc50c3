package e2e

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

var replicas = flag.Int("replicas", 1, "how many `replicas` the apps of these tests have, as far as they are in this process")

// replicated is served, but by two replicas at least: for tests that have everything in them that two replicas have to agree on.
func replicated(t *testing.T, options middleware.Options, website http.Handler) (*middleware.Middleware, *shop, *tap) {
	t.Helper()
	return servedBy(t, max(2, *replicas), options, website)
}

// servedBy is an app of n replicas, which share a broker and reach each other. Each request goes to the next of them, and each socket to the next after that of
// the last socket.
func servedBy(t *testing.T, n int, options middleware.Options, website http.Handler) (*middleware.Middleware, *shop, *tap) {
	t.Helper()
	if options.Signal.Agents == nil {
		options.Signal.Agents = signal.AgentToken(token)
	}
	if n > 1 {
		options.Signal.Broker = signal.NewMemoryBroker()
		options.Signal.Peer = &signal.Peer{Listen: "127.0.0.1:0", Secret: bytes.Repeat([]byte{7}, 32)}
		if options.MetaDataKey == nil && options.Signal.MetaDataKey == nil {
			options.MetaDataKey = bytes.Repeat([]byte{8}, 32)
		}
	}
	var all []*middleware.Middleware
	var handlers []http.Handler
	for range n {
		q, err := middleware.New(options)
		if err != nil {
			t.Fatal(err)
		}
		all, handlers = append(all, q), append(handlers, q.Wrap(website))
	}
	var sockets, requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn := &requests
		if strings.HasSuffix(r.URL.Path, "/signal") {
			turn = &sockets
		}
		handlers[int(turn.Add(1))%n].ServeHTTP(w, r)
	}))
	wire := &tap{Listener: server.Listener}
	server.Listener = wire
	server.Start()
	t.Cleanup(func() {
		for _, q := range all {
			q.Shutdown(context.Background())
		}
		server.Close()
	})
	return all[0], &shop{t: t, customer: server.URL, agent: server.URL + "/_qwelp/agent/?token=" + token}, wire
}
