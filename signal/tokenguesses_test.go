package signal

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/brokertest/faulty"
)

// replicasWithToken gives sign-ins of replicas that share a broker, as in processes of their own.
func replicasWithToken(t *testing.T, n int, b Broker) (agents []Authorizer) {
	for range n {
		a := AgentToken("a long random token")
		if _, err := New(Config{Agents: a, Broker: b, Logger: slog.New(slog.DiscardHandler)}); err != nil {
			t.Fatal(err)
		}
		agents = append(agents, a)
	}
	return agents
}

func TestReplicasCountWrongTokensTogether(t *testing.T) {
	spy := &spyBroker{Broker: NewMemoryBroker()}
	agents := replicasWithToken(t, 3, spy)
	statuses := map[int]int{}
	for i := range 30 {
		statuses[signInTo(agents[i%3], fmt.Sprint("http://shop.example/agent/?token=wrong", i), unchanged).Code]++
	}
	equals(t, "statuses of wrong tokens", statuses, map[int]int{http.StatusUnauthorized: 10, http.StatusTooManyRequests: 20})
	for _, a := range agents {
		equals(t, "status of the right one", signInTo(a, "http://shop.example/agent/?token=a+long+random+token", unchanged).Code, http.StatusSeeOther)
	}
	for _, text := range []string{"wrong", "192.0.2.1", "random"} {
		if strings.Contains(spy.String(), text) {
			t.Errorf("the broker sees %q", text)
		}
	}
}

func TestOneTokenIsCountedOnceByAllReplicas(t *testing.T) {
	for i, a := range replicasWithToken(t, 12, NewMemoryBroker()) {
		equals(t, fmt.Sprint("status at replica ", i), signInTo(a, "http://shop.example/agent/?token=of+yesterday", unchanged).Code, http.StatusUnauthorized)
	}
}

func TestWrongTokensAreCountedWhileTheBrokerIsAway(t *testing.T) {
	for name, fault := range map[string]faulty.Fault{
		"refuses":    {Err: faulty.ErrDown},
		"hangs":      {Delay: time.Hour},
		"cannot add": {Call: faulty.Incr, Err: faulty.ErrDown},
		"cannot set": {Call: faulty.Set, Err: faulty.ErrDown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				broker := faulty.New(NewMemoryBroker())
				broker.Add(fault)
				a := replicasWithToken(t, 1, broker)[0]
				statuses := map[int]int{}
				for i := range 20 {
					begin := time.Now()
					statuses[signInTo(a, fmt.Sprint("http://shop.example/agent/?token=wrong", i), unchanged).Code]++
					if took := time.Since(begin); took > brokerPatience {
						t.Errorf("a wrong token is refused after %v", took)
					}
				}
				equals(t, "statuses of wrong tokens", statuses, map[int]int{http.StatusUnauthorized: 10, http.StatusTooManyRequests: 10})
				equals(t, "status of the right one", signInTo(a, "http://shop.example/agent/?token=a+long+random+token", unchanged).Code, http.StatusSeeOther)
			})
		})
	}
}
