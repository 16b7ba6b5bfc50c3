package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// An agent at work: sees the page as large as it takes, by buttons, keys, wheel and fingers.
func TestAnAgentZooms(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	p.agent.Resize(1280, 720)
	shown := func(want string) {
		t.Helper()
		p.agent.Wait(`Math.round(document.querySelector(".device").getBoundingClientRect().width / 10) + " %" === "` + want + `" && document.querySelector(".facts").textContent.includes("1000 × 700 · ` + want + `")`)
	}
	p.agent.Click("button", "100 %")
	shown("100 %")
	for _, want := range []string{"125 %", "150 %", "200 %", "200 %"} {
		p.agent.Click("button", "Zoom in")
		shown(want)
	}
	p.agent.Screenshot("zoom-200")
	p.agent.Reload()
	p.agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	shown("200 %")
	for _, want := range []string{"150 %", "125 %", "100 %", "75 %", "50 %", "50 %"} {
		p.agent.Click("button", "Zoom out")
		shown(want)
	}
	// By the keys while the focus is there, with the wheel, and with two fingers, which leave what they point at where it is.
	for _, c := range []struct{ key, want string }{{"+", "75 %"}, {"-", "50 %"}, {"1", "100 %"}} {
		p.agent.Type(c.key)
		shown(c.want)
	}
	under := `(() => {
		const box = document.querySelector(".device").getBoundingClientRect();
		return [(700 - box.left) / box.width, (400 - box.top) / box.height].map((part) => part.toFixed(2)).join();
	})()`
	p.agent.Click("button", "Zoom in") // from here on it is larger than the room
	p.agent.Click("button", "Zoom in")
	shown("150 %")
	before := browser.Eval[string](p.agent, under)
	p.agent.WheelWithCtrl(700, 400, -120)
	shown("200 %")
	if after := browser.Eval[string](p.agent, under); after != before {
		t.Errorf("under the pointer is %s of the page, before it was %s", after, before)
	}
	p.agent.WheelWithCtrl(700, 400, 120)
	shown("150 %")
	for range 3 { // as a touchpad tells of it
		p.agent.WheelWithCtrl(700, 400, 17)
	}
	shown("125 %")
	p.agent.Pinch(700, 400, 100, 120, 140)
	shown("150 %")
	p.agent.Pinch(700, 400, 200, 150, 110)
	shown("100 %")
	if scale := browser.Eval[float64](p.agent, `visualViewport.scale * devicePixelRatio`); scale != 1 {
		t.Errorf("the console itself is zoomed: %v", scale)
	}
	p.agent.Click("button", "Full screen")
	p.agent.Wait(`document.fullscreenElement !== null && document.querySelector("[aria-label='Full screen']").ariaPressed === "true"`)
	p.agent.Click("button", "Full screen")
	p.agent.Wait(`document.fullscreenElement === null`)
	p.agent.Click("button", "Fit")
	p.agent.Wait(`document.querySelector(".scroller").scrollWidth <= document.querySelector(".scroller").clientWidth`)
	for _, scheme := range []string{"light", "dark"} {
		p.agent.Media("prefers-color-scheme: " + scheme)
		for _, size := range []struct {
			name          string
			width, height int64
		}{{"1280", 1280, 720}, {"1920", 1920, 1080}} {
			p.agent.Resize(size.width, size.height)
			p.agent.Screenshot("console-" + size.name + "-" + scheme)
		}
	}
	for _, complaint := range p.agent.Complaints() {
		t.Errorf("the browser complains: %s", complaint)
	}
}

// Whoever ends a session has five seconds to take it back, unless the tab is hidden or goes, whose timers may sleep: then it ends at once.
func TestAnAgentEndsASession(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html>` + noIcon + `<title>A page</title><h1>A page</h1>`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1280, 720)
	customer.Go(s.customer + "/")
	agent.Go(s.agent)
	begin := func() {
		t.Helper()
		agent.Fill("Support code", startSession(customer))
		agent.Click("button", "Join")
		allow(customer)
		agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "A page"`))
	}
	ended := func(why string) {
		t.Helper()
		customer.Until("the end "+why, func() bool { return strings.Contains(customer.Text(), "has ended the session") })
		customer.Go(s.customer + "/")
	}
	pending := `document.querySelector(".bar > .ending").hidden === false && getComputedStyle(document.querySelector(".scroller")).visibility === "hidden"`
	seen := `document.querySelector(".bar > .ending").hidden && getComputedStyle(document.querySelector(".scroller")).visibility === "visible"`

	begin()
	x, y := agent.Middle("button", "End session")
	agent.DoubleClickAt(x, y) // is one press
	agent.Wait(pending)
	agent.WaitFor("button", "Join another session") // for the agent it is over
	agent.Screenshot("ending")
	agent.Dark()
	agent.Resize(900, 700)
	agent.Screenshot("ending-narrow-dark")
	agent.Resize(1280, 720)
	agent.Click("button", "Undo: keep the session")
	agent.Wait(seen)
	agent.Hold('\r', 8) // is one press, too
	agent.Wait(pending)
	agent.Click("button", "Undo: keep the session")
	agent.Wait(seen)
	agent.Type("\r") // the focus is back on "End session"
	agent.Wait(pending)
	agent.Type("\x1b")
	agent.Wait(seen)
	if !customer.Has("button", "End session") {
		t.Error("the session does not go on")
	}
	agent.Type("\r")
	agent.Wait(pending)
	agent.Type("\r")
	ended("by a second press")
	agent.Click("button", "Join another session")

	begin()
	agent.Click("button", "End session")
	agent.Wait(pending)
	agent.Reload()
	ended("by a page that goes")
	agent.WaitFor("button", "Join")

	begin()
	agent.Click("button", "End session")
	agent.Wait(pending)
	browser.Eval[any](agent, `Object.defineProperty(document, "hidden", { get: () => true }), document.dispatchEvent(new Event("visibilitychange"))`)
	ended("by a page that is hidden")
	browser.Eval[any](agent, `delete document.hidden`)
	agent.Click("button", "Join another session")

	begin()
	agent.Click("button", "End session")
	agent.Wait(pending)
	customer.Click("button", "End session")
	agent.Until("the customer's end", func() bool { return strings.Contains(agent.Text(), "The customer has ended the session") })
}

// The agent sees that a customer clicks the same place again and again, and since when nothing has happened.
func TestAnAgentSeesThatACustomerIsStuck(t *testing.T) {
	t.Parallel()
	_, s, _ := replicated(t, middleware.Options{}, pages{"/": `<!doctype html>` + noIcon + `<title>A page</title><h1>A page</h1><input aria-label="Text"><p>Nothing happens here</p>`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1280, 720)
	// The agent's clock can go ahead.
	agent.BeforeEachPage(`{ const { now } = Performance.prototype; window.ahead = 0; Performance.prototype.now = function () { return now.call(this) + window.ahead } }`)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "A page"`))
	sign := func(want string) {
		t.Helper()
		agent.Wait(`/` + want + `/.test(document.querySelector(".sign").textContent)`)
	}
	sign("^$")
	for range 5 {
		customer.ClickAt(400, 300)
	}
	sign("^[45] clicks in one place$")
	agent.Screenshot("stuck")
	idle := func() {
		t.Helper()
		agent.Until("that nothing happens any more", func() bool { // of what was done, the last may come late
			return browser.Eval[bool](agent, `/^Idle \d+:\d\d$/.test(document.querySelector(".sign").textContent) || void (window.ahead += 31_000) === true`)
		})
	}
	idle()
	customer.Fill("Text", "x")
	sign("^$")
	idle()
	customer.Move(10, 10)
	sign("^$")
}
