package signal

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ErrNotAgent is what an Authorizer returns, or wraps, for somebody who is signed in to the app and no agent: the console then answers 403, not with a way to
// sign in.
var ErrNotAgent = errors.New("signal: signed in, but not as an agent")

// WithLogin returns agents with a sign-in: the console shows whom it refuses a link to login, the app's own page for that, with status 401; and to whom it refuses with
// ErrNotAgent, that the account is no agent's (403). login is a path of the app, or an https URL. "{path}" in it stands for the path of the console, to come back to:
// "/login?next={path}". What the app does with that must lead to no other site.
func WithLogin(agents Authorizer, login string) Authorizer {
	l := &loginPage{agents: agents, login: login}
	return withSignIn{agents, l.signIn, checkLogin(login)}
}

// WithSignIn returns agents with a sign-in: signIn answers the requests to the console that agents refuses, with GET, HEAD and POST. An AuthorizerFunc becomes a
// SignInner by it.
func WithSignIn(agents Authorizer, signIn func(w http.ResponseWriter, r *http.Request)) Authorizer {
	var err error
	if signIn == nil {
		err = errors.New("WithSignIn: no function")
	}
	return withSignIn{agents, signIn, err}
}

type withSignIn struct {
	Authorizer
	signIn func(w http.ResponseWriter, r *http.Request)
	err    error // of what it was made with; New reports it
}

// SignIn answers a request that Authorize refused.
func (a withSignIn) SignIn(w http.ResponseWriter, r *http.Request) { a.signIn(w, r) }

// check returns what is wrong with it.
func (a withSignIn) check() error {
	switch a.Authorizer.(type) {
	case nil:
		return errors.New("signal.agents: a sign-in for an Authorizer that is nil")
	case SignInner:
		return errors.New("signal.agents: a second sign-in for an Authorizer that has one, such as AgentToken")
	case SignOuter:
		return errors.New("signal.agents: WithSignOut goes around WithLogin and WithSignIn, not into them")
	}
	if a.err != nil {
		return fmt.Errorf("signal.agents: %w", a.err)
	}
	return nil
}

func checkLogin(login string) error {
	u, err := url.Parse(strings.ReplaceAll(login, "{path}", "x"))
	if err == nil && u.User == nil {
		switch {
		case u.Scheme == "https" && u.Host != "":
			return nil
		case u.Scheme == "" && u.Host == "" && strings.HasPrefix(login, "/") && !strings.HasPrefix(login, `/\`):
			return nil
		}
	}
	return fmt.Errorf("WithLogin: %q: want a path of the app such as /login, or an https URL", login)
}

// loginPage leads to the app's sign-in.
type loginPage struct {
	agents Authorizer
	login  string
}

func (l *loginPage) signIn(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", signInPolicy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	if errors.Is(l.refusal(r), ErrNotAgent) {
		showSignIn(w, http.StatusForbidden, signIn{Title: "Not for this account", Text: "You are signed in, but this account is not one of a support agent."})
		return
	}
	to := strings.ReplaceAll(l.login, "{path}", url.QueryEscape(requestPath(r)))
	showSignIn(w, http.StatusUnauthorized, signIn{Title: "Sign in to the support console", Text: "This page is for support agents.", Link: to, LinkText: "Sign in"})
}

// refusal asks once more why, which SignIn does not hear.
func (l *loginPage) refusal(r *http.Request) (err error) {
	defer func() {
		if recover() != nil {
			err = errAuthorizerPanic // which is in the log
		}
	}()
	_, err = l.agents.Authorize(r)
	return err
}
