package signal_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/brokertest"
)

func TestMemoryBrokerKeepsTheContract(t *testing.T) {
	brokertest.Run(t, func(*testing.T) signal.Broker { return signal.NewMemoryBroker() })
	brokertest.RunCluster(t, func(*testing.T) (a, b signal.Broker) {
		both := signal.NewMemoryBroker()
		return both, both
	}, brokertest.Engine{})
}

func TestMemoryBrokerExpiresToTheInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := signal.NewMemoryBroker()
		for i := range 100 { // in an order that is not the order of expiry
			ttl := time.Duration(i*37%100+1) * time.Second
			if ok, err := b.Set(t.Context(), fmt.Sprint(ttl), nil, []byte("x"), ttl); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		for i := 1; i <= 100; i++ {
			key := fmt.Sprint(time.Duration(i) * time.Second)
			time.Sleep(time.Second - 1)
			if val, _ := b.Get(t.Context(), key); val == nil {
				t.Fatalf("%s is gone a nanosecond early", key)
			}
			time.Sleep(time.Nanosecond)
			if val, _ := b.Get(t.Context(), key); val != nil {
				t.Fatalf("%s is still there", key)
			}
		}
	})
}

func TestMemoryBrokerTellsASlowSubscriberThatItLostMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := signal.NewMemoryBroker()
		var heard, lost atomic.Int32
		block := make(chan struct{})
		stop, err := b.Subscribe(t.Context(), "topic", func([]byte) { <-block; heard.Add(1) }, func() { lost.Add(1) })
		if err != nil {
			t.Fatal(err)
		}
		for range 10_000 {
			if err := b.Publish(t.Context(), "topic", []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		close(block)
		synctest.Wait()
		if heard.Load() == 10_000 || lost.Load() == 0 {
			t.Errorf("heard %d of 10000, lost called %d times", heard.Load(), lost.Load())
		}
		stop()
	})
}
