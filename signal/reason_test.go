package signal

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// reasons is an Observer that keeps why sessions have ended.
type reasons chan wire.EndReason

func (r reasons) Observe(e Event) {
	if e.Kind == EventEnded {
		r <- e.Reason
	}
}

// TestWhyASessionEndedIsWhatEndedIt has the sender end the session when its last agent is out, as senders do.
func TestWhyASessionEndedIsWhatEndedIt(t *testing.T) {
	for name, test := range map[string]struct {
		part func(w *world, agent *client, signOut func())
		end  wire.End
		want wire.EndReason
	}{
		"the agent is signed out":                          {func(_ *world, _ *client, signOut func()) { signOut(); time.Sleep(2 * reauthorization) }, wire.End{}, EndSignedOut},
		"the agent stays away":                             {func(w *world, agent *client, _ func()) { agent.ws.Close(); time.Sleep(2 * w.store.resumeWindow) }, wire.End{}, wire.EndTimeout},
		"the agent ends it":                                {func(_ *world, agent *client, _ func()) { agent.send(wire.End{}) }, wire.End{}, wire.EndAgent},
		"the agent leaves":                                 {func(_ *world, agent *client, _ func()) { agent.send(wire.Leave{}) }, wire.End{}, wire.EndAgent},
		"the agent ends it, which only the customer hears": {func(*world, *client, func()) {}, wire.End{Reason: wire.EndAgent}, wire.EndAgent},
		"the agent stays away, whom the customer takes to have left": {func(w *world, agent *client, _ func()) {
			agent.ws.Close()
			time.Sleep(2 * w.store.resumeWindow)
		}, wire.End{Reason: wire.EndAgent}, wire.EndTimeout},
		"the customer declines": {func(*world, *client, func()) {}, wire.End{Reason: wire.EndDeclined}, wire.EndDeclined},
		"the customer ends it":  {func(*world, *client, func()) {}, wire.End{}, wire.EndCustomer},
	} {
		t.Run(name, func(t *testing.T) {
			var out atomic.Bool
			ended := make(reasons, 10)
			agents := AuthorizerFunc(func(r *http.Request) (Agent, error) {
				if out.Load() {
					return Agent{}, errors.New("signed out")
				}
				return everybody(r)
			})
			inWorld(t, Config{Agents: agents, Observer: ended}, func(t *testing.T, w *world) {
				sender, agent, _, _ := w.pair()
				test.part(w, agent, func() { out.Store(true) })
				time.Sleep(time.Second)
				for len(sender.inbox) > 0 {
					<-sender.inbox
				}
				if len(ended) == 0 {
					sender.send(test.end)
					told := expect[wire.Ended](sender).Reason
					if test.want == EndSignedOut {
						equals(t, "what browsers are told", told, wire.EndAgent)
					} else {
						equals(t, "what browsers are told", told, test.want)
					}
				}
				time.Sleep(time.Second)
				equals(t, "reason", <-ended, test.want)
				if !strings.Contains(w.logs.String(), "reason="+string(test.want)) {
					t.Errorf("the log is %s", w.logs)
				}
			})
		})
	}
}
