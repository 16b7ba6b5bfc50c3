package redisbroker_test

import (
	"fmt"
	"log/slog"
	"os"
	"testing"

	"github.com/qwelp/qwelp-go/internal/leaktest"
	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/brokertest"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

// TestMain fails the run when goroutines are left after the last test, ours or those of the client.
func TestMain(m *testing.M) {
	before := leaktest.Running()
	code := m.Run()
	if code == 0 {
		if left := leaktest.Since(before, "redisbroker.", "rueidis."); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines are left:\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}

// open returns a broker that ends with the test.
func open(t *testing.T, o redisbroker.Options) *redisbroker.Broker {
	t.Helper()
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	b, err := redisbroker.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestBrokerKeepsTheContract(t *testing.T) {
	t.Parallel() // most of its time it waits
	s := redistest.Start(t)
	for name, query := range map[string]string{"RESP3": "", "RESP2": "?protocol=2", "another database": "?db=3"} {
		t.Run(name, func(t *testing.T) {
			b := open(t, redisbroker.Options{URL: s.URL() + query})
			brokertest.Run(t, func(*testing.T) signal.Broker { return b })
		})
	}
}

func TestTwoBrokersActAsOne(t *testing.T) {
	t.Parallel() // most of its time it waits
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s)
	for name, query := range map[string]string{"RESP3": "", "RESP2": "?protocol=2"} {
		t.Run(name, func(t *testing.T) {
			brokertest.RunCluster(t, func(t *testing.T) (a, b signal.Broker) {
				o := redisbroker.Options{URL: proxy.URL() + query}
				return open(t, o), open(t, o)
			}, brokertest.Engine{
				Cut:     func(*testing.T) { proxy.Cut() },
				Restart: func(*testing.T) { s.Kill(); s.Start() },
				Flush:   func(t *testing.T) { s.Command("FLUSHALL") },
				Freeze: func(t *testing.T) func() {
					s.Freeze()
					return s.Thaw
				},
			})
		})
	}
}
