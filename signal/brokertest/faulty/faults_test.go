package faulty_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/brokertest"
	"github.com/qwelp/qwelp-go/signal/brokertest/faulty"
)

func TestWithoutFaultsItIsTheBrokerBehind(t *testing.T) {
	brokertest.Run(t, func(*testing.T) signal.Broker { return faulty.New(signal.NewMemoryBroker()) })
}

func TestFaultsConcernTheirCallsAndKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		inner := signal.NewMemoryBroker()
		b := faulty.New(inner)
		set := func(key string) error { _, err := b.Set(ctx, key, nil, []byte("x"), 0); return err }
		stored := func(key string) bool { val, err := inner.Get(ctx, key); return err == nil && val != nil }

		mend := b.Add(faulty.Fault{Call: faulty.Set, Key: "a/", Err: faulty.ErrDown})
		if !errors.Is(set("a/1"), faulty.ErrDown) || stored("a/1") {
			t.Error("the call of a fault is applied")
		}
		if set("b/1") != nil || !stored("b/1") {
			t.Error("a fault concerns another key")
		}
		if _, err := b.Get(ctx, "a/1"); err != nil {
			t.Error("a fault concerns another call")
		}
		mend()
		mend()

		b.Add(faulty.Fault{Key: "a/", Times: 1, Err: faulty.ErrDown, Applied: true})
		if !errors.Is(set("a/2"), faulty.ErrDown) || !stored("a/2") {
			t.Error("an applied fault is not applied")
		}
		if set("a/3") != nil || !stored("a/3") {
			t.Error("a fault for one call concerns the next")
		}

		mend = b.Add(faulty.Fault{Drop: true})
		if ok, err := b.Set(ctx, "a/4", nil, []byte("x"), 0); !ok || err != nil || stored("a/4") {
			t.Error("a dropped call is not one that says it was done")
		}
		mend()

		mend = b.Add(faulty.Fault{Delay: time.Second})
		begin := time.Now()
		if set("a/5") != nil || time.Since(begin) != time.Second {
			t.Errorf("a call with a delay of a second took %v", time.Since(begin))
		}
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if _, err := b.Get(short, "a/5"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that is given up: %v", err)
		}
		mend()
		if n := b.Calls(); n != 8 {
			t.Errorf("%d calls, want 8", n)
		}
	})
}

func TestASubscriptionThatFailsIsNotLeftBehind(t *testing.T) {
	b := faulty.New(signal.NewMemoryBroker())
	b.Add(faulty.Fault{Call: faulty.Subscribe, Times: 1, Err: faulty.ErrDown, Applied: true})
	heard := 0
	if stop, err := b.Subscribe(t.Context(), "topic", func([]byte) { heard++ }, func() {}); err == nil || stop != nil {
		t.Fatal("no error")
	}
	if err := b.Publish(t.Context(), "topic", []byte("x")); err != nil || heard != 0 {
		t.Errorf("%d messages are heard, error %v", heard, err)
	}
}
