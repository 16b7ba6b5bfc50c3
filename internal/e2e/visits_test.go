package e2e

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// visited is an observer that notes the pages of sessions.
type visited struct {
	mu    sync.Mutex
	paths []string
}

func (v *visited) Observe(e signal.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if e.Kind == signal.EventVisited {
		v.paths = append(v.paths, e.Path)
	}
}

func (v *visited) now() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.paths)
}

// The server hears of pages as they load and as they move on by themselves, in browsers with and without the Navigation API, and never what could name somebody.
func TestPagesAreToldWithoutWhatCouldNameSomebody(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"with the Navigation API": "",
		"without it":              `Object.defineProperty(window, "navigation", { value: undefined });`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &visited{}
			page := `<!doctype html>` + noIcon + `<title>A page</title><h1>A page</h1>`
			_, s, _ := served(t, middleware.Options{
				Routes: []middleware.Route{{Pattern: "/health/", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate}}}},
				Signal: signal.Config{Observer: heard},
			}, pages{"/": page, "/users/ada%40example.com/cart": page, "/users/ada@example.com/cart": page, "/health/pregnancy": page})
			customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
			if before != "" {
				customer.BeforeEachPage(before)
			}
			var want []string
			hear := func(path string) {
				t.Helper()
				want = append(want, path)
				customer.Until(path, func() bool { return slices.Equal(heard.now(), want) })
			}
			customer.Go(s.customer + "/?token=secret#secret")
			code := startSession(customer)
			hear("/")
			join(s, customer, agent, code)
			customer.Go(s.customer + "/users/ada@example.com/cart")
			hear("/users/:id/cart")
			browser.Eval[any](customer, `void history.pushState({}, "", "/orders/4711?q=secret")`)
			hear("/orders/:id")
			browser.Eval[any](customer, `void history.replaceState({}, "", "/orders/4712#secret")`) // the same but for what is not told
			browser.Eval[any](customer, `void history.pushState({}, "", "/thanks")`)
			hear("/thanks")
			browser.Eval[any](customer, `void history.back()`)
			hear("/orders/:id")
			customer.Go(s.customer + "/health/pregnancy")
			hear("/:private")
			agent.ClickUntilGone("button", "End session")
			customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "ended the session") })
			browser.Eval[any](customer, `void history.pushState({}, "", "/after")`)
			customer.Go(s.customer + "/")
			if got := heard.now(); !slices.Equal(got, want) {
				t.Errorf("after the session it hears of %q", got[len(want):])
			}
		})
	}
}
