package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// What a page of the back/forward cache has to do with a session, and that it gets there.
func TestThePagesOfTheBackForwardCache(t *testing.T) {
	t.Parallel()
	page := func(name, more string) string {
		return `<!doctype html><title>` + name + `</title>` + noIcon + `<main><h1>` + name + `</h1>` + more + `</main>`
	}
	s := startSite(t, pages{"/a": page("a", ""), "/b": page("b", ""), "/plain": page("plain", "")})
	p := &pair{shop: s, customer: browser.OpenAlone(t, 1000, 700), agent: browser.Open(t, 1280, 900)}
	customer := p.customer
	customer.Uncached()
	back := func(path string) {
		t.Helper()
		customer.Back()
		customer.Wait(`location.pathname === "` + path + `" && document.readyState === "complete"`)
		if !browser.Eval[bool](customer, `window.kept === true`) {
			t.Errorf("%s was loaded anew: %s", path, browser.Eval[string](customer, `JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons)`))
		}
	}
	t.Run("a page without a session gets there", func(t *testing.T) {
		customer.Go(s.customer + "/a")
		customer.WaitFor("button", "Get support")
		browser.Eval[any](customer, `void (window.kept = true)`)
		customer.Go(s.customer + "/b")
		back("/a")
	})
	t.Run("one with a session too, and takes it up when it is back", func(t *testing.T) {
		join(s, customer, p.agent, startSession(customer))
		p.follows(t, "/a")
		customer.Go(s.customer + "/b")
		p.follows(t, "/b")
		back("/a")
		p.follows(t, "/a")
		customer.WaitFor("button", "End session")
	})
	t.Run("one whose session has ended meanwhile says so", func(t *testing.T) {
		customer.Go(s.customer + "/b")
		p.follows(t, "/b")
		customer.Click("button", "End session")
		customer.WaitGone("button", "End session")
		back("/a")
		customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "The session has ended") })
		p.agent.Until("the end", func() bool { return strings.Contains(p.agent.Text(), "ended") })
	})
	unharmed(t, customer)
}
