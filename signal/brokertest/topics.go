package brokertest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

func messagesInOrder(t *testing.T, b signal.Broker) {
	const publishers, messages, subscribers = 4, 100, 2
	topic := unique(t)
	var heard [subscribers]atomic.Int32
	for i := range subscribers {
		next := map[string]int{} // fn is never called twice at a time
		stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
			var publisher string
			var n int
			if _, err := fmt.Sscanf(string(msg), "%s %d", &publisher, &n); err != nil {
				t.Errorf("message %q: %v", msg, err)
			}
			if n != next[publisher] {
				t.Errorf("subscriber %d hears %q, want number %d", i, msg, next[publisher])
			}
			next[publisher] = n + 1
			heard[i].Add(1)
		}, func() { t.Error("lost was called") })
		if err != nil {
			t.Fatalf("Subscribe: %v", err)
		}
		defer stop()
	}
	stop, err := b.Subscribe(t.Context(), topic+"/other", func(msg []byte) { t.Errorf("another topic hears %q", msg) }, func() {})
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	defer stop()
	var all sync.WaitGroup
	for p := range publishers {
		all.Go(func() {
			msg := make([]byte, 0, 64)
			for n := range messages {
				msg = fmt.Appendf(msg[:0], "publisher-%d %d", p, n) // the slice is reused, as Publish allows
				if err := b.Publish(t.Context(), topic, msg); err != nil {
					t.Errorf("Publish: %v", err)
				}
			}
		})
	}
	all.Wait()
	for i := range subscribers {
		eventually(t, "all messages arrive", func() bool { return heard[i].Load() == publishers*messages })
	}
}

func stopStops(t *testing.T, b signal.Broker) {
	topic := unique(t)
	var stopped atomic.Bool
	first := make(chan struct{}, 1000)
	stop, err := b.Subscribe(t.Context(), topic, func([]byte) {
		if stopped.Load() {
			t.Error("a message came after stop")
		}
		first <- struct{}{}
	}, func() {})
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	for range 50 {
		if err := b.Publish(t.Context(), topic, []byte("before")); err != nil {
			t.Fatalf("Publish: %v", err)
		}
	}
	<-first
	stop()
	stopped.Store(true)
	stop() // once more is no harm
	for range 50 {
		if err := b.Publish(t.Context(), topic, []byte("after")); err != nil {
			t.Fatalf("Publish: %v", err)
		}
	}
}

func subscriberPublishes(t *testing.T, b signal.Broker) {
	topic := unique(t)
	answered := make(chan string, 1)
	stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
		if err := b.Publish(t.Context(), topic+"/answer", append(msg, " heard"...)); err != nil {
			t.Errorf("Publish: %v", err)
		}
	}, func() {})
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	defer stop()
	stopAnswer, err := b.Subscribe(t.Context(), topic+"/answer", func(msg []byte) { answered <- string(msg) }, func() {})
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	defer stopAnswer()
	if err := b.Publish(t.Context(), topic, []byte("hello")); err != nil {
		t.Fatalf("Publish: %v", err)
	}
	select {
	case got := <-answered:
		if got != "hello heard" {
			t.Errorf("the answer is %q", got)
		}
	case <-time.After(patience):
		t.Error("no answer")
	}
}
