package signal

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// notes is an Observer that remembers.
type notes struct {
	mu     sync.Mutex
	events []Event
}

func (n *notes) Observe(e Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
}

// take gives what has been told since the last time, one line for each event.
func (n *notes) take() (lines []string) {
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.events {
		words := []string{string(e.Kind), e.Agent.ID, e.Agent.Name, e.Path, string(e.Reason)}
		if e.Kind == EventCarried {
			words = append(words, e.Relay.String(), e.Channel.String())
		}
		if len(e.MetaData)+len(e.Verified) > 0 {
			words = append(words, fmt.Sprint(e.MetaData), fmt.Sprint(e.Verified))
		}
		lines = append(lines, strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), " "))
	}
	n.events = nil
	return lines
}

func TestWhoEndsASecondTimeHearsTheFirstReason(t *testing.T) {
	broker := &faultyBroker{Broker: NewMemoryBroker()}
	inWorld(t, Config{Broker: broker, Observer: &notes{}}, func(t *testing.T, one *world) {
		heard := one.observer.(*notes)
		two := newWorld(t, Config{Broker: broker, Observer: heard})
		sender, agent := one.customer(), two.agent("ann")
		agent.join(sender.start().Code)
		expect[wire.MemberJoined](sender)
		heard.take()
		broker.deaf.Store(true) // both press at once: the customer's replica has not heard of the agent's yet
		agent.send(wire.End{})
		equals(t, "the agent's reason", expect[wire.Ended](agent).Reason, wire.EndAgent)
		sender.send(wire.End{})
		equals(t, "the customer's reason", expect[wire.Ended](sender).Reason, wire.EndAgent)
		expectClose(sender, wire.CloseEnded)
		equals(t, "events", heard.take(), []string{"ended agent"})
	})
}

func TestAnObserverHearsWhatHappensOnceWhateverTheReplica(t *testing.T) {
	inWorld(t, Config{Broker: NewMemoryBroker(), MetaDataKey: tagKey, Observer: &notes{}}, func(t *testing.T, one *world) {
		heard := one.observer.(*notes)
		two := newWorld(t, Config{Broker: one.store.broker, MetaDataKey: tagKey, Observer: heard})
		sender := one.customer()
		sender.send(wire.Start{MetaData: object{"plan": "pro", "customer": "4711"}, Signed: signedNow(`{"customer":"4711"}`)})
		started := expect[wire.Started](sender)
		if !started.Visits {
			t.Error("the sender is not asked for pages")
		}
		equals(t, "start", heard.take(), []string{"started map[plan:pro] map[customer:4711]"})

		agent := two.agent("ann")
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		equals(t, "join", heard.take(), []string{"joined ann Ann"})

		for _, path := range []string{"/orders/4711", "/orders/:id", "/"} {
			sender.send(wire.Visit{Path: path})
		}
		equals(t, "pages", heard.take(), []string{"visited /orders/:id", "visited /"})
		sender.send(wire.Tell{MetaData: object{"plan": "free"}})
		expect[wire.Told](agent)
		equals(t, "told", heard.take(), []string{"told map[plan:free] map[customer:4711]"})

		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathRelay})
		synctest.Wait()
		time.Sleep(2 * time.Second)
		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathChannel})
		synctest.Wait()
		time.Sleep(3 * time.Second)
		sender.ws.Close() // the next page, on the other replica
		expect[wire.MemberAway](agent)
		equals(t, "the page goes", heard.take(), []string{"carried 2s 3s"})
		next := two.customer()
		if !next.resume(started.Token).Visits {
			t.Error("the next page is not asked")
		}
		expect[wire.MemberBack](agent)
		next.send(wire.Carried{Member: joined.Member, Path: wire.PathChannel})
		synctest.Wait()
		time.Sleep(one.keepInterval() + time.Second)
		lines := heard.take()
		if all := strings.Join(lines, "\n"); !strings.Contains(all, "carried 0s") || strings.Count(all, "alive") != 1 {
			t.Errorf("after a round of the keeper: %q", lines)
		}
		agent.send(wire.Leave{})
		expect[wire.MemberLeft](next)
		left := heard.take()
		if len(left) != 2 || !strings.Contains(strings.Join(left, " "), "left") || !strings.Contains(strings.Join(left, " "), "carried 0s ") {
			t.Errorf("when the agent leaves: %q", left)
		}
		next.send(wire.End{})
		expect[wire.Ended](next)
		equals(t, "end", heard.take(), []string{"ended agent"})
	})
}

func TestFloodsOfPagesAreDropped(t *testing.T) {
	inWorld(t, Config{Observer: &notes{}}, func(t *testing.T, w *world) {
		sender, _, _, _ := w.pair()
		w.observer.(*notes).take()
		for i := range 3 * visitBurst {
			sender.send(wire.Visit{Path: "/" + strings.Repeat("a", 1+i%7)})
		}
		equals(t, "pages", len(w.observer.(*notes).take()), visitBurst)
	})
}

func TestWithoutAnObserverNobodyIsAskedForPages(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, _ := w.pair()
		equals(t, "visits", started.Visits, false)
		sender.send(wire.Visit{Path: "/"})
		expectQuiet(sender)
		agent.send(wire.Visit{Path: "/"})
		expectClose(agent, wire.CloseBadMessage)
	})
}

type panicky struct{}

func (panicky) Observe(Event) { panic("an observer with a bug") }

func TestAnObserverThatPanicsHarmsNoSession(t *testing.T) {
	inWorld(t, Config{Observer: panicky{}}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		sender.send(wire.Visit{Path: "/"})
		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathRelay})
		time.Sleep(time.Minute)
		sender.ws.Close()
		expect[wire.MemberAway](agent)
		next := w.customer()
		next.resume(started.Token)
		expect[wire.MemberBack](agent)
		next.send(wire.End{})
		expect[wire.Ended](agent)
		if !strings.Contains(w.logs.String(), "an observer with a bug") {
			t.Error("the log says nothing")
		}
	})
}

func TestTellingsAreCounted(t *testing.T) {
	inWorld(t, Config{Broker: NewMemoryBroker(), Observer: &notes{}}, func(t *testing.T, one *world) {
		heard := one.observer.(*notes)
		two := newWorld(t, Config{Broker: one.store.broker, Observer: heard})
		first := one.customer()
		first.send(wire.Start{MetaData: object{"plan": "free"}})
		started := expect[wire.Started](first)
		first.send(wire.Tell{MetaData: object{"plan": "pro"}})
		synctest.Wait()
		next := two.customer()
		next.resume(started.Token)
		next.send(wire.Tell{MetaData: object{"plan": "free"}})
		synctest.Wait()
		var counted []int
		for _, e := range heard.events {
			if e.Kind == EventStarted || e.Kind == EventTold {
				counted = append(counted, e.Told)
			}
		}
		equals(t, "tellings", counted, []int{0, 1, 2})
	})
}
