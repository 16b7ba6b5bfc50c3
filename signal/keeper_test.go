package signal

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/brokertest/faulty"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// waiting seats n customers who wait under their codes, and have no network.
func (w *world) waiting(n int) (seats []*conn) {
	w.t.Helper()
	key, err := w.sharedSecret(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for range n {
		c := &conn{id: newID(), server: w.Server, out: newOutbox(), role: wire.RoleSender}
		token := newResumeToken(newID(), newID())
		c.sit(token.session, token.member)
		record, _, err := w.store.create(w.t.Context(), key, func(code, hidden string) session {
			me := member{ID: token.member, Role: c.role, At: c.address(), Epoch: 1, Token: token.hash(), Sealed: token.seal(code)}
			return startSession(token.session, hidden, facts{}, time.Now(), me)
		})
		if err != nil {
			w.t.Fatal(err)
		}
		c.reply(wire.Started{}, record)
		w.mu.Lock()
		w.conns[c.id] = c
		w.mu.Unlock()
		seats = append(seats, c)
	}
	w.t.Cleanup(func() { // Shutdown closes sockets
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range seats {
			delete(w.conns, c.id)
		}
	})
	return seats
}

// leaseLeft gives how long the replica would still count as alive if it died now.
func (w *world) leaseLeft(b Broker) time.Duration {
	m := inMemory(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[replicaKey(w.replica)]; e != nil {
		return time.Until(e.expires)
	}
	return 0
}

// Ten thousand places may take five seconds; a quarter of them a quarter.
func TestARoundOfThousandsTakesSecondsAndTheLeaseGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := NewMemoryBroker()
		broker := faulty.New(engine)
		w := newWorld(t, Config{Broker: broker})
		w.customer().start() // starts the keeper
		seats := w.waiting(2_500)
		broker.Add(faulty.Fault{Delay: 5 * time.Millisecond})
		begin := time.Now()
		if err := w.round(); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		t.Logf("a round takes %v", took)
		if took > 5*time.Second/4 {
			t.Errorf("a round takes %v", took)
		}
		for range 60 {
			time.Sleep(time.Second)
			if left := w.leaseLeft(engine); left < w.leaseLife()*2/3 {
				t.Fatalf("of the lease's %v, %v are left", w.leaseLife(), left)
			}
		}
		for _, c := range seats {
			if c.out.ended() || c.seated().record.Version != 0 {
				t.Fatal("a customer who only waits is told something")
			}
		}
	})
}

// Ten thousand customers who wait may cost a thousand calls a second; so many less cost so much less.
func TestWaitingCustomersCostFewCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := faulty.New(NewMemoryBroker())
		w := newWorld(t, Config{Broker: broker})
		w.customer()
		const customers = 500
		w.waiting(customers)
		const span = 9 * time.Minute
		before := broker.Calls()
		time.Sleep(span)
		rate := float64(broker.Calls()-before) / span.Seconds()
		t.Logf("%.0f calls a second", rate)
		if rate > customers/10 {
			t.Errorf("%d customers cost %.0f calls a second", customers, rate)
		}
	})
}

func TestARoundGoesOnAfterABadRecord(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		seats := w.waiting(20)
		forget(w.store.broker)
		bad := seats[0].seated().session
		for _, text := range []string{"no JSON", `{"members":7}`, ""} {
			raw, _ := w.store.broker.Get(t.Context(), sessionKey(bad))
			if ok, err := w.store.broker.Set(t.Context(), sessionKey(bad), raw, []byte(text), 0); !ok || err != nil {
				t.Fatal(ok, err)
			}
			if err := w.round(); err != nil {
				t.Errorf("a record that is %q is an error of the broker: %v", text, err)
			}
		}
		for _, c := range seats[1:] {
			if _, _, err := w.store.get(t.Context(), c.seated().session); err != nil {
				t.Errorf("one that is behind the bad record: %v", err)
			}
		}
	})
}

func TestARoundStopsWhenTheBrokerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := faulty.New(NewMemoryBroker())
		w := newWorld(t, Config{Broker: broker})
		seats := w.waiting(1000)
		broker.Add(faulty.Fault{Call: faulty.Get, Key: sessionKey(seats[0].seated().session), Err: faulty.ErrDown})
		before := broker.Calls()
		if err := w.round(); err == nil {
			t.Error("an error of the broker is not one of the round")
		}
		if n := broker.Calls() - before; n < 1000 {
			t.Errorf("one error ends the round after %d calls", n)
		}
		broker.Add(faulty.Fault{Call: faulty.Get, Key: "session/", Err: faulty.ErrDown})
		before = broker.Calls()
		if err := w.round(); err == nil {
			t.Error("errors of the broker are none of the round")
		}
		if n := broker.Calls() - before; n > 50 {
			t.Errorf("a broker that fails is called %d times in a round", n)
		}
	})
}

func TestABrokerThatWasAwayIsWholeWithinFiveSeconds(t *testing.T) {
	for _, away := range []time.Duration{time.Minute, 10 * time.Minute} { // longer than a lease, too
		for _, emptied := range []bool{false, true} {
			t.Run(fmt.Sprint(away, " emptied: ", emptied), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					engine := NewMemoryBroker()
					broker := faulty.New(engine)
					one, two := newWorld(t, Config{Broker: broker, CodeLifetime: time.Hour}), newWorld(t, Config{Broker: broker, CodeLifetime: time.Hour})
					sender, agent, idle := one.customer(), two.agent("ann"), one.customer()
					started, waiting := sender.start(), idle.start()
					joined := agent.join(started.Code)
					expect[wire.MemberJoined](sender)
					time.Sleep(7 * time.Second) // in the middle of a round's interval

					mend := broker.Add(faulty.Fault{Err: faulty.ErrDown})
					time.Sleep(away)
					if emptied {
						forget(engine)
					}
					mend()
					time.Sleep(5 * time.Second)
					for _, c := range []*client{sender, agent, idle} {
						expectQuiet(c)
					}
					for _, w := range []*world{one, two} {
						if left := w.leaseLeft(engine); left < w.leaseLife()*2/3 {
							t.Errorf("of the lease's %v, %v are left", w.leaseLife(), left)
						}
					}
					bob := two.agent("bob")
					bob.join(waiting.Code)
					expect[wire.MemberJoined](idle)
					one.agent("ann").resume(joined.Token)
					expect[wire.MemberBack](sender)
					time.Sleep(2 * time.Minute)
					for _, c := range []*client{sender, bob, idle} {
						expectQuiet(c)
					}
				})
			})
		}
	}
}

func TestAReplicaStartsWithoutItsBroker(t *testing.T) {
	for name, fault := range map[string]faulty.Fault{
		"refuses":        {Err: faulty.ErrDown},
		"hangs":          {Delay: time.Hour},
		"no subscribing": {Call: faulty.Subscribe, Err: faulty.ErrDown},
		"lost answers":   {Err: faulty.ErrDown, Applied: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				engine := NewMemoryBroker()
				broker := faulty.New(engine)
				mend := broker.Add(fault)
				one, two := newWorld(t, Config{Broker: broker}), newWorld(t, Config{Broker: engine})
				agent := two.agent("ann")
				begin := time.Now()
				sender := one.customer()
				second := one.customer()
				if took := time.Since(begin); took > 1100*time.Millisecond {
					t.Errorf("two customers are welcome after %v", took)
				}
				second.ws.Close()
				if fault.Call == "" {
					sender.send(wire.Start{})
					expectError(sender, wire.ErrUnavailable)
				}
				mend()
				time.Sleep(5 * time.Second)
				started := sender.start()
				joined := agent.join(started.Code)
				equals(t, "who joined", expect[wire.MemberJoined](sender).Member.ID, joined.Member) // what the other replica says is heard
			})
		})
	}
}

// Ten thousand at 1 ms a call take as long as a quarter of them at 4.
func TestTenThousandAreWholeWithinFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := NewMemoryBroker()
		broker := faulty.New(engine)
		w := newWorld(t, Config{Broker: broker, CodeLifetime: time.Hour})
		w.customer().start()
		seats := w.waiting(2500)
		mend := broker.Add(faulty.Fault{Err: faulty.ErrDown})
		time.Sleep(time.Minute)
		forget(engine)
		mend()
		broker.Add(faulty.Fault{Delay: 4 * time.Millisecond})
		time.Sleep(5 * time.Second)
		for _, c := range seats {
			place := c.seated()
			_, _, err := w.store.get(t.Context(), place.session)
			id, codeErr := w.store.find(t.Context(), place.record.Code)
			if c.out.ended() || err != nil || codeErr != nil || id != place.session {
				t.Fatalf("session %v, code of %q, %v, ended: %v", err, id, codeErr, c.out.ended())
			}
		}
	})
}
