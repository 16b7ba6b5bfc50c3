package middleware

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// TestPagesWhoseScriptNobodyGetsAreLoggedOnce has browsers get pages, and what they lead to or not.
func TestPagesWhoseScriptNobodyGetsAreLoggedOnce(t *testing.T) {
	page := func(r *http.Request) {}
	known := func(r *http.Request) { r.Header.Set("Cookie", "a=b") }
	oneRoute := func(r *http.Request) { r.Pattern = "GET /account" }
	proxied := func(r *http.Request) { r.Header.Set("X-Forwarded-Prefix", "/shop") }
	fetched := func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "empty") }
	for name, c := range map[string]struct {
		pages int
		of    func(r *http.Request)
		then  string // is asked for, 5 s later
		after time.Duration
		logs  string
	}{
		"some pages":                       {9, page, "", time.Hour, ""},
		"more pages":                       {10, page, "", 61 * time.Second, "set Options.PublicPrefix"},
		"and a little later":               {300, page, "", 59 * time.Second, ""},
		"a proxy that says what it strips": {10, proxied, "", 61 * time.Second, "X-Forwarded-Prefix=/shop"},
		"browsers that were here before":   {99, known, "", time.Hour, ""},
		"many of them":                     {100, known, "", time.Hour, "unless all these browsers had the script"},
		"a single route":                   {3, oneRoute, "", 11 * time.Second, "q.Wrap(http.NotFoundHandler())"},
		"what scripts fetch":               {300, fetched, "", time.Hour, ""},
		"the script was asked for":         {300, page, "/_qwelp/current/auto.js", time.Hour, ""},
		"the sender was asked for":         {300, page, "/_qwelp/current/index.js", time.Hour, ""},
		"the socket was asked for":         {300, page, "/_qwelp/signal", time.Hour, ""},
		"the console was asked for":        {300, page, "/_qwelp/agent/", time.Hour, "set Options.PublicPrefix"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log logged
				m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
				h := m.Wrap(pageOf(document))
				ask := func(path string, change func(r *http.Request)) {
					r := httptest.NewRequest("GET", path, nil)
					r.Header.Set("Sec-Fetch-Dest", "document")
					change(r)
					h.ServeHTTP(httptest.NewRecorder(), r)
				}
				for range c.pages {
					ask("/account", c.of)
				}
				time.Sleep(5 * time.Second)
				if c.then != "" {
					ask(c.then, page)
				}
				time.Sleep(c.after - 5*time.Second)
				synctest.Wait()
				for range 3 { // it is said once
					ask("/account", c.of)
					time.Sleep(time.Second)
				}
				if text := log.String(); strings.Count(text, "no request for its script") != len(c.logs)/max(1, len(c.logs)) && c.after > 59*time.Second || !strings.Contains(text, c.logs) {
					t.Errorf("the log is %s", text)
				}
				if err := m.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestAMiddlewareThatIsShutDownLogsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
		for range 20 {
			pageWith(m, httptest.NewRequest("GET", "/", nil))
		}
		if err := m.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		for range 20 {
			pageWith(m, httptest.NewRequest("GET", "/", nil))
		}
		time.Sleep(time.Hour)
		if text := log.String(); text != "" {
			t.Errorf("the log is %s", text)
		}
	})
}
