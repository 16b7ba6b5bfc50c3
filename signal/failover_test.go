package signal

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// older puts back what a session's record was, as an engine does that has lost its last writes.
func (w *world) older(id string, raw []byte) {
	w.t.Helper()
	now, err := w.store.broker.Get(w.t.Context(), sessionKey(id))
	if err != nil || bytes.Equal(now, raw) {
		w.t.Fatal("it is not older", err)
	}
	if ok, err := w.store.broker.Set(w.t.Context(), sessionKey(id), now, raw, time.Hour); !ok || err != nil {
		w.t.Fatal(ok, err)
	}
}

func (w *world) raw(id string) []byte {
	w.t.Helper()
	raw, err := w.store.broker.Get(w.t.Context(), sessionKey(id))
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

func TestAnOlderRecordIsRaisedToWhatTheCustomersConnectionKnows(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		page, agent := one.customer(), two.agent("ann")
		started := page.start()
		waiting := one.raw(started.Session)
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](page)
		next := one.customer()
		resumed := next.resume(started.Token)
		expectClose(page, wire.CloseReplaced)
		expect[wire.MemberBack](agent)
		next.send(wire.Ping{})
		expect[wire.Pong](next)
		synctest.Wait()

		one.older(started.Session, waiting) // before the join, and before the page
		one.lost()
		two.lost()
		time.Sleep(time.Second)
		expectQuiet(next)
		expectQuiet(agent)
		bob := two.agent("bob") // a code that was taken does not wait again
		bob.send(wire.Join{Code: started.Code})
		expectError(bob, wire.ErrUnknownCode)
		last := two.customer()
		last.resume(resumed.Token)
		expectClose(next, wire.CloseReplaced)
		expect[wire.MemberBack](agent)

		withAnn := one.raw(started.Session)
		agent.send(wire.Leave{})
		expect[wire.MemberLeft](last)
		one.older(started.Session, withAnn) // an agent who left is not back
		two.lost()
		time.Sleep(time.Second)
		expectQuiet(last)
		back := two.agent("ann")
		back.send(wire.Resume{Token: joined.Token})
		expectError(back, wire.ErrGone)
	})
}

func TestAnotherRecordOfTheSameVersionIsRaisedToo(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender := w.customer()
		started := sender.start()
		before := w.raw(started.Session)
		agent := w.agent("ann")
		agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		w.older(started.Session, before)
		other := func(s session) (session, error) { return s.told(facts{MetaData: []byte(`{"a":1}`)}) }
		if _, _, err := w.store.change(t.Context(), started.Session, other); err != nil {
			t.Fatal(err)
		}
		if err := w.round(); err != nil {
			t.Fatal(err)
		}
		record, _, err := w.store.get(t.Context(), started.Session)
		if err != nil || record.Version != 2 || len(record.Members) != 2 {
			t.Errorf("the record is %+v, %v", record, err)
		}
		expectQuiet(sender)
		expectQuiet(agent)
		if err := w.round(); err != nil {
			t.Fatal(err)
		}
		equals(t, "version after another round", w.version(started.Session), 2)
	})
}

func (w *world) version(id string) int {
	w.t.Helper()
	record, _, err := w.store.get(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return record.Version
}

func TestACustomersLaterConnectionAndAnEndAreNotTakenBack(t *testing.T) {
	t.Run("a later connection", func(t *testing.T) {
		inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
			page := one.customer()
			started := page.start()
			before := one.raw(started.Session)
			two.agent("ann").join(started.Code)
			expect[wire.MemberJoined](page)
			one.older(started.Session, before)
			broker.deaf.Store(true)
			next := two.customer()
			next.resume(started.Token) // from the older record
			synctest.Wait()
			broker.deaf.Store(false)
			one.lost()
			expectClose(page, wire.CloseReplaced)
			expectQuiet(next)
		})
	})
	t.Run("an end", func(t *testing.T) {
		inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
			page, agent := one.customer(), two.agent("ann")
			started := page.start()
			before := one.raw(started.Session)
			agent.join(started.Code)
			expect[wire.MemberJoined](page)
			one.older(started.Session, before)
			broker.deaf.Store(true)
			agent.send(wire.End{})
			synctest.Wait()
			broker.deaf.Store(false)
			one.lost()
			equals(t, "reason", expect[wire.Ended](page).Reason, wire.EndAgent)
		})
	})
}

func TestACodeThatTheEngineForgotWaitsAgain(t *testing.T) {
	for name, test := range map[string]func(*world, wire.Started){
		"everything":    func(w *world, _ wire.Started) { forget(w.store.broker) },
		"the code only": func(w *world, s wire.Started) { w.evict(codeKey(w.hidden(s.Code))) },
		"the record":    func(w *world, s wire.Started) { w.evict(sessionKey(s.Session)) },
	} {
		t.Run(name, func(t *testing.T) {
			inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
				sender := one.customer()
				started := sender.start()
				two.customer().start()
				time.Sleep(4 * time.Minute)
				test(one, started)
				one.lost()
				two.lost()
				time.Sleep(2 * time.Second)
				two.agent("ann").join(started.Code)
				expect[wire.MemberJoined](sender)
			})
			inTwoWorlds(t, func(t *testing.T, one, _ *world, _ *faultyBroker) { // with what is left of its life
				sender := one.customer()
				started := sender.start()
				time.Sleep(4 * time.Minute)
				test(one, started)
				time.Sleep(6*time.Minute - time.Second)
				expectQuiet(sender)
				time.Sleep(2 * time.Second)
				equals(t, "reason", expect[wire.Ended](sender).Reason, wire.EndTimeout)
				if val, err := one.store.broker.Get(t.Context(), codeKey(one.hidden(started.Code))); val != nil || err != nil {
					t.Errorf("the code is still there: %q, %v", val, err)
				}
			})
		})
	}
}

func (w *world) hidden(code string) string {
	w.t.Helper()
	key, err := w.sharedSecret(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return key.hide("code", code)
}

func (w *world) evict(key string) {
	w.t.Helper()
	val, err := w.store.broker.Get(w.t.Context(), key)
	if err != nil || val == nil {
		w.t.Fatal("nothing to evict", err)
	}
	if ok, err := w.store.broker.Set(w.t.Context(), key, val, nil, 0); !ok || err != nil {
		w.t.Fatal(ok, err)
	}
}
