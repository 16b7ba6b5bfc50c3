// Package brokertest tests that a signal.Broker keeps its promises.
//
//	func TestBroker(t *testing.T) {
//		brokertest.Run(t, func(t *testing.T) signal.Broker { return open(t) })
//	}
package brokertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// patience is how long something that must happen may take.
const patience = 10 * time.Second

// Run tests the broker that open gives. open is called once for each test; brokers that share an engine may be given in turn, as
// every test uses keys and topics of its own. Run it with -race.
func Run(t *testing.T, open func(t *testing.T) signal.Broker) {
	for name, test := range map[string]func(*testing.T, signal.Broker){
		"set compares before it changes":                     setCompares,
		"values are neither shared nor mistaken for absence": valuesAreOwned,
		"one of many takers wins":                            oneTakerWins,
		"a counter counts every call":                        counterCounts,
		"a counter's window starts with the first call":      counterExpires,
		"keys expire and can be renewed":                     keysExpire,
		"messages come in order, to every subscriber":        messagesInOrder,
		"a subscription hears nothing after stop":            stopStops,
		"a subscriber may publish":                           subscriberPublishes,
		"a cancelled context is an error":                    cancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// unique gives a name that no other run uses, as an engine may outlive them.
func unique(t *testing.T) string {
	return fmt.Sprintf("%s/%d", strings.ReplaceAll(t.Name(), " ", "_"), time.Now().UnixNano())
}

func set(t *testing.T, b signal.Broker, key string, old, val []byte, ttl time.Duration) bool {
	t.Helper()
	ok, err := b.Set(t.Context(), key, old, val, ttl)
	if err != nil {
		t.Fatalf("Set: %v", err)
	}
	return ok
}

func get(t *testing.T, b signal.Broker, key string) []byte {
	t.Helper()
	val, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return val
}

func incr(t *testing.T, b signal.Broker, key string, ttl time.Duration) int64 {
	t.Helper()
	n, err := b.Incr(t.Context(), key, ttl)
	if err != nil {
		t.Fatalf("Incr: %v", err)
	}
	return n
}

// eventually waits until done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !done(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
