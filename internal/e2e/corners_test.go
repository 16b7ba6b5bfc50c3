package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

// corners are pages that have controls of their own where the support button is.
var corners = []struct{ name, body string }{
	{"a cookie banner", `<div style="position: fixed; inset: auto 0 0; padding: 12px; background: #eee">We use cookies. <button>Accept all</button> <button style="float: right">Reject</button></div>`},
	{"a chat button", `<button style="position: fixed; right: 20px; bottom: 20px; width: 60px; height: 60px; border-radius: 50%">Chat</button>`},
	{"a sticky bar to buy", `<p style="height: 1500px">Long</p><div style="position: sticky; bottom: 0; background: #fff; padding: 10px"><button style="width: 100%; height: 48px">Pay now</button></div>`},
	{"a navigation at the bottom", `<nav style="position: fixed; inset: auto 0 0; display: flex; background: #ddd">` + strings.Repeat(`<a href="#x" style="flex: 1; padding: 18px 0">Tab</a>`, 5) + `</nav>`},
	{"a floating action button over a navigation", `<nav style="position: fixed; inset: auto 0 0; height: 56px; background: #ddd"><a href="#x">Home</a></nav><button style="position: fixed; right: 16px; bottom: 72px; width: 56px; height: 56px">+</button>`},
	{"a bar in the safe area", `<div style="position: fixed; inset: auto 0 0; padding: 8px 8px max(8px, env(safe-area-inset-bottom)); background: #ddd"><button style="width: 100%">Order</button></div>`},
	{"a banner in a shadow root", `<cookie-banner></cookie-banner><script>document.querySelector("cookie-banner").attachShadow({mode: "open"}).innerHTML = '<div style="position: fixed; inset: auto 0 0; padding: 20px; background: #eee"><button>Accept all</button><button style="float: right">Reject</button></div>'</script>`},
	{"a chat in a frame", `<iframe srcdoc="<button>Chat</button>" style="position: fixed; right: 0; bottom: 0; width: 90px; height: 90px; border: 0"></iframe>`},
	{"links at the end of a long page", `<p style="height: 1500px">Long</p><p style="text-align: right"><a href="#x">Imprint</a></p><p style="text-align: right"><a href="#x">Privacy</a></p>`},
	{"an app that fills the window", `<div style="position: fixed; inset: 0; display: flex; flex-direction: column"><main style="flex: 1; overflow: auto"><p style="height: 2000px">Long</p></main><footer style="text-align: right"><button style="height: 40px">Save</button></footer></div>`},
	{"a banner that comes late", `<style>#late { position: fixed; inset: auto 0 0; padding: 20px; background: #eee; display: none } #late.shown { display: block }</style><div id="late"><button>Accept all</button><button style="float: right">Reject</button></div><script>setTimeout(() => late.className = "shown", 500)</script>`},
	{"something in both corners", `<button style="position: fixed; left: 10px; bottom: 10px; width: 120px; height: 50px">Cookies</button><button style="position: fixed; right: 10px; bottom: 10px; width: 120px; height: 50px">Chat</button>`},
	{"a banner in a closed shadow root", `<cookie-banner></cookie-banner><script>document.querySelector("cookie-banner").attachShadow({mode: "closed"}).innerHTML = '<div style="position: fixed; inset: auto 0 0; padding: 20px; background: #eee"><button>Accept all</button></div>'</script>`},
	{"small buttons side by side", `<div style="position: fixed; right: 0; bottom: 0">` + strings.Repeat(`<button style="width: 14px; height: 14px; margin: 12px; padding: 0">x</button>`, 6) + `</div>`},
	{"a rail along the edge", `<div style="position: fixed; inset: 0 0 0 auto; width: 70px; background: #ddd">` + strings.Repeat(`<button style="display: block; width: 100%; height: 60px">Tool</button>`, 8) + `</div>`},
}

// reachable is JavaScript: the share of each control of the page that a press reaches, the smallest one.
const reachable = `(() => {
	const roots = [document, ...[...document.querySelectorAll("*")].map((e) => e.localName !== "qwelp-support" && e.shadowRoot).filter(Boolean)];
	const controls = roots.flatMap((root) => [...root.querySelectorAll("a, button, input, iframe")]);
	return Math.min(...controls.map((control) => {
		const {left, top, width, height} = control.getBoundingClientRect();
		if (width === 0) return 0;
		let reached = 0;
		for (let i = 0; i < 10; i++) for (let j = 0; j < 10; j++) {
			if (document.elementFromPoint(left + width * (i + .5) / 10, top + height * (j + .5) / 10)?.localName !== "qwelp-support") reached++;
		}
		return reached / 100;
	}));
})()`

func TestTheSupportButtonStepsAside(t *testing.T) {
	t.Parallel()
	site := pages{}
	page := func(body string) string {
		return `<!doctype html><html lang="en">` + noIcon + `<meta name="viewport" content="width=device-width, viewport-fit=cover"><title>Corner</title><body style="margin: 0">` + body + `</body></html>`
	}
	for i, c := range corners {
		site[fmt.Sprintf("/%d", i)] = page(c.body)
	}
	_, s, _ := served(t, middleware.Options{}, site)
	customer := browser.Open(t, 1280, 720)
	customer.BeforeEachPage(open)
	for i, c := range corners {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			customer.For(t)
			customer.Resize(390, 664)
			customer.Go(s.customer + fmt.Sprintf("/%d", i))
			customer.WaitFor("button", "Get support")
			browser.Eval[any](customer, `scrollTo(0, document.documentElement.scrollHeight)`)
			all := func(size string) {
				t.Helper()
				customer.Wait(reachable + ` === 1`)
				customer.Screenshot(size)
				// It stands where it can be pressed.
				customer.Wait(`(() => {
					const {left, top, right, bottom, width} = document.querySelector("qwelp-support").shadowRoot.querySelector(".support").getBoundingClientRect();
					return width >= 24 && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
				})()`)
			}
			all("phone")
			customer.Resize(1280, 720)
			all("desktop")
		})
	}
	unharmed(t, customer)
}

func TestTheCustomerMovesTheSupportButtonAndPutsItAway(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><html lang="en">` + noIcon + `<title>Shop</title><h1>Shop</h1>`
	_, s, _ := served(t, middleware.Options{}, pages{"/": page, "/two": page})
	customer := browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	lies := func(where string, x0, y0, x1, y1 float64) {
		t.Helper()
		customer.Until("the button "+where, func() bool {
			x, y := customer.Middle("button", "Get support")
			return x0 <= x && x <= x1 && y0 <= y && y <= y1
		})
	}
	lies("at the bottom right", 500, 350, 1000, 700)
	// By dragging, which opens nothing.
	x, y := customer.Middle("button", "Get support")
	customer.Move(x, y)
	customer.Wait(`performance.getEntriesByType("resource").some(({name, responseEnd}) => name.endsWith("/aside.js") && responseEnd)`)
	customer.Wait(later)
	customer.Press(x, y)
	customer.Move(x-300, y-200)
	customer.Move(200, 100)
	customer.Release(200, 100)
	lies("at the top left", 0, 0, 500, 350)
	if customer.Has("button", "Start session") {
		t.Error("dragging has opened the dialog")
	}
	// It stays there on the next page, and keys move it.
	customer.Go(s.customer + "/two")
	lies("at the top left", 0, 0, 500, 350)
	customer.Type(kb.Tab)
	customer.Wait(`document.activeElement.localName === "qwelp-support"`)
	customer.Until("the button at the bottom", func() bool {
		customer.Type(kb.ArrowDown)
		_, y := customer.Middle("button", "Get support")
		return y > 350
	})
	// Put away, it is a strip at the edge that still opens the dialog.
	customer.Click("button", "Get support")
	customer.Click("button", "Hide the support button")
	customer.WaitFor("button", "Get support")
	lies("at the left edge", 0, 350, 30, 700)
	customer.Screenshot("away")
	customer.Go(s.customer + "/")
	lies("at the left edge", 0, 350, 30, 700)
	customer.Click("button", "Get support")
	customer.Click("button", "Show the support button")
	customer.Screenshot("back")
	customer.Click("button", "Close")
	lies("back from the edge", 30, 350, 300, 700)
	unharmed(t, customer)
}

func TestThePageBringsItsOwnTrigger(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><html lang="en">` + noIcon + `<title>Shop</title><h1>Shop</h1><a href="/help" data-qwelp-start><b>Look at it with us</b></a>
		<button onclick="import('/_qwelp/current/index.js').then(({startQwelpSession}) => startQwelpSession())">By a call</button>`
	_, s, _ := served(t, middleware.Options{Settings: sender.Settings{Branding: sender.Branding{Button: sender.ButtonNone, Phone: "+44 20 7946 0000"}}}, pages{"/": page})
	customer, agent := browser.Open(t, 1000, 700), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(open)
	customer.Go(s.customer + "/")
	customer.Wait(`document.querySelector("qwelp-support") !== null`)
	if customer.Has("button", "Get support") {
		t.Error("there is a button")
	}
	// Scripts do not press it.
	browser.Eval[any](customer, `(document.body.setAttribute("data-qwelp-start", ""), document.body.click())`)
	customer.Wait(later)
	if customer.Has("button", "Start session") {
		t.Error("a script has opened the dialog")
	}
	for _, trigger := range [][2]string{{"button", "By a call"}, {"link", "Look at it with us"}} {
		customer.Go(s.customer + "/")
		customer.Click(trigger[0], trigger[1])
		customer.WaitFor("button", "Start session")
		customer.WaitFor("link", "+44 20 7946 0000")
		if customer.Has("button", "Hide the support button") {
			t.Error("there is no button to hide")
		}
		if trigger[0] == "button" {
			customer.Click("button", "Close")
			customer.WaitGone("button", "Start session")
		}
	}
	customer.Click("button", "Start session")
	code := supportCode(customer)
	customer.WaitFor("button", "Cancel")
	if number := browser.Eval[string](customer, `document.querySelector("qwelp-support").shadowRoot.querySelector(".phone").href`); number != "tel:+442079460000" {
		t.Errorf("the telephone link leads to %q", number)
	}
	customer.Screenshot("waiting")
	join(s, customer, agent, code)
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	customer.Click("button", "End session")
	customer.WaitFor("button", "Start session")
	customer.Screenshot("ended")
	customer.Click("button", "Done")
	customer.WaitGone("button", "Start session")
	unharmed(t, customer)
}
