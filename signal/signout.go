package signal

import (
	"errors"
	"net/http"
)

// SignOuter is implemented by an Authorizer whose agents can sign out in the console, as those of AgentToken and WithSignOut have it. SignOut ends the sign-in that
// the request belongs to, such as by a cookie that is over. The console loads anew afterwards; what else SignOut answers is not shown. Sessions of theirs that still run are over
// within a minute.
type SignOuter interface {
	SignOut(w http.ResponseWriter, r *http.Request)
}

// WithSignOut returns agents with a sign-out: the console has a button for it, and signOut does what SignOuter says. It goes around WithLogin or WithSignIn:
//
//	signal.WithSignOut(signal.WithLogin(agents, "/login"), signOut)
func WithSignOut(agents Authorizer, signOut func(w http.ResponseWriter, r *http.Request)) Authorizer {
	a := withSignOut{agents, signOut}
	if s, ok := agents.(SignInner); ok {
		return withSignInAndOut{a, s}
	}
	return a
}

type withSignOut struct {
	Authorizer
	signOut func(w http.ResponseWriter, r *http.Request)
}

type withSignInAndOut struct {
	withSignOut
	SignInner
}

// SignOut ends the sign-in of a request.
func (a withSignOut) SignOut(w http.ResponseWriter, r *http.Request) { a.signOut(w, r) }

// check returns what is wrong with it.
func (a withSignOut) check() error {
	if a.signOut == nil {
		return errors.New("signal.agents: WithSignOut: no function")
	}
	if a.Authorizer == nil {
		return errors.New("signal.agents: a sign-out for an Authorizer that is nil")
	}
	if _, ok := a.Authorizer.(SignOuter); ok {
		return errors.New("signal.agents: a second sign-out for an Authorizer that has one, such as AgentToken")
	}
	if inner, ok := a.Authorizer.(interface{ check() error }); ok {
		return inner.check()
	}
	return nil
}

// SignOut makes the browser forget the cookie of the sign-in. Other browsers stay signed in: to sign all of them out, change the token.
func (t *tokenAgents) SignOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, t.expiredCookie(r))
	w.WriteHeader(http.StatusNoContent)
}

// CanSignOut reports whether agents can sign out: whether Config.Agents is a SignOuter.
func (s *Server) CanSignOut() bool {
	_, ok := s.agents.(SignOuter)
	return ok
}

// SignOut answers the request of an agent's console to sign out, from a page of the app's own origin or one of AllowedOrigins (else 403); without a SignOuter it answers 404. A panic of
// the SignOuter is logged (500).
func (s *Server) SignOut(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	agents, ok := s.agents.(SignOuter)
	switch {
	case !ok:
		http.NotFound(w, r)
		return
	case !s.FromOwnOrigin(r):
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return
	}
	defer func() {
		if s.panicked("SignOut", recover()) {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}()
	agents.SignOut(w, r)
}

// FromOwnOrigin reports whether a page of the app's own origin, or of one of AllowedOrigins, has sent r, which browsers say with all requests that change something.
func (s *Server) FromOwnOrigin(r *http.Request) bool { return originAllowed(r, s.origins) }
