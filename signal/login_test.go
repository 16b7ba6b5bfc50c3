package signal

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// accounts are those of an app with a login of its own.
var accounts = AuthorizerFunc(func(r *http.Request) (Agent, error) {
	switch r.Header.Get("Cookie") {
	case "user=ann":
		return Agent{ID: "ann"}, nil
	case "user=bob":
		return Agent{}, fmt.Errorf("bob is a customer: %w", ErrNotAgent)
	case "user=eve":
		panic("oops")
	}
	return Agent{}, errors.New("not signed in")
})

func TestWithLoginLeadsToTheAppsOwn(t *testing.T) {
	agents := WithLogin(accounts, "/login?next={path}&x=<y>")
	if agent, err := agents.Authorize(&http.Request{Header: http.Header{"Cookie": {"user=ann"}}}); err != nil || agent.ID != "ann" {
		t.Errorf("got %v, %v", agent, err)
	}
	for name, c := range map[string]struct {
		cookie, path string
		status       int
		has, hasNot  string
	}{
		"not signed in":            {"", "/_qwelp/agent/", 401, `<a href="/login?next=%2F_qwelp%2Fagent%2F&amp;x=%3cy%3e">Sign in</a>`, "<form"},
		"another page":             {"", "/app/_qwelp/agent/history?text=a", 401, `next=%2Fapp%2F_qwelp%2Fagent%2Fhistory&amp;`, "text=a"},
		"signed in, but no agent":  {"user=bob", "/_qwelp/agent/", 403, "not one of a support agent", "/login"},
		"an Authorizer that fails": {"user=eve", "/_qwelp/agent/", 401, "Sign in</a>", "oops"},
	} {
		for _, method := range []string{"GET", "POST"} {
			r := httptest.NewRequest(method, c.path, nil)
			r.Header.Set("Cookie", c.cookie)
			w := httptest.NewRecorder()
			agents.(SignInner).SignIn(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) || strings.Contains(w.Body.String(), c.hasNot) {
				t.Errorf("%s: got %d, %s", name, w.Code, w.Body)
			}
			if h := w.Header(); h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Frame-Options") != "DENY" {
				t.Errorf("%s: headers are %v", name, h)
			}
		}
	}
}

func TestAFunctionMayHaveASignInOfItsOwn(t *testing.T) {
	agents := WithSignIn(accounts, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/sso", http.StatusSeeOther) })
	w := httptest.NewRecorder()
	agents.(SignInner).SignIn(w, httptest.NewRequest("GET", "/_qwelp/agent/", nil))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sso" {
		t.Errorf("got %d, %v", w.Code, w.Header())
	}
}

func TestALoginThatLeadsNowhereIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		agents Authorizer
		want   string
	}{
		"a path":                     {WithLogin(accounts, "/login"), ""},
		"a URL":                      {WithLogin(accounts, "https://id.example/?back={path}"), ""},
		"nothing":                    {WithLogin(accounts, ""), "WithLogin: "},
		"no path":                    {WithLogin(accounts, "login"), "WithLogin: "},
		"another host":               {WithLogin(accounts, "//evil.example/login"), "WithLogin: "},
		"another host in disguise":   {WithLogin(accounts, `/\evil.example`), "WithLogin: "},
		"a script":                   {WithLogin(accounts, "javascript:alert(1)"), "WithLogin: "},
		"plain HTTP":                 {WithLogin(accounts, "http://id.example/"), "WithLogin: "},
		"no Authorizer":              {WithLogin(nil, "/login"), "an Authorizer that is nil"},
		"one that has a sign-in":     {WithLogin(AgentToken("0123456789abcdef"), "/login"), "a second sign-in"},
		"no function for a sign-in":  {WithSignIn(accounts, nil), "WithSignIn: no function"},
		"no function that is wanted": {WithSignIn(accounts, http.NotFound), ""},
	} {
		_, err := New(Config{Agents: c.agents})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), "signal.agents: ") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
