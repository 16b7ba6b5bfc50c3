package middleware

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/signal"
)

var knownOfAgent = regexp.MustCompile(`<meta name="qwelp-console" content="([^"]*)">`)

func TestTheConsoleKnowsWhatTheServerKnowsOfTheAgent(t *testing.T) {
	name := ""
	agents := signal.AuthorizerFunc(func(*http.Request) (signal.Agent, error) { return signal.Agent{ID: "4711", Name: name}, nil })
	signOut := func(http.ResponseWriter, *http.Request) {}
	for _, c := range []struct {
		agents signal.Authorizer
		name   string
		want   assets.ConsolePage
	}{
		{agents, "", assets.ConsolePage{}},
		{agents, "Ana", assets.ConsolePage{Agent: "Ana"}},
		{agents, " Ana\n\u202eLee ", assets.ConsolePage{Agent: "Ana Lee"}},
		{agents, "\u200b", assets.ConsolePage{}},
		{agents, `"><script>'&amp;`, assets.ConsolePage{Agent: `"><script>'&amp;`}},
		{signal.WithSignOut(agents, signOut), "李雷", assets.ConsolePage{Agent: "李雷", SignOut: true}},
		{signal.WithSignOut(signal.WithLogin(agents, "/login"), signOut), "", assets.ConsolePage{SignOut: true}},
	} {
		name = c.name
		m := mustNew(t, Options{Signal: signal.Config{Agents: c.agents}})
		for _, path := range []string{"/_qwelp/agent", "/_qwelp/agent/"} {
			w := httptest.NewRecorder()
			m.Wrap(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			found := knownOfAgent.FindStringSubmatch(w.Body.String())
			var got assets.ConsolePage
			if found == nil || json.Unmarshal([]byte(html.UnescapeString(found[1])), &got) != nil || got != c.want {
				t.Errorf("%q at %s: got %q, want %+v", c.name, path, found, c.want)
			}
		}
	}
}

func TestTheRouteToSignOutIsForAppsThatHaveOne(t *testing.T) {
	for _, c := range []struct {
		method string
		agents signal.Authorizer
		want   int
	}{
		{"POST", nil, 404}, {"POST", signal.AgentToken("0123456789abcdef"), 204}, {"GET", signal.AgentToken("0123456789abcdef"), 405},
	} {
		m := mustNew(t, Options{Signal: signal.Config{Agents: c.agents}})
		r := httptest.NewRequest(c.method, "http://shop.example/_qwelp/agent/signout", nil)
		r.Header.Set("Origin", "http://shop.example")
		w := httptest.NewRecorder()
		m.Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
		if w.Code != c.want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%+v: got %d, %v", c, w.Code, w.Header())
		}
	}
}
