package signal

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// guess tries n codes that are wrong, and gives how many were really tried.
func guess(c *client, n int) (tried int) {
	for i := range n {
		c.send(wire.Join{Code: fmt.Sprintf("%09d", i)})
		if expect[wire.Error](c).Code == wire.ErrUnknownCode {
			tried++
		}
	}
	return tried
}

func TestAnAgentHasTenWrongGuesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := NewMemoryBroker()
		one, two := newWorld(t, Config{Broker: shared}), newWorld(t, Config{Broker: shared})
		tried := 0
		for i := range 5 { // other addresses and replicas are no way out
			w := []*world{one, two}[i%2]
			tried += guess(w.agentFrom(dialing{agent: "eve", from: fmt.Sprintf("192.0.2.%d:1", i)}), 4)
		}
		equals(t, "guesses", tried, 10)
		code := one.customer().start().Code
		eve := one.agentFrom(dialing{agent: "eve", from: "192.0.2.99:1"})
		eve.send(wire.Join{Code: code})
		e := expectError(eve, wire.ErrSlowDown)
		equals(t, "retryAfter", e.RetryAfter, int((10 * time.Minute).Milliseconds()))
		equals(t, "message", e.Message, "Too many wrong support codes from you within 10 minutes. Try again in 10 minutes.")
		time.Sleep(9*time.Minute + 30*time.Second)
		guess(eve, 1)
		eve.send(wire.Join{Code: code})
		e = expectError(eve, wire.ErrSlowDown)
		equals(t, "retryAfter later", e.RetryAfter, 30_000)
		equals(t, "message later", e.Message, "Too many wrong support codes from you within 10 minutes. Try again in a minute.")
		one.agentFrom(dialing{agent: "ann", from: "192.0.2.98:1"}).join(code)
		time.Sleep(30 * time.Second)
		eve.join(one.customer().start().Code)
	})
}

func TestAgentsWithOneTokenHaveTenWrongGuessesEach(t *testing.T) {
	agents := AgentToken("a long random token")
	inWorld(t, Config{Agents: agents}, func(t *testing.T, w *world) {
		signedIn := func() string {
			cookie := agents.(*tokenAgents).cookie(httptest.NewRequest("GET", "/agent/", nil))
			return cookie.Name + "=" + cookie.Value
		}
		from := 0
		dial := func(header, value string) *client {
			from++ // the budgets of networks are tested elsewhere
			return w.agentFrom(dialing{from: fmt.Sprintf("192.0.2.%d:1", from), header: map[string][]string{header: {value}}})
		}
		eve := signedIn()
		tried := 0
		for range 5 {
			tried += guess(dial("Cookie", eve), 4)
		}
		equals(t, "guesses of one sign-in", tried, 10)
		dial("Cookie", signedIn()).join(w.customer().start().Code)
		tried = 0
		for range 5 {
			tried += guess(dial("Authorization", "Bearer a long random token"), 4)
		}
		equals(t, "guesses of those without a cookie", tried, 10)
	})
}

func TestANetworkHasTenWrongGuesses(t *testing.T) {
	for _, from := range []string{"192.0.2.7:%[2]d", "[2001:db8:0:1::%[1]x]:%[2]d"} {
		inWorld(t, Config{}, func(t *testing.T, w *world) {
			tried := 0
			for i := range 5 {
				d := dialing{agent: fmt.Sprint("agent", i), from: fmt.Sprintf(from, i+1, i+1000)}
				// A proxy that is not trusted may say what it likes.
				d.header = map[string][]string{"X-Forwarded-For": {fmt.Sprintf("203.0.113.%d", i)}}
				tried += guess(w.agentFrom(d), 4)
			}
			equals(t, "guesses from "+from, tried, 10)
		})
	}
}

func TestManyTogetherHaveThreeHundredWrongGuesses(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		tried := 0
		for i := range 40 {
			tried += guess(w.agentFrom(dialing{agent: fmt.Sprint("agent", i), from: fmt.Sprintf("192.0.2.%d:1", i)}), 10)
		}
		equals(t, "guesses", tried, 300)
	})
}

// guessAtOnce has agents give a wrong code at once, and returns how many of them were looked at.
func guessAtOnce(agents []*client) (tried int) {
	for _, c := range agents {
		go c.send(wire.Join{Code: "000000000"})
	}
	for _, c := range agents {
		if expect[wire.Error](c).Code == wire.ErrUnknownCode {
			tried++
		}
	}
	return tried
}

func TestGuessesAtOnceAreCountedOneByOne(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		var clients []*client
		for i := range 50 {
			clients = append(clients, w.agentFrom(dialing{agent: "eve", from: fmt.Sprintf("192.0.2.%d:1", i)}))
		}
		equals(t, "guesses", guessAtOnce(clients), 10)
	})
}

func TestStartsAreBudgetedToo(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		for range startsOfRemote.limit {
			c := w.customer()
			c.start()
			c.ws.Close()
		}
		c := w.customer()
		c.send(wire.Start{})
		e := expectError(c, wire.ErrSlowDown)
		equals(t, "retryAfter", e.RetryAfter, int((10 * time.Minute).Milliseconds()))
		equals(t, "message", e.Message, "Too many sessions started from your network within 10 minutes. Try again in 10 minutes.")
	})
}
