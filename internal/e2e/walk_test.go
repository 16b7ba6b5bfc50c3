package e2e

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// The main job, as issue and README tell it, walked by a customer and an agent in two browsers.
func TestACustomerAndAnAgentShareThePage(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	customer, agent := browser.Open(t, 1000, 700), browser.Open(t, 1280, 900)
	p := &pair{shop: s, customer: customer, agent: agent}

	t.Run("the customer gets a code of nine digits, grouped for reading aloud", func(t *testing.T) {
		customer.Go(s.customer + "/")
		p.code = startSession(customer)
		if got := strings.Fields(p.code); len(got) < 3 {
			t.Errorf("the code is shown as %q, want it in groups", p.code)
		}
		customer.Screenshot("code")
	})
	t.Run("a wrong code is refused in plain words", func(t *testing.T) {
		agent.Go(s.agent)
		agent.Screenshot("console")
		agent.Fill("Support code", "000-000-000")
		agent.Click("button", "Join")
		agent.Until("a message about the code", func() bool { return strings.Contains(agent.Text(), "not valid") })
	})
	t.Run("the agent joins with the code, and sees the page", func(t *testing.T) {
		agent.Go(s.agent)
		agent.Fill("Your name", "Ana")
		agent.Fill("Support code", strings.Join(strings.Fields(p.code), "-"))
		agent.Click("button", "Join")
		agent.WaitFor("button", "End session")
		allow(customer)
		agent.Wait(inMirror(`doc.querySelector("main h1, main h2") !== null`))
		p.sameText(t)
	})
	t.Run("the customer sees who has joined", func(t *testing.T) {
		customer.Until("Ana's name", func() bool { return strings.Contains(customer.Text(), "Ana") })
		customer.Screenshot("joined")
		agent.Screenshot("mirror")
	})
	t.Run("images arrive over the link and show", func(t *testing.T) {
		want := browser.Eval[int](customer, `[...document.images].filter(i => i.naturalWidth > 0 && i.getBoundingClientRect().top < innerHeight).length`)
		if want == 0 {
			t.Fatal("the page shows no image")
		}
		agent.Wait(inMirror(fmt.Sprintf(`[...doc.images].filter(i => i.naturalWidth > 0 && i.src.startsWith("blob:")).length >= %d`, want)))
	})
	t.Run("layout is the same, box by box", func(t *testing.T) { p.sameLayout(t) })
	t.Run("the agent follows links, back and reload", func(t *testing.T) {
		browser.Eval[any](customer, `document.querySelector('a[href^="/product/"]').click()`)
		customer.Wait(`location.pathname.startsWith("/product/")`)
		p.follows(t, "/product/")
		customer.Back()
		customer.Wait(`location.pathname === "/"`)
		p.follows(t, "/")
		customer.Reload()
		p.follows(t, "/")
		if got := sessionCode(customer); got != digits(p.code) {
			t.Errorf("the code is %q after three page loads, want %q", got, digits(p.code))
		}
	})
	t.Run("the agent follows a form post and its redirect", func(t *testing.T) {
		customer.Go(s.customer + "/product/" + browser.Eval[string](customer, `document.querySelector('a[href^="/product/"]').pathname.split("/").pop()`))
		p.follows(t, "/product/")
		browser.Eval[any](customer, `document.querySelector('form[action="/cart/add"]').requestSubmit()`)
		customer.Wait(`location.pathname === "/cart"`)
		p.follows(t, "/cart")
	})
	t.Run("the agent ends it, both see so, and the next page starts clean", func(t *testing.T) {
		agent.Click("button", "End session")
		customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
		customer.Screenshot("ended")
		agent.Screenshot("ended-agent")
		customer.Go(s.customer + "/")
		customer.WaitFor("button", "Get support")
		if stored := browser.Eval[*string](customer, `sessionStorage.getItem("qwelp.session")`); stored != nil {
			t.Errorf("sessionStorage still holds %q", *stored)
		}
	})
	for _, page := range []*browser.Page{customer, agent} {
		if errors := page.Errors(); len(errors) > 0 {
			t.Errorf("uncaught exceptions:\n%s", strings.Join(errors, "\n"))
		}
	}
}

func TestTheCustomerEndsTheSession(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	p.customer.Click("button", "End session")
	p.agent.Until("the end", func() bool { return strings.Contains(p.agent.Text(), "ended") })
	p.customer.WaitGone("button", "End session")
	p.customer.Reload()
	p.customer.WaitFor("button", "Get support")
	if p.customer.Has("button", "End session") {
		t.Error("the session goes on after a reload")
	}
}

func TestAConnectedPairOutlivesTheServer(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			p := connect(t, "/live")
			addr := p.addr()
			p.shop.stop(signal)
			browser.Eval[any](p.customer, `document.querySelector("h1").textContent = "While the server is away"`)
			p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "While the server is away"`))
			p.shop = startShop(t, addr)
			p.customer.Until("a new code from the new server", func() bool {
				return len(sessionCode(p.customer)) == 9 && sessionCode(p.customer) != digits(p.code)
			})
			browser.Eval[any](p.customer, `document.querySelector("h1").textContent = "The server is back"`)
			p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "The server is back"`))
			p.customer.Go(p.shop.customer + "/cart")
			p.follows(t, "/cart")
		})
	}
}

// sessionCode is what the browser API tells of the support code.
func sessionCode(customer *browser.Page) string {
	code, _ := browser.TryEval[string](customer, `import("/_qwelp/current/index.js").then(m => m.QwelpSenderSession.runningSession?.getSupportCode() ?? "")`)
	return code
}

// follows waits until the agent sees the page the customer is on.
func (p *pair) follows(t *testing.T, path string) {
	t.Helper()
	if got := browser.Eval[string](p.customer, `location.pathname`); !strings.HasPrefix(got, path) {
		t.Fatalf("the customer is at %s, want %s", got, path)
	}
	p.sameText(t)
}

// visibleText is never empty, so that it tells a page without text from no page.
const visibleText = `(doc => "> " + (doc.querySelector("main") ?? doc.body).innerText.replace(/\s+/g, " ").trim())`

// sameText waits until both sides read alike.
func (p *pair) sameText(t *testing.T) {
	t.Helper()
	p.agent.Until("the customer's text", func() bool {
		want, _ := browser.TryEval[string](p.customer, visibleText+`(document)`)
		got, err := browser.TryEval[string](p.agent, inMirror(visibleText+`(doc)`))
		return err == nil && got == want && got != ""
	})
}

const boxes = `(doc => [...doc.querySelectorAll("main *:not(noscript, script, noembed)")].map(e => { const b = e.getBoundingClientRect(); return [e.hasAttribute("qwelp-form") ? "form" : e.localName, Math.round(b.x), Math.round(b.y), Math.round(b.width), Math.round(b.height)].join(" ") }))`

// sameLayout waits until every element of the page's main part is in the same place on both sides, once transitions have ended.
func (p *pair) sameLayout(t *testing.T) {
	t.Helper()
	var got, want []string
	if browser.Holds(func() bool {
		want = browser.Eval[[]string](p.customer, boxes+`(document)`)
		got = browser.Eval[[]string](p.agent, inMirror(boxes+`(doc)`))
		return slices.Equal(got, want)
	}) {
		return
	}
	t.Errorf("the agent sees %d elements, the customer %d", len(got), len(want))
	shown := 0
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] && shown < 5 {
			shown++
			t.Errorf("element %d: the agent sees %q, the customer %q", i, got[i], want[i])
		}
	}
}
