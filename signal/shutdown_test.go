package signal

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestShutdownTellsEverybodyAndWaits(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		var clients []*client
		for range 200 {
			clients = append(clients, w.customer())
		}
		sender, agent, _, _ := w.pair()
		clients = append(clients, sender, agent)
		shutdown(t, w)
		var sum time.Duration
		for _, c := range clients {
			after := time.Duration(expect[wire.Draining](c).RetryAfter) * time.Millisecond
			if after < 0 || after > retrySpread {
				t.Errorf("retryAfter %v", after)
			}
			sum += after
			expectClose(c, websocket.CloseServiceRestart)
		}
		if mean := sum / time.Duration(len(clients)); mean < retrySpread/3 || mean > retrySpread*2/3 {
			t.Errorf("retryAfter is not spread: its mean is %v", mean)
		}
		_, resp, err := w.connect(dialing{})
		if err == nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a new connection gets %v, %v", resp, err)
		}
		shutdown(t, w) // once more is no harm
	})
}

func TestManyComeBackOverALongerTime(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 5 * time.Second, 1: 5 * time.Second, 2500: 5 * time.Second, 10_000: 20 * time.Second, 30_000: time.Minute, 1_000_000: time.Minute} {
		equals(t, "spread", spreadOf(n), want)
	}
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		const n = 10_000
		seats := w.waiting(n)
		for _, c := range seats {
			c.ws, c.socket = nil, nil
		}
		spread, perSecond := spreadOf(n), map[time.Duration]int{}
		for _, c := range seats {
			c.out.take()
			c.sayDraining(spread)
			queue, _, _ := c.out.take()
			m, err := wire.Decode(only(queue))
			if err != nil {
				t.Fatal(err)
			}
			perSecond[time.Duration(m.(wire.Draining).RetryAfter)*time.Millisecond/time.Second]++
		}
		for second, n := range perSecond {
			if n > 3*returnsPerSecond/2 {
				t.Errorf("in second %d %d come back", second, n)
			}
		}
	})
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		block := make(chan struct{})
		w.customerFrom(dialing{ping: func(string) error { <-block; return nil }}).start()
		time.Sleep(pingInterval) // it hangs in its ping handler
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if err := w.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v, want deadline exceeded", err)
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
		close(block)
		synctest.Wait()
		shutdown(t, w)
	})
}

func TestShutdownOfAServerThatNeverRan(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAPanicStaysWithinItsConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &panickyBroker{Broker: NewMemoryBroker()}
		w := newWorld(t, Config{Broker: b})
		sender, agent, _, joined := w.pair()
		c := w.customer()
		synctest.Wait() // until the server has forgotten the support code, too
		b.armed.Store(true)
		c.send(wire.Start{})
		expectClose(c, websocket.CloseInternalServerErr)
		b.armed.Store(false)
		sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "x"})
		expect[wire.Candidate](agent)
		b.armed.Store(true)
		time.Sleep(w.keepInterval() + time.Second) // the keeper survives it too
		b.armed.Store(false)
		time.Sleep(time.Hour)
		expectQuiet(sender)
		w.agent("bob").join(w.customer().start().Code)
	})
}

func TestTheOperatorEndsSessionsForGood(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender := one.customer()
		started := sender.start()
		agent := two.agent("ann")
		agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		waiting := one.customer()
		code := waiting.start().Code
		elsewhere := two.customer()
		elsewhere.start()
		one.customer() // greets only
		if err := one.EndSessions(t.Context()); err != nil {
			t.Error(err)
		}
		for _, c := range []*client{sender, agent, waiting} {
			equals(t, "reason", expect[wire.Ended](c).Reason, wire.EndShutdown)
			expectClose(c, wire.CloseEnded)
		}
		expectQuiet(elsewhere)
		late := one.agent("bob")
		late.send(wire.Join{Code: code})
		expectError(late, wire.ErrUnknownCode)
		page := one.customer()
		page.send(wire.Resume{Token: started.Token})
		expectError(page, wire.ErrEnded)
	})
}

func TestTheOperatorHearsWhenSessionsDoNotEnd(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, _ *world, b *faultyBroker) {
		sender := one.customer()
		sender.start()
		b.down.Store(true)
		if err := one.EndSessions(t.Context()); !errors.Is(err, errDown) {
			t.Errorf("EndSessions: %v, want %v", err, errDown)
		}
		b.down.Store(false)
		expectQuiet(sender)
		forget(b.Broker)
		if err := one.EndSessions(t.Context()); err != nil {
			t.Error(err)
		}
		equals(t, "reason", expect[wire.Ended](sender).Reason, wire.EndShutdown)
	})
}
