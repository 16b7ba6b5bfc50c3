package e2e

import (
	"fmt"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// stateOf is the state of a tab's session, or "none".
const stateOf = api + `.then(m => m.QwelpSenderSession.runningSession?.getState().state ?? "none")`

// One session for all tabs of the app: the agent sees the one in front.
func TestTheAgentFollowsTheTabInFront(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"with locks": listSockets, "without locks, as on http": listSockets + `; delete Navigator.prototype.locks`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startShop(t, "")
			p := &tabs{pair{shop: s, customer: browser.OpenAlone(t, 1000, 700), agent: browser.Open(t, 1280, 900)}, before}
			// A test's first page is its browser: without it there are no others.
			p.customer.Go(s.customer + "/")
			first := p.open(t, p.customer, "/")
			p.customer.Go("about:blank")
			first.Front()
			p.code = startSession(first)
			join(s, first, p.agent, p.code)
			p.has(t, first, "/")
			p.walk(t, first)
		})
	}
}

// tabs is a customer with several tabs, and an agent.
type tabs struct {
	pair
	before string // a script that runs before each page's own
}

func (p *tabs) walk(t *testing.T, first *browser.Page) {
	var second *browser.Page
	t.Run("a tab that the page opens takes it over, with what it copied of the storage", func(t *testing.T) {
		second = p.open(t, first, "/cart")
		p.has(t, second, "/cart")
		p.hasNot(t, first)
	})
	t.Run("the first one has it again when it is in front", func(t *testing.T) {
		first.Front()
		p.has(t, first, "/")
		p.hasNot(t, second)
	})
	t.Run("the tab in front keeps it, however fast they take turns", func(t *testing.T) {
		for range 3 {
			second.Front()
			first.Front()
		}
		second.Front()
		p.has(t, second, "/cart")
		p.hasNot(t, first)
	})
	t.Run("it waits when its tab is closed, for the one that is then in front", func(t *testing.T) {
		second.Close()
		first.Front()
		p.has(t, first, "/")
	})
	t.Run("the tab from which a copy is made may be hidden", func(t *testing.T) {
		second = p.open(t, first, "/live")
		p.has(t, second, "/live")
		third := p.open(t, first, "/cart")
		p.has(t, third, "/cart")
		p.hasNot(t, first)
		p.hasNot(t, second)
		third.Close()
		second.Front()
		p.has(t, second, "/live")
	})
	t.Run("a tab behind takes nothing from the one in front, whatever it loads", func(t *testing.T) {
		browser.Eval[any](first, `void (location = "/product/heath-throw")`)
		first.Wait(`document.readyState === "complete" && location.pathname.startsWith("/product/")`)
		browser.Eval[any](first, api+`.then(m => m.checkQwelpSessionAutoStart())`)
		p.has(t, second, "/live")
		if got := browser.Eval[string](first, stateOf); got != "none" {
			t.Errorf("the session of the tab behind is %s", got)
		}
	})
	t.Run("a window beside it takes nothing until it has the focus, and the button brings it back", func(t *testing.T) {
		other := second.Tab() // in a window of its own, so that both are seen
		other.BeforeEachPage(p.before + `; document.hasFocus = () => false`)
		other.Go(p.shop.customer + "/cart")
		if took := browser.Eval[bool](other, api+`.then(m => m.checkQwelpSessionAutoStart()).then(Boolean)`); took {
			t.Error("a page without the focus has taken the session")
		}
		p.has(t, second, "/live")
		browser.Eval[any](other, `(delete document.hasFocus, dispatchEvent(new Event("focus")))`)
		p.has(t, other, "/cart")
		p.hasNot(t, second)
		// For the browser of a test all windows have the focus, so nothing tells the first one that it has it again.
		second.Click("button", "Get support")
		p.has(t, second, "/live")
		p.hasNot(t, other)
		other.Close()
	})
	t.Run("a tab that is frozen loses it, and is quiet when it thaws", func(t *testing.T) {
		second.Freeze()
		first.Front()
		p.has(t, first, "/product/")
		second.Thaw()
		second.Wait(stateOf + `.then(state => state !== "Connected")`)
		p.has(t, first, "/product/")
		second.Front()
		p.has(t, second, "/live")
	})
	t.Run("it survives the crash of its tab", func(t *testing.T) {
		other := second.Tab() // in a process of its own
		other.BeforeEachPage(p.before)
		other.Go(p.shop.customer + "/cart")
		p.has(t, other, "/cart")
		other.Crash()
		first.Front()
		p.has(t, first, "/product/")
	})
	t.Run("after its end every tab starts clean", func(t *testing.T) {
		second = p.open(t, first, "/cart")
		p.has(t, second, "/cart")
		second.Click("button", "End session")
		second.WaitGone("button", "End session")
		first.Front()
		first.WaitFor("button", "Get support")
		if kept := browser.Eval[[]string](first, `Object.keys(localStorage).filter(key => key.startsWith("qwelp"))`); len(kept) > 0 {
			t.Errorf("localStorage still holds %q", kept)
		}
		code := startSession(first)
		first.Reload()
		first.Until("the new session on the next page", func() bool { return sessionCode(first) == digits(code) })
		first.Click("button", "Cancel")
		first.WaitGone("button", "Cancel")
	})
	t.Run("what is kept of a session long ago, or is none, is no session and is not mentioned", func(t *testing.T) {
		for _, kept := range []string{`{"token":"x","code":"123456789","at":1,"left":true}`, `{"token":7}`, "nonsense"} {
			browser.Eval[any](first, fmt.Sprintf(`void (localStorage["qwelp.session " + location.origin + "/_qwelp/"] = %q)`, kept))
			first.Reload()
			first.WaitFor("button", "Get support")
			first.Wait(`!Object.keys(localStorage).some(key => key.startsWith("qwelp"))`)
			if first.Has("button", "Start session") {
				t.Error("the dialog is open")
			}
		}
	})
	t.Run("a session that the server has forgotten is over, and the next one begins as always", func(t *testing.T) {
		browser.Eval[any](first, `void (localStorage["qwelp.session " + location.origin + "/_qwelp/"] = JSON.stringify({token: "x".repeat(43), code: "123456789", at: Date.now(), left: true}))`)
		first.Reload()
		first.Click("button", "Get a new code")
		first.Wait(stateOf + `.then(state => state === "Waiting")`)
	})
	unharmed(t, first)
}

// open has a page open another tab in front of it, which gets a copy of its sessionStorage.
func (p *tabs) open(t *testing.T, from *browser.Page, path string) *browser.Page {
	t.Helper()
	tab := from.Opened(func() { browser.Eval[any](from, `void open("about:blank")`) })
	tab.BeforeEachPage(p.before)
	browser.Eval[any](tab, fmt.Sprintf(`void (location = %q)`, p.shop.customer+path))
	tab.Wait(fmt.Sprintf(`document.readyState === "complete" && location.pathname === %q`, path))
	return tab
}

// has checks that a tab gets the session, shows so, and is what the agent sees.
func (p *tabs) has(t *testing.T, tab *browser.Page, path string) {
	t.Helper()
	p.customer = tab
	tab.Wait(stateOf + `.then(state => state === "Connected")`)
	p.follows(t, path)
	tab.WaitFor("button", "End session")
	if got := sessionCode(tab); got != digits(p.code) {
		t.Errorf("the code is %q, want %q", got, digits(p.code))
	}
}

// hasNot checks that a tab has left the session to another one.
func (p *tabs) hasNot(t *testing.T, tab *browser.Page) {
	t.Helper()
	tab.Wait(stateOf + `.then(state => state === "Idle")`)
	if open := browser.Eval[int](tab, `sockets.filter(socket => socket.readyState === 1).length`); open > 0 {
		t.Errorf("the tab behind has %d open WebSockets", open)
	}
}
