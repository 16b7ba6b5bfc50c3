package signal

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/brokertest/faulty"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// slowReplicas gives two replicas, each call of whose broker takes a time.
func slowReplicas(t *testing.T, each time.Duration) (one, two *world) {
	broker := faulty.New(NewMemoryBroker())
	one, two = newWorld(t, Config{Broker: broker}), newWorld(t, Config{Broker: broker})
	one.customer().start()
	two.customer().start() // so that both are ready
	broker.Add(faulty.Fault{Delay: each})
	return one, two
}

func TestAnAgentHasJoinedAfterFourCallsOfTheBroker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const each = 150 * time.Millisecond
		one, two := slowReplicas(t, each)
		for _, test := range []struct {
			agent string
			most  time.Duration
		}{{"new", 4 * each}, {"new", 4 * each}, {"other", 4 * each}} {
			code := one.customer().start().Code
			agent := two.agent(test.agent)
			begin := time.Now()
			agent.join(code)
			if took := time.Since(begin); took > test.most {
				t.Errorf("%s: joined after %v, want %v", test.agent, took, test.most)
			}
			agent.ws.Close()
			time.Sleep(time.Minute)
		}
	})
}

func TestAnOfficeJoinsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := slowReplicas(t, 10*time.Millisecond)
		join := func(n int) {
			var joining sync.WaitGroup
			for i := range n {
				code := one.customer().start().Code
				agent := two.agent(fmt.Sprint("agent", i))
				joining.Go(func() {
					agent.send(wire.Join{Code: code})
					if m, ok := (<-agent.inbox).(wire.Joined); !ok {
						t.Errorf("agent %d is answered %+v", i, m)
					}
				})
			}
			joining.Wait()
		}
		join(25) // who have never joined before
		for i := range 75 {
			two.agent(fmt.Sprint("agent", i+25)).join(one.customer().start().Code)
		}
		join(100) // who have
	})
}

func TestGuessesOfANetworkAtOnceAreCountedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, two := slowReplicas(t, 5*time.Millisecond)
		var clients []*client
		for i := range 30 {
			clients = append(clients, two.agent(fmt.Sprint("eve", i)))
		}
		equals(t, "guesses", guessAtOnce(clients), 10)
	})
}

func TestABrokerThatCannotCountRefusesTheRightCodeToo(t *testing.T) {
	for name, fault := range map[string]faulty.Fault{
		"counters are not read": {Call: faulty.Get, Key: "count/", Err: faulty.ErrDown},
		"proofs are not read":   {Call: faulty.Get, Key: "proven/", Err: faulty.ErrDown},
		"codes are not read":    {Call: faulty.Get, Key: "code/", Err: faulty.ErrDown},
		"one counter hangs":     {Call: faulty.Get, Key: "count/miss-all", Delay: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				broker := faulty.New(NewMemoryBroker())
				w := newWorld(t, Config{Broker: broker})
				code := w.customer().start().Code
				ann := w.agent("ann")
				mend := broker.Add(fault)
				for range 20 {
					begin := time.Now()
					ann.send(wire.Join{Code: code})
					expectError(ann, wire.ErrUnavailable)
					if took := time.Since(begin); took > brokerPatience {
						t.Errorf("refused after %v", took)
					}
				}
				mend()
				ann.join(code) // nothing is held, and nothing was counted
			})
		})
	}
}
