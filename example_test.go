package qwelp_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go"
)

func ExampleNew() {
	mux := http.NewServeMux() // the app
	q, err := qwelp.New(qwelp.Options{
		Signal: qwelp.Signal{Agents: qwelp.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: q.Wrap(mux), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	select {
	case err := <-failed:
		log.Fatal(err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	// Sessions go on, here or on another replica, once browsers are back.
	if err := errors.Join(q.Shutdown(ctx), server.Shutdown(ctx)); err != nil {
		log.Print(err)
	}
}

func TestTheShortWayIsTheLongOne(t *testing.T) {
	agents := qwelp.AuthorizerFunc(func(r *http.Request) (qwelp.Agent, error) {
		switch r.Header.Get("Cookie") {
		case "user=ann":
			return qwelp.Agent{ID: "ann"}, nil
		case "user=bob":
			return qwelp.Agent{}, qwelp.ErrNotAgent
		}
		return qwelp.Agent{}, errors.New("not signed in")
	})
	for name, c := range map[string]struct {
		agents qwelp.Authorizer
		cookie string
		status int
		has    string
	}{
		"an agent":                {qwelp.WithLogin(agents, "/login"), "user=ann", 200, "Support console"},
		"somebody else":           {qwelp.WithLogin(agents, "/login"), "user=bob", 403, "not one of a support agent"},
		"nobody":                  {qwelp.WithLogin(agents, "/login"), "", 401, `href="/login"`},
		"somebody else, no login": {agents, "user=bob", 403, "not one of a support agent"},
		"nobody, no login":        {agents, "", 401, "Not signed in"},
		"nobody, a sign-in":       {qwelp.WithSignIn(agents, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "own", http.StatusTeapot) }), "", http.StatusTeapot, "own"},
		"nobody, the token's":     {qwelp.AgentToken(token), "", 401, "Agent token"},
	} {
		q, err := qwelp.New(qwelp.Options{
			Settings: qwelp.Settings{Branding: qwelp.Branding{DialogTitle: "Help"}, Privacy: qwelp.Privacy{Redact: []string{".a"}}},
			Routes:   []qwelp.Route{{Pattern: "/admin/", Off: true}},
			Signal:   qwelp.Signal{Agents: c.agents},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"agent/", "agent"} {
			r := httptest.NewRequest("GET", "/_qwelp/"+path, nil)
			r.Header.Set("Cookie", c.cookie)
			w := httptest.NewRecorder()
			q.Wrap(shop()).ServeHTTP(w, r)
			if body, _ := io.ReadAll(w.Result().Body); w.Code != c.status || !strings.Contains(string(body), c.has) {
				t.Errorf("%s: got %d, %s", name, w.Code, body)
			}
		}
	}
}
