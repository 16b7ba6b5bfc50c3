package signal

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/brokertest/faulty"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// blocked is an Observer that can hang.
type blocked struct{ until atomic.Pointer[chan struct{}] }

func (b *blocked) Observe(Event) {
	if until := b.until.Load(); until != nil {
		<-*until
	}
}

func TestReadinessIsAboutTheReplicaAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker, observer := faulty.New(NewMemoryBroker()), &blocked{}
		w := newWorld(t, Config{Broker: broker, Observer: observer, CodeLifetime: 24 * time.Hour})
		ready := func(when string, want Readiness) {
			t.Helper()
			equals(t, when, w.Readiness(), want)
		}
		ready("before the first connection", Readiness{Ready: true})
		time.Sleep(time.Hour)
		ready("an hour later", Readiness{Ready: true})
		w.customer().start()
		time.Sleep(9 * time.Minute)
		ready("at work", Readiness{Ready: true})
		for name, fault := range map[string]faulty.Fault{"down": {Err: faulty.ErrDown}, "hanging": {Delay: time.Hour}} {
			mend := broker.Add(fault)
			time.Sleep(10 * time.Minute)
			ready("the broker "+name, Readiness{Ready: true, Degraded: "broker"})
			mend()
			time.Sleep(5 * time.Second)
			ready("the broker back from "+name, Readiness{Ready: true})
		}
		stuck := make(chan struct{})
		observer.until.Store(&stuck)
		time.Sleep(4*w.keepInterval() + time.Second)
		ready("a keeper that hangs", Readiness{Because: "stuck"})
		observer.until.Store(nil)
		close(stuck)
		time.Sleep(w.keepInterval())
		ready("a keeper that goes on", Readiness{Ready: true})
		shutdown(t, w)
		ready("after Shutdown", Readiness{Because: "draining"})
	})
}

func TestDrainMovesClientsAndNobodyIsToldThatTheyAreAway(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		begin := time.Now()
		drained := make(chan error, 1)
		go func() { drained <- one.Drain(t.Context()) }()
		synctest.Wait()
		equals(t, "readiness at once", one.Readiness(), Readiness{Because: "draining"})
		time.Sleep(4 * time.Second)
		expectQuiet(sender)
		late := one.customer() // a balancer that has not noticed yet
		time.Sleep(2 * time.Second)
		for _, c := range []*client{sender, late} {
			if after := expect[wire.Draining](c).RetryAfter; after < 0 || after > 5000 {
				t.Errorf("retryAfter %d", after)
			}
		}
		_, resp, err := one.connect(dialing{})
		if err == nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a new connection gets %v, %v", resp, err)
		}
		time.Sleep(2 * time.Second) // the old connection works until the client goes
		agent.send(wire.Candidate{To: started.Member, Link: "1", Candidate: "x"})
		equals(t, "from", expect[wire.Candidate](sender).From, joined.Member)
		sender.ws.Close()
		late.ws.Close()
		time.Sleep(time.Second)
		two.customer().resume(started.Token)
		equals(t, "epoch", expect[wire.MemberBack](agent).Epoch, 2) // and not MemberAway before
		if err := <-drained; err != nil {
			t.Errorf("Drain: %v", err)
		}
		if took := time.Since(begin); took > 13*time.Second {
			t.Errorf("it took %v", took)
		}
		shutdown(t, one)
		expectQuiet(agent)
	})
}

func TestDrainDoesNotWaitForThoseWhoStay(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, _ *world, broker *faultyBroker) {
		stays, leaves := one.customer(), one.customer()
		stays.start()
		leaves.start()
		broker.down.Store(true) // the engine may be away just then
		begin := time.Now()
		go func() {
			time.Sleep(6 * time.Second)
			leaves.ws.Close()
		}()
		if err := one.Drain(t.Context()); err != nil {
			t.Errorf("Drain: %v", err)
		}
		equals(t, "time", time.Since(begin), one.drainDelay+retrySpread+moveTime)
		shutdown(t, one)
		expect[wire.Draining](stays)
		expect[wire.Draining](stays)
		expectClose(stays, websocket.CloseServiceRestart)
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("all of it took %v", took)
		}
	})
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		one.customer().start()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := one.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain: %v", err)
		}
		begin := time.Now()
		if err := two.Drain(t.Context()); err != nil || time.Since(begin) > 0 { // nobody is there
			t.Errorf("Drain of a replica without clients: %v, %v", err, time.Since(begin))
		}
	})
}
