package middleware

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal"
)

// noted is an Observer that keeps notes, and shows who asks for the history.
type noted struct{ said string }

func (n *noted) Observe(signal.Event) {}

func (n *noted) Note(_ context.Context, session string, agent signal.Agent, text string) error {
	switch session {
	case "gone":
		return fmt.Errorf("a session: %w", signal.ErrNotInSession)
	case "broken":
		return errors.New("no database")
	}
	n.said = session + " " + agent.ID + " " + text
	return nil
}

func (n *noted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	agent, ok := signal.AgentOf(r.Context())
	fmt.Fprint(w, agent, ok)
}

func TestOnlyAgentsNoteAboutSessionsAndOnlyInTheAppsOwnPages(t *testing.T) {
	agents := signal.AuthorizerFunc(func(r *http.Request) (signal.Agent, error) {
		if r.Header.Get("Cookie") == "" {
			return signal.Agent{}, errors.New("nobody")
		}
		return signal.Agent{ID: "ann", Name: "Ann"}, nil
	})
	n := &noted{}
	handler := mustNew(t, Options{Signal: signal.Config{Agents: agents, Observer: n}}).Wrap(http.NotFoundHandler())
	for name, c := range map[string]struct {
		method, session, cookie, origin, text string
		want                                  int
	}{
		"a note":             {"POST", "S1", "x=y", "http://shop.example", "first\nsecond", 204},
		"as long as may be":  {"POST", "S1", "x=y", "http://shop.example", strings.Repeat("x", 4096), 204},
		"none":               {"POST", "S1", "x=y", "http://shop.example", "", 204},
		"too long":           {"POST", "S1", "x=y", "http://shop.example", strings.Repeat("x", 4097), 413},
		"nobody":             {"POST", "S1", "", "http://shop.example", "x", 401},
		"another site":       {"POST", "S1", "x=y", "https://evil.example", "x", 403},
		"no origin":          {"POST", "S1", "x=y", "", "x", 403},
		"not in the session": {"POST", "gone", "x=y", "http://shop.example", "x", 404},
		"a broken database":  {"POST", "broken", "x=y", "http://shop.example", "x", 503},
		"another method":     {"GET", "S1", "x=y", "http://shop.example", "", 405},
	} {
		n.said = ""
		r := httptest.NewRequest(c.method, "http://shop.example/_qwelp/agent/note?session="+c.session, strings.NewReader(c.text))
		for field, value := range map[string]string{"Cookie": c.cookie, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(field, value)
			}
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != c.want || w.Header().Get("Cache-Control") != "no-store" || (n.said == "S1 ann "+c.text) != (c.want == 204) {
			t.Errorf("%s: got %d, %v, noted %.40q", name, w.Code, w.Header(), n.said)
		}
	}
	r := httptest.NewRequest("GET", "http://shop.example/_qwelp/agent/history", nil)
	r.Header.Set("Cookie", "x=y")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if got := w.Body.String(); got != "{ann Ann}true" && got != "{ann Ann} true" {
		t.Errorf("the history is asked by %q", got)
	}
	r = httptest.NewRequest("POST", "http://shop.example/_qwelp/agent/note?session=S1", nil)
	r.Header.Set("Origin", "http://shop.example")
	w = httptest.NewRecorder()
	mustNew(t, Options{Signal: signal.Config{Agents: agents}}).Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != 404 {
		t.Errorf("an app that keeps no notes answers %d", w.Code)
	}
}
