package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

func TestTheIndicatorIsWhereTheCustomerWantsItAndNeverInTheWay(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><html lang="en">` + noIcon + `<title>Forms</title><h1>Forms</h1>
		<input aria-label="First"><div style="position: fixed; left: 60%; right: 10px; bottom: 20px"><input aria-label="Under it"></div>`
	_, s, _ := replicated(t, middleware.Options{Settings: sender.Settings{Branding: sender.Branding{Position: sender.TopLeft}}}, pages{"/": page, "/two": page})
	customer, agent := browser.Open(t, 1100, 700), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	if x, y := customer.Middle("button", "Get support"); x > 300 || y > 100 {
		t.Errorf("the button is at %v, %v, want the top left", x, y)
	}
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	lies := func(corner string) {
		t.Helper()
		var x, y float64
		defer func() {
			if t.Failed() {
				t.Logf("it is at %v, %v", x, y)
				customer.Screenshot("not-" + corner)
			}
		}()
		customer.Until("the indicator in the "+corner, func() bool {
			x, y = customer.Middle("button", "Move")
			return strings.Contains(corner, "right") == (x > 700) && strings.Contains(corner, "bottom") == (y > 350)
		})
	}
	lies("top left")
	// By dragging, near to the bottom right: it goes into the corner.
	x, y := customer.Middle("button", "Move")
	customer.Press(x, y)
	for step := 1.0; step <= 4; step++ {
		customer.Move(x+step*110, y+step*130)
	}
	customer.Release(x+440, y+520)
	lies("bottom right")
	customer.Screenshot("dragged")
	customer.Go(s.customer + "/two")
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	lies("bottom right")
	// It makes way for what takes the focus under it, and stays away.
	customer.Fill("First", "x")
	lies("bottom right")
	customer.Type(kb.Tab)
	lies("top right")
	customer.Screenshot("made-way")
	// By keys.
	customer.Click("button", "Minimise")
	customer.Click("button", "Move")
	lies("bottom right") // a press takes it a corner further
	customer.Type(kb.ArrowUp)
	lies("top right")
	customer.Type(kb.ArrowLeft)
	customer.Until("the indicator on the left", func() bool { x, y := customer.Middle("button", "Move"); return x < 550 && y < 350 })
	customer.Screenshot("moved")
	unharmed(t, customer)
}

func TestAFingerMovesTheIndicatorAndThenAKeyDoes(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<meta name="viewport" content="width=device-width"><title>Phone</title><h1>Phone</h1><p style="height: 3000px">Long`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(open)
	customer.Phone(390, 844, 2)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	customer.WaitFor("button", "Move")
	customer.Click("button", "Minimise")
	customer.Wait(later)
	lies := func(corner string) {
		t.Helper()
		customer.Wait(`document.querySelector("qwelp-support").shadowRoot.querySelector(".card").dataset.corner === "` + corner + `"`)
	}
	drag := func(dx, dy float64) {
		t.Helper()
		x, y := customer.Middle("button", "Move")
		customer.Finger([2]float64{x, y}, [2]float64{x + dx/2, y + dy/2}, [2]float64{x + dx, y + dy})
	}
	drag(0, -600)
	lies("top-right")
	drag(-250, 0)
	lies("top-left")
	if y := browser.Eval[float64](customer, `scrollY`); y != 0 {
		t.Errorf("the page was scrolled by %v instead", y)
	}
	customer.Screenshot("moved-by-finger")
	// Whoever goes on by keys moves it as well, though the drag has ended without a click: once around, and on.
	browser.Eval[any](customer, `document.querySelector("qwelp-support").shadowRoot.querySelector(".grip").focus()`)
	customer.Type(kb.Enter)
	lies("top-right")
	customer.Type(kb.Enter)
	lies("bottom-right")
	unharmed(t, customer)
}

func TestTheFocusComesBackFromTheDialog(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Focus</title><h1>Focus</h1><input aria-label="Note" autofocus>`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	focused := func(what string) {
		t.Helper()
		customer.Wait(`document.activeElement.localName === "` + what + `"`)
	}
	// Keyboard only: open, close, open, start.
	customer.WaitFor("button", "Get support")
	customer.Fill("Note", "a")
	customer.Type(kb.Tab + kb.Enter)
	customer.WaitFor("button", "Start session")
	focused("qwelp-support")
	customer.Type(kb.Escape)
	customer.WaitGone("button", "Start session")
	customer.Type(kb.Enter) // the support button has the focus again
	customer.WaitFor("button", "Start session")
	customer.Wait(later) // what comes sooner is a part of the press before
	customer.Type(kb.Tab + kb.Enter)
	var code string
	customer.Until("a code", func() bool {
		for _, text := range customer.Texts("status", "") {
			code = text
		}
		return len(digits(code)) == 9
	})
	browser.Eval[any](customer, `document.querySelector("input").focus()`)
	enter(s, agent, code)
	customer.WaitFor("button", "Allow")
	focused("input") // what happens takes nobody's focus
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	customer.Fill("Note", "b")
	customer.Click("button", "Show details")
	focused("qwelp-support")
	customer.Type(kb.Escape)
	focused("input")
	unharmed(t, customer)
}

func TestTheFocusStaysInTheDialogWhenItMovesBesideTheBody(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": plain})
	customer := browser.Open(t, 800, 600)
	// Browsers without moveBefore can only take the element out and put it in again.
	customer.BeforeEachPage(open + `delete Element.prototype.moveBefore; const { setTimeout: set } = window; window.setTimeout = (act, ms, ...args) => set(act, ms === 3000 ? 6000 : ms, ...args)`)
	customer.Go(s.customer + "/")
	customer.Click("button", "Get support")
	customer.WaitFor("button", "Start session")
	customer.Type(kb.Tab)
	focused := `document.querySelector("qwelp-support").shadowRoot.activeElement?.className`
	customer.Wait(focused + ` === "start"`)
	if where := browser.Eval[string](customer, `document.querySelector("qwelp-support").parentNode.localName`); where != "body" {
		t.Fatalf("it is in the %s already", where)
	}
	customer.Wait(`document.querySelector("qwelp-support").parentNode.localName === "html"`)
	if got := browser.Eval[string](customer, focused); got != "start" {
		t.Errorf("after the move %q has the focus", got)
	}
	unharmed(t, customer)
}

func TestTheTopLayerIsLeftForGood(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Modal</title><h1>Modal</h1><dialog>Sure? <button onclick="this.parentNode.close()">Yes</button></dialog>`})
	customer := browser.Open(t, 800, 600)
	customer.Go(s.customer + "/")
	startSession(customer)
	browser.Eval[any](customer, `document.querySelector("dialog").showModal()`)
	customer.Wait(`document.querySelector("dialog").contains(document.querySelector("qwelp-support"))`)
	customer.Click("button", "Cancel")
	customer.Click("button", "Close")
	customer.Wait(`!document.querySelector("dialog").contains(document.querySelector("qwelp-support"))`)
	browser.Eval[any](customer, `document.querySelector("dialog").close()`)
	customer.WaitFor("button", "Get support")
	// Without a session it stays where it is in the top layer: what the page puts there later is in front of it.
	browser.Eval[any](customer, `(window.raised = 0, document.querySelector("qwelp-support").addEventListener("toggle", () => raised++), document.querySelector("dialog").showModal())`)
	if browser.Eval[bool](customer, later+`.then(() => raised > 0)`) {
		t.Error("the support button has come to the front")
	}
	unharmed(t, customer)
}
