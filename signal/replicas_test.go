package signal

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// inTwoWorlds runs a test against two replicas that share a broker.
func inTwoWorlds(t *testing.T, test func(t *testing.T, one, two *world, broker *faultyBroker)) {
	synctest.Test(t, func(t *testing.T) {
		b := &faultyBroker{Broker: NewMemoryBroker()}
		test(t, newWorld(t, Config{Broker: b}), newWorld(t, Config{Broker: b}), b)
	})
}

func TestASessionSpansReplicas(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		sender.send(wire.Start{MetaData: map[string]any{"a": "b"}})
		started := expect[wire.Started](sender)
		joined := agent.join(started.Code)
		equals(t, "metaData", joined.MetaData, map[string]any{"a": "b"})
		equals(t, "news", expect[wire.MemberJoined](sender).Member.ID, joined.Member)

		sender.send(wire.Description{To: joined.Member, Link: "1", Kind: wire.Offer, SDP: "v=0"})
		equals(t, "from", expect[wire.Description](agent).From, started.Member)
		agent.send(wire.Description{To: started.Member, Link: "1", Kind: wire.Answer, SDP: "v=0"})
		equals(t, "from", expect[wire.Description](sender).From, joined.Member)

		moved := two.customer() // the next page reaches another replica
		resumed := moved.resume(started.Token)
		equals(t, "code", resumed.Code, started.Code)
		expectClose(sender, wire.CloseReplaced)
		equals(t, "back", expect[wire.MemberBack](agent).Epoch, 2)
		agent.send(wire.Candidate{To: started.Member, Link: "1", Candidate: "x"})
		expect[wire.Candidate](moved)

		agent.ws.Close()
		expect[wire.MemberAway](moved)
		back := one.agent("ann")
		equals(t, "metaData", back.resume(joined.Token).MetaData, map[string]any{"a": "b"})
		expect[wire.MemberBack](moved)
		back.send(wire.End{})
		for _, c := range []*client{back, moved} {
			equals(t, "reason", expect[wire.Ended](c).Reason, wire.EndAgent)
			expectClose(c, wire.CloseEnded)
		}
	})
}

func TestARestartKeepsTheSession(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		shutdown(t, one)
		if after := expect[wire.Draining](sender).RetryAfter; after < 0 || after > 5000 {
			t.Errorf("retryAfter %d", after)
		}
		expectClose(sender, websocket.CloseServiceRestart)
		expect[wire.MemberAway](agent)
		two.customer().resume(started.Token)
		expect[wire.MemberBack](agent)
	})
}

func shutdown(t *testing.T, w *world) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

func TestAReplicaThatDiedIsNoticed(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		one.kill()
		begin := time.Now()
		equals(t, "away", expect[wire.MemberAway](agent).Member, started.Member)
		if took, most := time.Since(begin), one.leaseLife()+one.keepInterval(); took > most {
			t.Errorf("noticed after %v, want %v", took, most)
		}
		equals(t, "reason", expect[wire.Ended](agent).Reason, wire.EndTimeout)
	})
}

// kill makes a replica stop as a crash does: no goodbye to anybody, nothing undone in the broker.
func (w *world) kill() {
	w.mu.Lock()
	conns := w.conns
	w.conns = map[string]*conn{}
	w.mu.Unlock()
	w.cancel()
	for _, c := range conns {
		c.stand()
		c.socket.Close()
	}
}

func TestALostLetterIsMadeGoodFor(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		broker.deaf.Store(true)
		joined := agent.join(started.Code)
		synctest.Wait() // the news follows the answer
		broker.deaf.Store(false)
		expectQuiet(sender)
		time.Sleep(one.keepInterval())
		equals(t, "who joined", expect[wire.MemberJoined](sender).Member.ID, joined.Member)

		broker.deaf.Store(true)
		agent.ws.Close()
		other := two.agent("ann")
		other.resume(joined.Token)
		synctest.Wait()
		broker.deaf.Store(false)
		one.lost() // the broker tells of the gap
		equals(t, "back", expect[wire.MemberBack](sender).Epoch, 2)

		broker.deaf.Store(true)
		other.send(wire.End{})
		expectClose(other, wire.CloseEnded)
		synctest.Wait()
		broker.deaf.Store(false)
		equals(t, "reason", expect[wire.Ended](sender).Reason, wire.EndAgent)
		expectClose(sender, wire.CloseEnded)
	})
}

func TestWhileTheBrokerIsDownWhatRunsGoesOn(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender, agent, started, joined := one.pair()
		broker.down.Store(true)
		sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "x"})
		expect[wire.Candidate](agent)
		other := one.customer()
		begin := time.Now()
		other.send(wire.Start{})
		if e := expectError(other, wire.ErrUnavailable); e.RetryAfter <= 0 {
			t.Error("no retryAfter")
		}
		bob := one.agent("bob")
		bob.send(wire.Join{Code: "123456789"})
		expectError(bob, wire.ErrUnavailable)
		other.send(wire.Resume{Token: started.Token})
		expectError(other, wire.ErrUnavailable)
		if took := time.Since(begin); took > time.Second {
			t.Errorf("the answers took %v", took)
		}
		time.Sleep(time.Minute)
		broker.down.Store(false)
		other = one.customer()
		other.resume(started.Token) // the token was not used up
		expectClose(sender, wire.CloseReplaced)
		expect[wire.MemberBack](agent)
	})
}

func TestABrokerThatForgetsIsTaughtAgain(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		sender.send(wire.Start{MetaData: map[string]any{"a": "b"}})
		started := expect[wire.Started](sender)
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		forget(broker.Broker)
		time.Sleep(2 * one.keepInterval())
		expectQuiet(sender)
		expectQuiet(agent)
		back := one.agent("ann")
		equals(t, "metaData", back.resume(joined.Token).MetaData, map[string]any{"a": "b"})
		expect[wire.MemberBack](sender)
		expectClose(agent, wire.CloseReplaced)
		// And both replicas still find each other's codes.
		two.agent("bob").join(one.customer().start().Code)
	})
}

func TestAnAgentAloneIsToldThatTheSessionIsOver(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		agent.join(sender.start().Code)
		one.kill()
		forget(broker.Broker)
		equals(t, "reason", expect[wire.Ended](agent).Reason, wire.EndTimeout)
	})
}

func TestAMemberTakenForDeadMayResume(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		me := address{Replica: one.replica, Conn: only(one.connections()).id}
		if err := two.setAway(t.Context(), started.Session, started.Member, me); err != nil {
			t.Fatal(err)
		}
		expectClose(sender, websocket.CloseServiceRestart)
		expect[wire.MemberAway](agent)
		equals(t, "others", one.customer().resume(started.Token).Members[0].ID, joined.Member)
	})
}

func only[T any](list []T) T {
	if len(list) != 1 {
		panic("want one")
	}
	return list[0]
}
