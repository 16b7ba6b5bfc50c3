package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

// TestWhatChiHasAroundIt mounts the middleware in the ways of chi, within chi's middlewares that redirect, strip slashes and forbid caches.
func TestWhatChiHasAroundIt(t *testing.T) {
	pages := func(r chi.Router) {
		for _, path := range []string{"/", "/orders/{id}"} {
			r.Get(path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, "<!doctype html><title>x</title>")
			})
		}
	}
	for name, c := range map[string]struct {
		app  func(q *middleware.Middleware) http.Handler
		page string
		logs string // instead of a button
	}{
		"RedirectSlashes": {func(q *middleware.Middleware) http.Handler {
			r := chi.NewRouter()
			r.Use(chimiddleware.RedirectSlashes, q.Wrap)
			pages(r)
			return r
		}, "/orders/7", ""},
		"StripSlashes": {func(q *middleware.Middleware) http.Handler {
			r := chi.NewRouter()
			r.Use(chimiddleware.StripSlashes, q.Wrap)
			pages(r)
			return r
		}, "/orders/7", ""},
		"Mount": {func(q *middleware.Middleware) http.Handler {
			sub, r := chi.NewRouter(), chi.NewRouter()
			sub.Use(q.Wrap)
			pages(sub)
			r.Mount("/app", sub)
			return r
		}, "/app/orders/7", ""},
		"Route below Route": {func(q *middleware.Middleware) http.Handler {
			r := chi.NewRouter()
			r.Route("/{tenant}", func(r chi.Router) {
				r.Route("/shop", func(r chi.Router) {
					r.Use(q.Wrap)
					pages(r)
				})
			})
			return r
		}, "/acme/shop/orders/7", ""},
		"Mount below RedirectSlashes": {func(q *middleware.Middleware) http.Handler {
			sub, r := chi.NewRouter(), chi.NewRouter()
			r.Use(chimiddleware.RedirectSlashes)
			sub.Use(q.Wrap)
			pages(sub)
			r.Mount("/app", sub)
			return r
		}, "/app/orders/7", ""},
		"NoCache": {func(q *middleware.Middleware) http.Handler {
			r := chi.NewRouter()
			r.Use(chimiddleware.NoCache, q.Wrap)
			pages(r)
			return r
		}, "/orders/7", "no-transform"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			q, err := middleware.New(middleware.Options{Signal: signal.Config{Agents: signal.AgentToken("0123456789abcdef")}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(c.app(q))
			defer server.Close()
			_, page := get(t, server.URL+c.page, "identity")
			found := regexp.MustCompile(`src="([^"]*/_qwelp/)[^"]*"`).FindStringSubmatch(page)
			if c.logs != "" {
				if found != nil || strings.Count(log.String(), c.logs) != 1 {
					t.Errorf("got %s; the log is %s", page, log.String())
				}
				return
			}
			if found == nil {
				t.Fatalf("got %s", page)
			}
			for _, path := range []string{"current/index.js", "healthz"} {
				if res, _ := get(t, server.URL+found[1]+path, "identity"); res.StatusCode != http.StatusOK {
					t.Errorf("%s%s: %d", found[1], path, res.StatusCode)
				}
			}
			for _, path := range []string{"agent", "agent/", "agent/history"} {
				if res, body := get(t, server.URL+found[1]+path, "identity"); res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "Agent token") {
					t.Errorf("%s%s: %d, %s", found[1], path, res.StatusCode, body)
				}
			}
		})
	}
}
