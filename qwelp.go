package qwelp

import (
	"net/http"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// What most apps need, under one name that is no other package's: these are the types of the packages below, which have all the rest.
type (
	Options    = middleware.Options    // configures a Middleware
	Middleware = middleware.Middleware // wraps the app's handler
	Route      = middleware.Route      // other settings for some pages

	Settings = sender.Settings // the customer's side, on a page
	Branding = sender.Branding // looks and words of its dialog
	Privacy  = sender.Privacy  // what never leaves the customer's browser

	Signal         = signal.Config         // how customer and agent meet
	Agent          = signal.Agent          // an agent as the app knows it
	Authorizer     = signal.Authorizer     // decides who is one
	AuthorizerFunc = signal.AuthorizerFunc // an Authorizer that is a function
)

// ErrNotAgent is what an Authorizer returns, or wraps, for somebody who is signed in to the app and no agent.
var ErrNotAgent = signal.ErrNotAgent

// New returns a Middleware, as [middleware.New] does.
func New(o Options) (*Middleware, error) { return middleware.New(o) }

// AgentToken returns an Authorizer for apps without accounts for agents, as [signal.AgentToken] does.
func AgentToken(token string) Authorizer { return signal.AgentToken(token) }

// WithLogin returns an Authorizer whose console leads to the app's own sign-in, as [signal.WithLogin] does.
func WithLogin(agents Authorizer, login string) Authorizer { return signal.WithLogin(agents, login) }

// WithSignIn returns an Authorizer with a sign-in of the app's making, as [signal.WithSignIn] does.
func WithSignIn(agents Authorizer, signIn func(w http.ResponseWriter, r *http.Request)) Authorizer {
	return signal.WithSignIn(agents, signIn)
}

// WithSignOut returns an Authorizer whose agents can sign out in the console, as [signal.WithSignOut] does.
func WithSignOut(agents Authorizer, signOut func(w http.ResponseWriter, r *http.Request)) Authorizer {
	return signal.WithSignOut(agents, signOut)
}
