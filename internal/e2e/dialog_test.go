package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// kinds is JavaScript: it counts the packets that leave over data channels, by their kind.
const kinds = `{
	window.kinds = {};
	const { send } = RTCDataChannel.prototype;
	RTCDataChannel.prototype.send = function (data) { const kind = new Uint8Array(data)[0]; kinds[kind] = (kinds[kind] ?? 0) + 1; return send.call(this, data) };
}`

// open is JavaScript: the sender's shadow root is open, so that a test can look into it.
const open = `{
	const { attachShadow } = Element.prototype;
	Element.prototype.attachShadow = function (init) { return attachShadow.call(this, { ...init, mode: "open" }) };
}`

// plain is a page with nothing on it.
const plain = `<!doctype html><html lang="en">` + noIcon + `<title>Plain</title><h1>Plain</h1>`

// later is JavaScript: it is true when half a second is over, in which what was pressed has done what it does.
const later = `new Promise(resolve => setTimeout(() => resolve(true), 500))`

func TestNothingIsSentWhileTheCustomerHasPaused(t *testing.T) {
	t.Parallel()
	page := func(title string) string {
		return `<!doctype html><html lang="en">` + noIcon + `<title>` + title + `</title><h1>` + title + `</h1><input aria-label="Note">`
	}
	q, s, _ := served(t, middleware.Options{}, pages{"/": page("One"), "/two": page("Two"), "/three": page("Three")})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(kinds)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "One"`))
	customer.Until("the data channel", func() bool { return q.Stats().ChannelLinks == 1 })

	customer.Click("button", "Pause sharing")
	paused := func() bool { return strings.Contains(agent.Text(), "has paused sharing") }
	agent.Until("that it is paused", paused)
	agent.Screenshot("paused-agent")
	still := func(title string) {
		t.Helper()
		browser.Eval[any](customer, `window.kinds = {}`)
		customer.Fill("Note", "a secret")
		browser.Eval[any](customer, `document.querySelector("h1").textContent += " changed"`)
		customer.Move(100, 200)
		// What would be sent would have left by now: capture sends with every frame, and looks for what no event tells each 50 ms.
		browser.Eval[any](customer, `new Promise(resolve => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 300))`)
		if sent := browser.Eval[map[string]int](customer, `kinds`); sent["0"]+sent["1"]+sent["2"]+sent["4"] > 0 {
			t.Errorf("on page %s packets left of these kinds: %v", title, sent)
		}
		if agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "One"`)); !paused() {
			t.Errorf("on page %s the agent is not told of the pause", title)
		}
	}
	still("One")
	customer.Go(s.customer + "/two")
	customer.WaitFor("button", "Resume sharing")
	customer.Until("the data channel", func() bool { return q.Stats().ChannelLinks == 1 })
	agent.Until("that it is paused", paused)
	still("Two")
	agent.Reload() // an agent who asks for a new picture gets none
	agent.Until("that it is paused", paused)
	if shown := browser.Eval[bool](agent, inMirror(`doc.querySelector("h1") !== null`)+` === true`); shown {
		t.Error("the agent gets a new picture while the customer has paused")
	}

	customer.Click("button", "Resume sharing")
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Two changed"`))
	agent.Until("that it is live", func() bool { return strings.Contains(agent.Text(), "Live") && !paused() })
	customer.Go(s.customer + "/three")
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Three"`))
	unharmed(t, customer)
}

func TestACodeThatNobodyTakesIsReplaced(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{Signal: signal.Config{CodeLifetime: 1500 * time.Millisecond}}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Codes</title>`})
	customer := browser.Open(t, 800, 600)
	// A busy machine looks too late: the page itself notes what it says.
	customer.BeforeEachPage(`{
		window.said = [], window.clocks = [];
		const { attachShadow } = Element.prototype;
		Element.prototype.attachShadow = function (init) {
			const root = attachShadow.call(this, init);
			new MutationObserver(() => clocks.push(root.querySelector(".clock")?.textContent)).observe(root, { childList: true, characterData: true, subtree: true });
			return root;
		};
	}`)
	customer.Go(s.customer + "/")
	browser.Eval[any](customer, `import("/_qwelp/current/index.js").then(m => {
		const session = m.startQwelpSession();
		session.addEventListener("start", () => said.push("start"));
		session.addEventListener("stop", () => said.push("stop"));
		session.addEventListener("signallerState", ({ code }) => code && said.push(code));
	})`)
	first := digits(startSession(customer))
	customer.Wait(`clocks.some(text => text?.includes("Valid for 0:0"))`)
	customer.Wait(`new Set(said.filter(s => s.length === 9)).size === 3`)
	customer.WaitFor("button", "Get a new code")
	customer.Until("why", func() bool { return strings.Contains(customer.Text(), "The support code has expired.") })
	if said := browser.Eval[[]string](customer, `[...new Set(said)]`); len(said) != 5 || said[0] != "start" || !slices.Contains(said[1:4], first) || said[4] != "stop" {
		t.Errorf("the page was told %q, want a start, three codes, an end", said)
	}
	if n := browser.Eval[int](customer, `said.filter(s => s === "start").length`); n != 1 {
		t.Errorf("it was told of %d starts, want one", n)
	}
	customer.Click("button", "Get a new code")
	customer.Wait(`new Set(said.filter(s => s.length === 9)).size >= 4`)
	unharmed(t, customer)
}

func TestWhatGoesWrongIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	page := pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Trouble</title><h1>Trouble</h1>`}
	says := func(p *browser.Page, text string) {
		t.Helper()
		p.Until(text, func() bool { return strings.Contains(p.Text(), text) })
	}
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(`{ const { now } = Date; window.later = 0; Date.now = () => now() + later }`)
	t.Run("without WebRTC the relay carries the session", func(t *testing.T) {
		_, s, _ := served(t, middleware.Options{}, page)
		customer.BeforeEachPage(`delete window.RTCPeerConnection`)
		customer.Go(s.customer + "/")
		join(s, customer, agent, startSession(customer))
		agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
		says(agent, "Relayed")
		customer.Click("button", "End session")
	})
	t.Run("without WebRTC and relay the customer learns what may help", func(t *testing.T) {
		_, s, _ := served(t, middleware.Options{Signal: signal.Config{Relay: signal.RelayNever}}, page)
		customer.Go(s.customer + "/")
		enter(s, agent, startSession(customer))
		customer.WaitFor("button", "Allow")
		browser.Eval[any](customer, `later = 16_000`) // the customer takes time to answer, which is no trouble
		allow(customer)
		says(customer, "is joining")
		if strings.Contains(customer.Text(), "try another network") {
			t.Error("the customer's own time is taken for trouble")
		}
		browser.Eval[any](customer, `later = 33_000`)
		says(customer, "try another network")
		customer.Screenshot("blocked")
		customer.Click("button", "End session")
	})
	t.Run("without a network, and without a server", func(t *testing.T) {
		s := startShop(t, "")
		customer.Go(s.customer + "/")
		startSession(customer)
		browser.Eval[any](customer, `Object.defineProperty(navigator, "onLine", { get: () => window.online !== false, configurable: true })`)
		addr := s.addr()
		s.cmd.Process.Kill()
		says(customer, "can’t be reached at the moment")
		customer.Screenshot("server-gone")
		browser.Eval[any](customer, `(window.online = false, dispatchEvent(new Event("offline")))`)
		says(customer, "You are offline.")
		customer.Screenshot("offline")
		back := startShop(t, addr)
		browser.Eval[any](customer, `(window.online = true, dispatchEvent(new Event("online")))`)
		says(customer, "Waiting for the agent to join.")
		code := customer.Texts("status", "")
		join(back, customer, agent, code[len(code)-1])
		agent.Wait(inMirror(`doc.querySelector("main") !== null`))
		customer.Click("button", "End session")
	})
}

func TestBrandingFollowsTheRouteWithinASession(t *testing.T) {
	t.Parallel()
	page := func(title string) string {
		return `<!doctype html><html lang="en">` + noIcon + `<title>` + title + `</title><h1>` + title + `</h1>`
	}
	plain := sender.Branding{PrimaryColor: "#0b57d0", SecondaryColor: "#ffd700", LogoURL: "/_qwelp/none.svg", DialogTitle: "Ask Larch", SupportMessage: "Call 0800 123."}
	pro := sender.Branding{
		PrimaryColor: "gold", DialogTitle: "Pro desk", Position: sender.TopRight, CornerRadius: "0", Font: `"Liberation Serif", serif`, ZIndex: 7,
		Texts: sender.Texts{Viewing: "{agents} is with you", Pause: "Hold"},
	}
	_, s, _ := served(t, middleware.Options{
		Settings: sender.Settings{Branding: plain}, Routes: []middleware.Route{{Pattern: "/pro/", Settings: sender.Settings{Branding: pro}}},
	}, pages{"/": page("Plain"), "/pro/": page("Pro")})
	customer, agent := browser.Open(t, 1000, 700), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(open)
	style := func(selector, property string) string {
		return browser.Eval[string](customer, `getComputedStyle(document.querySelector("qwelp-support")`+selector+`).`+property)
	}
	within := func(selector, property string) string {
		return style(`.shadowRoot.querySelector("`+selector+`")`, property)
	}
	looks := func(what string, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %s, want %s", what, got, want)
		}
	}
	customer.Go(s.customer + "/")
	looks("the button", within(".support", "backgroundColor"), "rgb(11, 87, 208)")
	customer.Click("button", "Ask Larch")
	customer.Until("the app's message", func() bool { return strings.Contains(customer.Text(), "Call 0800 123.") })
	looks("the head", within(".head", "backgroundColor"), "rgb(255, 215, 0)")
	looks("the text on it", within(".title", "color"), "rgb(0, 0, 0)")
	card := func(scheme, want string) {
		t.Helper()
		browser.Eval[any](customer, `document.documentElement.style.colorScheme = "`+scheme+`"`)
		customer.Media("prefers-color-scheme: light")
		customer.Until("a light card", func() bool { return within(".card", "backgroundColor") == "rgb(255, 255, 255)" })
		customer.Dark()
		customer.Until("the card for "+scheme, func() bool { return within(".card", "backgroundColor") == want })
	}
	card("light dark", "rgb(29, 32, 37)")
	card("only light", "rgb(255, 255, 255)")
	browser.Eval[any](customer, `document.documentElement.removeAttribute("style")`)
	customer.Click("button", "Start session")
	var code string
	customer.Until("a code", func() bool { code = strings.Join(customer.Texts("status", ""), ""); return len(digits(code)) == 9 })
	join(s, customer, agent, code)
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Plain"`))
	looks("the frame", within(".frame", "borderTopColor"), "rgb(11, 87, 208)")

	customer.Go(s.customer + "/pro/")
	customer.WaitFor("button", "Hold")
	customer.Until("the app's words", func() bool { return strings.Contains(customer.Text(), "is with you") })
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Pro"`))
	customer.Screenshot("pro")
	looks("the frame of the route", within(".frame", "borderTopColor"), "rgb(255, 215, 0)")
	looks("the radius of the route", within(".card", "borderTopLeftRadius"), "0px")
	looks("the font of the route", within(".words", "fontFamily"), `"Liberation Serif", serif`)
	looks("the layer of the route", style("", "zIndex"), "7")
	if x, y := customer.Middle("button", "Move"); x < 500 || y > 200 {
		t.Errorf("the indicator is at %v, %v, want the top right", x, y)
	}
	// A page without navigation does the same by the API.
	browser.Eval[any](customer, `import("/_qwelp/current/index.js").then(m => m.startQwelpSession({ branding: { primaryColor: "#b00020", texts: { pause: "Stop looking" }, font: "x;}" } }))`)
	customer.WaitFor("button", "Stop looking")
	looks("the frame of the call", within(".frame", "borderTopColor"), "rgb(176, 0, 32)")
	looks("the font after a bad one", within(".words", "fontFamily"), `"Liberation Serif", serif`)
	customer.Click("button", "End session")
}

func TestNoScriptPressesAnythingOfTheDialog(t *testing.T) {
	t.Parallel()
	q, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Script</title><h1>Script</h1>`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(open + `
		window.pressAll = () => {
			for (const button of document.querySelector("qwelp-support").shadowRoot.querySelectorAll("button")) {
				button.click();
				for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) button.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, detail: 1 }));
				for (const key of ["Enter", " "]) for (const type of ["keydown", "keyup"]) button.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true }));
			}
			return new Promise(resolve => setTimeout(resolve, 700)).then(() => document.querySelector("qwelp-support").shadowRoot.querySelector(".card")?.dataset.size);
		}`)
	customer.Go(s.customer + "/")
	customer.WaitFor("button", "Get support")
	if size := browser.Eval[string](customer, `pressAll().then(size => size ?? "")`); size != "" {
		t.Errorf("a script has opened the dialog: it is %s", size)
	}
	code := startSession(customer)
	if sessions := q.Stats().Starts; sessions != 1 {
		t.Errorf("%d sessions began, want one", sessions)
	}
	browser.Eval[any](customer, `pressAll()`)
	enter(s, agent, code)
	customer.WaitFor("button", "Allow")
	browser.Eval[any](customer, `pressAll()`)
	if stats := q.Stats(); stats.Packets+stats.Messages > 0 || !customer.Has("button", "Allow") {
		t.Errorf("a script has answered for the customer: %+v", stats)
	}
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	browser.Eval[any](customer, `pressAll()`)
	if !customer.Has("button", "Pause sharing") || !customer.Has("button", "End session") {
		t.Errorf("a script has paused or ended the session: %s", customer.Text())
	}
	if size := browser.Eval[string](customer, `document.querySelector("qwelp-support").shadowRoot.querySelector(".card").dataset.size`); size != "bar" {
		t.Errorf("a script has made the indicator %s", size)
	}
}
