package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// inTheWay has pages that do something to all that is not theirs.
var inTheWay = pages{
	// A modal dialog that swallows presses outside of it, and fetches the focus back.
	"/trap": `<div id="dialog" role="dialog"><input id="street" aria-label="Street"></div><script>
		const dialog = document.querySelector("#dialog"), outside = ({ target }) => !dialog.contains(target);
		for (const name of ["pointerdown", "mousedown", "mouseup", "pointerup", "touchstart", "click", "keydown"]) document.addEventListener(name, (event) => {
			if (!outside(event)) return;
			event.preventDefault();
			event.stopImmediatePropagation();
			event.cancelBubble = true;
			event.returnValue = false;
		}, { capture: true, passive: false });
		for (const name of ["focusin", "focus"]) document.addEventListener(name, (event) => { if (outside(event)) { event.stopImmediatePropagation(); dialog.firstChild.focus() } }, true);
		document.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !dialog.contains(relatedTarget)) dialog.firstChild.focus() }, true);
		dialog.firstChild.focus();
	</script>`,
	// One that hides everything else from keys, mouse and screen readers, what comes later too.
	"/inert": `<div id="gate" role="dialog"><button>Yes</button></div><script>
		window.runs = 0;
		const all = () => { runs++; for (const e of [...document.body.children, ...document.documentElement.children]) if (!e.contains(gate) && !/^(HEAD|SCRIPT|STYLE)$/.test(e.nodeName)) for (const name of ["inert", "aria-hidden", "hidden"]) e.setAttribute(name, "true") };
		all();
		for (const e of [document.body, document.documentElement]) new MutationObserver(all).observe(e, { childList: true });
	</script>`,
	// One that sets it again whenever it is gone: it has its way, since a fight would cost more.
	"/fight": `<script>
		window.runs = 0;
		const watch = new MutationObserver(() => { const e = document.querySelector("qwelp-support"); if (e && !e.inert) { runs++; e.inert = true; watch.observe(e, { attributes: true }) } });
		watch.observe(document.documentElement, { childList: true, subtree: true });
	</script>`,
	"/inert-body": `<script>document.body.inert = true</script>`,
	"/transform":  `<style>body { min-height: 4000px; transform: translateZ(0) }</style>`,
	"/root":       `<style>html { min-height: 4000px; transform: translateZ(0) }</style>`,
	"/contain":    `<style>html { min-height: 4000px; will-change: transform } body { contain: layout paint; height: 3000px; overflow: hidden; filter: blur(0); container-type: inline-size }</style>`,
	"/clipped":    `<style>html, body { height: 100%; overflow: hidden } body { zoom: 1.5; perspective: 10px; visibility: hidden; pointer-events: none; opacity: .99 }</style>`,
	"/styled":     `<style>* { pointer-events: none !important; visibility: hidden !important } qwelp-support, body > :last-child, html > :last-child { display: none !important; inset: 0 auto auto -999px !important; opacity: 0 !important }</style>`,
	"/frames":     "",
}

func TestTheInterfaceIsUsableWhateverThePageDoes(t *testing.T) {
	t.Parallel()
	site := pages{}
	for path, page := range inTheWay {
		site[path] = `<!doctype html><html lang="en">` + noIcon + `<title>In the way</title><body><h1>In the way</h1>` + page
	}
	site["/frames"] = `<!doctype html><html lang="en"><head>` + noIcon + `<title>Frames</title></head><frameset cols="180,*"><frame src="about:blank"><frame src="about:blank"></frameset>`
	_, s, _ := served(t, middleware.Options{}, site)
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	reachable := func(name string) {
		t.Helper()
		x, y := customer.Middle("button", name)
		if x < 0 || x > 800 || y < 0 || y > 600 {
			t.Errorf("the button %q is at %v, %v", name, x, y)
		}
		if on := browser.Eval[string](customer, fmt.Sprintf(`document.elementFromPoint(%v, %v)?.localName`, x, y)); on != "qwelp-support" {
			t.Errorf("at the button %q is %q", name, on)
		}
	}
	for path := range inTheWay {
		t.Log(path)
		customer.Go(s.customer + path)
		if path == "/fight" {
			if runs := browser.Eval[int](customer, later+`.then(() => runs)`); runs > 10 {
				t.Errorf("the page and the sender have set and removed an attribute %d times", runs)
			}
			continue
		}
		reachable("Get support")
		browser.Eval[any](customer, `scrollTo(0, 1500)`)
		customer.Click("button", "Get support")
		customer.WaitFor("button", "Start session")
		reachable("Start session")
		customer.Screenshot("in-the-way" + strings.ReplaceAll(path, "/", "-"))
		if runs := browser.Eval[int](customer, `window.runs ?? 0`); runs > 50 {
			t.Errorf("on %s the page's observer ran %d times", path, runs)
		}
	}

	// A whole session within a trap, by mouse and by keys.
	customer.Go(s.customer + "/trap")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	customer.Click("button", "Pause sharing")
	customer.WaitFor("button", "Resume sharing")
	if at := browser.Eval[string](customer, later+`.then(() => document.activeElement.localName)`); at != "qwelp-support" {
		t.Errorf("the focus is at %q", at)
	}
	customer.Type(kb.Enter)
	customer.WaitFor("button", "Pause sharing")
	// The next button by Tab.
	customer.Type(kb.Tab + kb.Enter)
	customer.WaitGone("button", "End session")
	unharmed(t, customer)
}

func TestThePageHearsNoPressOfOurs(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": `<!doctype html><html lang="en">` + noIcon + `<title>Menu</title><h1>Menu</h1><input id="field" autofocus>
		<script>window.heard = {}; for (const type of ["pointerdown", "mousedown", "mouseup", "pointerup", "click", "keydown", "focusin", "focusout"]) addEventListener(type, (event) => { if (event.target.localName === "qwelp-support") heard[type] = (heard[type] ?? 0) + 1 }, type !== "click");</script>`})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/?" + url.QueryEscape("a=b"))
	browser.Eval[any](customer, `document.querySelector("#field").focus()`)
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	// The focus is where it was before the first press.
	customer.Wait(`document.activeElement.id === "field"`)
	// What listens at the window since before us hears of all, as of any element.
	browser.Eval[any](customer, `heard = {}`)
	browser.Eval[any](customer, `["pointerdown", "mousedown", "mouseup", "pointerup", "click", "keydown", "focusin", "focusout"].forEach((type) => document.addEventListener(type, ({ target }) => { if (target.localName === "qwelp-support") heard[type + " document"] = 1 }, type !== "click"))`)
	customer.Click("button", "Pause sharing")
	customer.WaitFor("button", "Resume sharing")
	if heard := browser.Eval[map[string]int](customer, `Object.fromEntries(Object.entries(heard).filter(([type]) => type.endsWith("document")))`); len(heard) > 0 {
		t.Errorf("the page has heard %v", heard)
	}
	unharmed(t, customer)
}
