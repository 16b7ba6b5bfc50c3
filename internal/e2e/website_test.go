package e2e

import (
	"flag"
	"net/url"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

var (
	website   = flag.String("website", "", "put examples/proxy in front of the page at this `URL`")
	loginForm = flag.String("login", "", "fill in these `fields` first, by accessible name: name=text&name=text")
)

// Tries a website of yours, and takes its pictures:
//
//	go test -run Website -website http://127.0.0.1:3000/ -artifacts
func TestAWebsiteBehindTheProxyHasSupport(t *testing.T) {
	if *website == "" {
		t.Skip("which website? -website URL")
	}
	u, err := url.Parse(*website)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(u.String(), u.Scheme+"://"+u.Host)
	s := startProxy(t, u.Scheme+"://"+u.Host)
	support(t, s, path)
	t.Logf("the proxy's log:\n%s", s.log)
}

// support has a customer open a page and ask for support, and an agent join. It checks that the page loads without errors and that the agent
// sees it.
func support(t *testing.T, s *shop, path string) *pair {
	t.Helper()
	p := &pair{shop: s, customer: browser.Open(t, 1200, 800), agent: browser.Open(t, 1280, 900)}
	p.customer.Go(s.customer + path)
	if *loginForm != "" {
		fields, err := url.ParseQuery(*loginForm)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range fields {
			p.customer.Fill(name, values[0])
		}
		browser.Eval[any](p.customer, `window.before = true`)
		p.customer.Type("\r")
		p.customer.Wait(`window.before === undefined && document.readyState === "complete"`)
	}
	p.customer.WaitFor("button", "Get support")
	p.customer.Screenshot("button")
	p.code = startSession(p.customer)
	join(s, p.customer, p.agent, p.code)
	p.sameText(t)
	p.agent.Wait(inMirror(`[...doc.images].every(i => i.naturalWidth > 0)`))
	p.agent.Screenshot("agent")
	p.customer.Screenshot("customer")
	unharmed(t, p.customer)
	unharmed(t, p.agent)
	return p
}
