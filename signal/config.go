package signal

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Config configures a Server. The zero value is usable and safe: every agent is refused.
type Config struct {
	// Agents decides who is an agent. Nil refuses everybody.
	Agents Authorizer

	// AllowedOrigins lists further origins ("https://shop.example") whose pages may open the signalling WebSocket.
	// A page from the app's own origin always may. Needed when a proxy in front of the app rewrites the Host header.
	AllowedOrigins []string

	// ICEServers are handed to both ends of a session. Default: none, only direct connections are tried.
	ICEServers []wire.ICEServer

	// CodeLifetime is how long a support code can be taken by an agent. Default: 10 minutes.
	CodeLifetime time.Duration

	// ResumeWindow is how long a member may be gone (page load, suspend, dead network) before it is taken out of the
	// session; when the customer is, the session ends. Default: 2 minutes.
	ResumeWindow time.Duration

	// Broker is what several replicas of the app share. Default: memory, for one replica.
	Broker Broker

	// Logger receives what an operator should know. Default: slog.Default().
	Logger *slog.Logger
}

// Agent is an agent as the app knows it.
type Agent struct {
	ID   string // stable and unique among the app's agents
	Name string // what the customer is shown; empty: the name the agent typed into the console, or "Support agent"
}

// Authorizer decides whether a request comes from an agent. Authorize must be safe for concurrent use.
type Authorizer interface {
	Authorize(r *http.Request) (Agent, error)
}

// AuthorizerFunc makes an Authorizer of a function.
type AuthorizerFunc func(r *http.Request) (Agent, error)

// Authorize calls f.
func (f AuthorizerFunc) Authorize(r *http.Request) (Agent, error) { return f(r) }

// SignInner is implemented by an Authorizer that has a sign-in of its own, as AgentToken has: whoever serves the console
// calls SignIn when Authorize refuses the request.
type SignInner interface {
	SignIn(w http.ResponseWriter, r *http.Request)
}
