package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

func TestADoubleClickPressesOneButton(t *testing.T) {
	t.Parallel()
	q, s, _ := served(t, middleware.Options{}, pages{"/": plain})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	twice := func(name string) {
		t.Helper()
		customer.Wait(later) // the button stands still, and nothing was pressed just now
		customer.DoubleClickAt(customer.Middle("button", name))
	}
	x, y := customer.Middle("button", "Get support")
	customer.Move(x, y)
	customer.Wait(`performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/session.js"))`)
	twice("Get support")
	customer.WaitFor("button", "Start session")
	customer.Wait(later)
	if starts := q.Stats().Starts; starts != 0 || !customer.Has("button", "Start session") {
		t.Fatalf("a double click on the support button has started %d sessions", starts)
	}
	twice("Start session")
	var code string
	customer.Until("a code", func() bool { code = digits(strings.Join(customer.Texts("status", ""), "")); return len(code) == 9 })
	enter(s, agent, code)
	customer.WaitFor("button", "Allow")
	twice("Allow")
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	twice("Pause sharing")
	customer.WaitFor("button", "Resume sharing")
	customer.Wait(later)
	if !customer.Has("button", "Resume sharing") {
		t.Errorf("a double click pauses no more: %s", customer.Text())
	}
	// The button that was pressed has the focus. A key that is held is one press.
	customer.Hold('\r', 12)
	customer.WaitFor("button", "Pause sharing")
	customer.Wait(later)
	if !customer.Has("button", "Pause sharing") {
		t.Errorf("a key that was held has pressed more than once: %s", customer.Text())
	}
	customer.Click("button", "End session")
	customer.WaitFor("button", "Start session")
	if stats := q.Stats(); stats.Starts != 1 {
		t.Errorf("%d sessions began, want one", stats.Starts)
	}
	unharmed(t, customer)
}

func TestTheCodeIsCopiedAndItIsTold(t *testing.T) {
	t.Parallel()
	_, s, _ := replicated(t, middleware.Options{}, pages{"/": plain})
	customer := browser.OpenAlone(t, 800, 600)
	// What is told for two seconds is told until the test has them be over.
	customer.BeforeEachPage(open + `{
		const { setTimeout: set, clearTimeout: clear } = window, held = new Map();
		let last = 0;
		window.setTimeout = (act, ms, ...more) => ms === 2000 ? (held.set(--last, act), last) : set(act, ms, ...more);
		window.clearTimeout = id => held.delete(id) || clear(id);
		window.twoSecondsLater = () => { for (const [id, act] of held) held.delete(id), act(); };
	}`)
	customer.Permit("clipboard-read", true)
	customer.Permit("clipboard-write", true)
	customer.Go(s.customer + "/")
	code := startSession(customer)
	told := func() string {
		return browser.Eval[string](customer, `[...document.querySelector("qwelp-support").shadowRoot.querySelectorAll("[aria-live=polite]")].map(({ textContent }) => textContent).join(" ")`)
	}
	copied := func(press, says string) {
		t.Helper()
		customer.Click("button", press)
		customer.WaitFor("button", says)
		if got := told(); !strings.Contains(got, says) {
			t.Errorf("screen readers are told %q, want %q", got, says)
		}
	}
	copied("Copy code", "Copied")
	if got := browser.Eval[string](customer, `navigator.clipboard.readText()`); got != code {
		t.Errorf("the clipboard has %q, want %q", got, code)
	}
	x, y := customer.Middle("button", "Copied")
	customer.Wait(later)
	customer.ClickAt(x, y) // once more before the two seconds are over
	customer.Wait(later)
	if !customer.Has("button", "Copied") {
		t.Error("the second press is not told")
	}
	browser.Eval[any](customer, `twoSecondsLater()`)
	customer.WaitFor("button", "Copy code")
	if got := told(); strings.Contains(got, "Copied") {
		t.Errorf("screen readers are still told %q", got)
	}

	customer.Permit("clipboard-write", false)
	copied("Copy code", "Not copied")
	browser.Eval[any](customer, `twoSecondsLater()`)
	customer.WaitFor("button", "Copy code")
	unharmed(t, customer)
}
