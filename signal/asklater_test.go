package signal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// sessionsDown is an Authorizer whose database is away while an error is set.
type sessionsDown struct{ err atomic.Pointer[error] }

func (s *sessionsDown) Authorize(r *http.Request) (Agent, error) {
	if err := s.err.Load(); err != nil {
		if errors.Is(*err, context.DeadlineExceeded) { // a database that hangs
			<-r.Context().Done()
			return Agent{}, r.Context().Err()
		}
		return Agent{}, *err
	}
	return everybody.Authorize(r)
}

func TestAgentsStayWhileNobodyCanSayWhoTheyAre(t *testing.T) {
	for name, err := range map[string]error{"an error": fmt.Errorf("database: %w", ErrAskLater), "a database that hangs": context.DeadlineExceeded} {
		t.Run(name, func(t *testing.T) {
			sessions := &sessionsDown{}
			inWorld(t, Config{Agents: sessions}, func(t *testing.T, w *world) {
				sender, agent, _, joined := w.pair()
				sessions.err.Store(&err)
				time.Sleep(9 * time.Minute)
				expectQuiet(sender)
				expectQuiet(agent)
				other := w.dial(dialing{agent: "bob"}) // nobody becomes an agent
				other.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
				expectClose(other, websocket.CloseTryAgainLater)
				_, resp, dialErr := w.connect(dialing{agent: "bob", header: http.Header{"Origin": nil, "Authorization": {"Bearer x"}}})
				if dialErr == nil || resp.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("a program is answered %v, %v", resp, dialErr)
				}
				sessions.err.Store(nil)
				time.Sleep(5 * time.Minute)
				sessions.err.Store(&err) // another ten minutes
				time.Sleep(9 * time.Minute)
				expectQuiet(agent)
				time.Sleep(3 * time.Minute)
				expectClose(agent, wire.CloseAuth)
				equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
			})
		})
	}
}
