package signal

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// sliding is an app whose sessions slide: of an agent only the newest cookie is one.
type sliding struct{ newest atomic.Pointer[string] }

func (s *sliding) Authorize(r *http.Request) (Agent, error) {
	id, cookie, _ := strings.Cut(r.Header.Get("X-Agent"), "/")
	if newest := s.newest.Load(); newest != nil && cookie != *newest {
		return Agent{}, errors.New("no such session")
	}
	return Agent{ID: id}, nil
}

// slidingWorlds gives two replicas of such an app, and a session between them that has lasted until its agent's cookie was replaced.
func slidingWorlds(t *testing.T, test func(t *testing.T, one, two *world, sender *client, joined wire.Joined)) {
	synctest.Test(t, func(t *testing.T) {
		app, broker := &sliding{}, NewMemoryBroker()
		one, two := newWorld(t, Config{Agents: app, Broker: broker}), newWorld(t, Config{Agents: app, Broker: broker})
		sender, agent := one.customer(), two.agent("ann/1")
		joined := agent.join(sender.start().Code)
		expect[wire.MemberJoined](sender)
		newest := "2"
		app.newest.Store(&newest)
		equals(t, "time to come back", expect[wire.Draining](agent).RetryAfter, 0)
		expectClose(agent, websocket.CloseServiceRestart)
		expectQuiet(sender)
		test(t, one, two, sender, joined)
	})
}

func TestAnAgentWithANewCookieStays(t *testing.T) {
	for _, replica := range []int{0, 1} {
		slidingWorlds(t, func(t *testing.T, one, two *world, sender *client, joined wire.Joined) {
			time.Sleep(2 * time.Second)
			back := []*world{one, two}[replica].agent("ann/2")
			back.resume(joined.Token)
			equals(t, "epoch", expect[wire.MemberBack](sender).Epoch, 2)
			time.Sleep(10 * time.Minute)
			expectQuiet(sender)
			expectQuiet(back)
		})
	}
}

func TestAnAgentWithoutANewCookieIsOut(t *testing.T) {
	slidingWorlds(t, func(t *testing.T, one, two *world, sender *client, joined wire.Joined) {
		for _, name := range []string{"ann/1", "ann/", "ann"} {
			refused := two.dial(dialing{agent: name})
			refused.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
			expectClose(refused, wire.CloseAuth)
		}
		begin := time.Now()
		equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
		if took := time.Since(begin); took > anewWithin {
			t.Errorf("it took %v", took)
		}
		late := two.agent("ann/2")
		late.send(wire.Resume{Token: joined.Token})
		expectError(late, wire.ErrGone)
	})
}

func TestAnotherAgentWithANewCookieDoesNotTakeThePlace(t *testing.T) {
	slidingWorlds(t, func(t *testing.T, one, two *world, sender *client, joined wire.Joined) {
		eve := two.agent("eve/2")
		eve.send(wire.Resume{Token: joined.Token})
		expectError(eve, wire.ErrGone)
		equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
	})
}

func TestAnAgentWhoIsAskedAnewWhileTheReplicaStopsIsAway(t *testing.T) {
	slidingWorlds(t, func(t *testing.T, one, two *world, sender *client, joined wire.Joined) {
		shutdown(t, two)
		expect[wire.MemberAway](sender)
		one.agent("ann/2").resume(joined.Token)
		expect[wire.MemberBack](sender)
	})
}

func TestAnAgentWhoIsNoneIsOutAtOnce(t *testing.T) {
	var refusal atomic.Pointer[error]
	agents := AuthorizerFunc(func(r *http.Request) (Agent, error) {
		if err := refusal.Load(); err != nil {
			return Agent{}, *err
		}
		return everybody(r)
	})
	inWorld(t, Config{Agents: agents}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		refusal.Store(&ErrNotAgent)
		expectClose(agent, wire.CloseAuth)
		equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
	})
}
