package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// On pages over plain HTTP browsers have neither locks nor encryption for scripts: there is no relay and no key of the console's page, but a data channel.
func TestASessionOverPlainHTTP(t *testing.T) {
	t.Parallel()
	s := *startShop(t, "")
	for _, url := range []*string{&s.customer, &s.agent} {
		*url = strings.Replace(*url, "127.0.0.1", "shop.test", 1)
	}
	p := &tabs{pair{shop: &s, customer: browser.OpenWith(t, 1000, 700, "shop.test"), agent: browser.OpenWith(t, 1280, 900, "shop.test")}, listSockets}
	first := p.customer
	first.BeforeEachPage(p.before)
	first.Go(s.customer + "/")
	if browser.Eval[bool](first, `isSecureContext || "locks" in navigator || crypto.subtle !== undefined`) {
		t.Fatal("the page is secure: this shows nothing")
	}
	p.code = startSession(first)
	join(&s, first, p.agent, p.code)
	p.has(t, first, "/")

	// What the console's page had is gone, and it cannot show that it is another one.
	p.agent.Reload()
	p.follows(t, "/")
	first.Go(s.customer + "/cart")
	p.has(t, first, "/cart")

	second := p.open(t, first, "/live")
	p.has(t, second, "/live")
	p.hasNot(t, first)
	first.Front()
	p.has(t, first, "/cart")

	first.Click("button", "Pause sharing")
	p.agent.Until("the pause", func() bool { return strings.Contains(p.agent.Text(), "paused") })
	first.Click("button", "Resume sharing")
	p.follows(t, "/cart")
	first.Click("button", "End session")
	first.WaitGone("button", "End session")
	p.agent.Until("the end", func() bool { return strings.Contains(p.agent.Text(), "ended") })
	unharmed(t, first)
}
