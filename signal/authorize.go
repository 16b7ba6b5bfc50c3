package signal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// ErrNoAgents is the error of Authorize when Config.Agents is nil.
var ErrNoAgents = errors.New("signal: no agents are configured")

// ErrAskLater is what an Authorizer returns, or wraps, that cannot say now whether somebody is an agent, such as while its database is down. Agents in a session
// stay for up to 10 minutes more, in which they are asked about again; nobody becomes one. An Authorizer whose context ends has not said either.
var ErrAskLater = errors.New("signal: ask later whether this is an agent")

// doubtFor is how long an agent stays one about whom the Authorizer can say nothing.
const doubtFor = 10 * time.Minute

// cannotSay reports whether an error of an Authorizer is none about the agent.
func cannotSay(err error) bool {
	return errors.Is(err, ErrAskLater) || errors.Is(err, context.DeadlineExceeded)
}

var errAuthorizerPanic = errors.New("signal: the Authorizer panicked")

// authorizePatience is the time the app has to decide about an agent.
const authorizePatience = 10 * time.Second

// Authorize asks Config.Agents whether r comes from an agent. A panic there is logged and refuses the agent.
func (s *Server) Authorize(r *http.Request) (agent Agent, err error) {
	if s.agents == nil {
		return Agent{}, ErrNoAgents
	}
	defer func() {
		if s.panicked("Authorize", recover()) {
			agent, err = Agent{}, errAuthorizerPanic
		}
	}()
	return s.agents.Authorize(r)
}

// authorize asks, and waits for the answer no longer than authorizePatience.
func (s *Server) authorize(r *http.Request) (Agent, error) {
	ctx, cancel := context.WithTimeout(r.Context(), authorizePatience)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	return s.Authorize(r.WithContext(ctx))
}

// reauthorize asks in the background whether an agent still is one. When not, the agent may say once more who it is (askAnew), unless it is somebody else or known
// to be none: those are taken out of their sessions.
func (s *Server) reauthorize(c *conn) {
	if c.request == nil || !c.authorizing.CompareAndSwap(false, true) {
		return
	}
	s.running.Go(func() {
		defer c.authorizing.Store(false)
		defer func() { c.panicked(recover()) }()
		agent, err := s.authorize(c.request)
		if err == nil && agent.ID == c.agent.ID || s.ctx.Err() != nil {
			c.sure = time.Now()
			return
		}
		if cannotSay(err) && time.Since(c.sure) < doubtFor {
			s.log.Warn("signal: whether an agent still is one is not known", "conn", c.id, "agent", c.agent.ID, "since", c.sure, "err", err)
			return
		}
		if err != nil && !cannotSay(err) && !errors.Is(err, ErrNotAgent) {
			s.askAnew(c, err)
			return
		}
		s.log.Info("signal: agent is no longer one", "conn", c.id, "agent", c.agent.ID, "session", c.seated().session, "err", err)
		ctx, cancel := s.patience()
		defer cancel()
		c.leave(ctx, EndSignedOut)
		c.close(wire.CloseAuth, closeTexts[wire.CloseAuth], false)
	})
}

// panicked logs p if it is the value of a panic, and reports whether it is.
func (s *Server) panicked(while string, p any) bool {
	if p != nil {
		s.log.Error("signal: panic", "while", while, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
	return p != nil
}
