package signal

import (
	"context"
	"errors"
)

// NoteKeeper is implemented by an Observer that keeps what agents note about sessions, such as a history.History: the console then has a field for notes at the end of a session.
type NoteKeeper interface {
	// Note keeps a text of at most 4096 bytes in place of what the same agent had noted about the session before; an empty one erases that. It must be safe for concurrent use. The
	// error wraps ErrNotInSession when the agent was not in the session.
	Note(ctx context.Context, session string, agent Agent, text string) error
}

// ErrNotInSession is what a NoteKeeper returns, or wraps, for an agent who was not in the session.
var ErrNotInSession = errors.New("signal: the agent was not in the session")

type agentKey struct{}

// WithAgent returns a context that says which agent a request is of. Package middleware serves the history with one.
func WithAgent(ctx context.Context, a Agent) context.Context {
	return context.WithValue(ctx, agentKey{}, a)
}

// AgentOf returns the agent of a context of WithAgent, and whether there is one.
func AgentOf(ctx context.Context) (Agent, bool) {
	a, ok := ctx.Value(agentKey{}).(Agent)
	return a, ok
}
