package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// hydrated is a page that React has rendered on a server, and takes over in the browser when a piece of JavaScript calls hydrate.
func hydrated(build, when string) string {
	return strings.NewReplacer("BUILD", build, "WHEN", when).Replace(
		`<!DOCTYPE html><html lang="en"><head><title>Shop</title>` + noIcon + `</head><body><main><h1>Shop</h1><button>0 pieces</button></main>
<script src="/npm/react/umd/react.BUILD.js"></script><script src="/npm/react-dom/umd/react-dom.BUILD.js"></script><script>
	const h = React.createElement;
	function Counter() {
		const [n, set] = React.useState(0);
		return h("button", { onClick: () => set(n + 1) }, n + " pieces");
	}
	const served = document.querySelector("h1");
	const hydrate = () => ReactDOM.hydrateRoot(document, h("html", { lang: "en" },
		h("head", null, h("title", null, "Shop"), h("link", { rel: "icon", href: "data:," })),
		h("body", null, h("main", null, h("h1", null, "Shop"), h(Counter)))));
	WHEN;
</script></body></html>`)
}

// Case 40. React 18.2 renders the whole document anew when it finds what it does not expect.
func TestReactTakesOverTheWholeDocumentUnharmed(t *testing.T) {
	t.Parallel()
	const (
		atOnce      = `hydrate()`
		afterLoad   = `addEventListener("load", () => requestIdleCallback(hydrate))`
		afterButton = `new MutationObserver((_, observer) => { if (document.querySelector("qwelp-support")) { observer.disconnect(); hydrate() } })
			.observe(document, { childList: true, subtree: true })`
	)
	website := pages{
		"/at-once":      hydrated("development", atOnce),
		"/after-load":   hydrated("production.min", afterLoad),
		"/after-button": hydrated("production.min", afterButton),
	}
	module, classic := startSite(t, website), startSite(t, website, "-classic-loader")
	customer := browser.Open(t, 800, 600)
	takesOver := func(url string) {
		t.Helper()
		customer.Go(url)
		customer.Wait(`Object.keys(document).some(key => key.startsWith("__reactContainer")) && document.querySelector("qwelp-support")`)
		customer.Click("button", "0 pieces")
		customer.WaitFor("button", "1 pieces")
		if !browser.Eval[bool](customer, `served.isConnected`) {
			t.Errorf("%s: React has rendered the document anew", url)
		}
		startedOnce(t, customer)
	}
	for _, url := range []string{module.customer + "/at-once", module.customer + "/after-load",
		module.customer + "/after-button", classic.customer + "/after-button"} {
		takesOver(url)
		customer.WaitFor("button", "Get support")
	}
	code := startSession(customer)
	takesOver(classic.customer + "/at-once")
	customer.Until("the same session", func() bool { return sessionCode(customer) == digits(code) })
	customer.Wait(`document.querySelector("qwelp-support").matches("html > :popover-open")`)
	customer.WaitFor("button", "Cancel")
	unharmed(t, customer)
}

// Turbo Drive and hx-boost fetch the next page and put it into this one.
func TestNavigationsWithinAPageKeepTheSession(t *testing.T) {
	t.Parallel()
	website := pages{}
	for name, head := range map[string]string{
		"turbo": `<script src="/npm/@hotwired/turbo/dist/turbo.es2017-umd.js"></script></head><body>`,
		"htmx":  `<script src="/npm/htmx.org/dist/htmx.min.js"></script></head><body hx-boost="true">`,
	} {
		for n := range 3 {
			website[fmt.Sprintf("/%s/%d", name, n)] = fmt.Sprintf(
				`<!doctype html><html><head><title>%[1]s</title>%[2]s<main><h1>%[1]s %[3]d</h1><a href="/%[1]s/%[4]d">Next</a></main></html>`,
				name, noIcon+head, n, (n+1)%3)
		}
	}
	s := startSite(t, website)
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(listSockets)
	for _, name := range []string{"turbo", "htmx"} {
		t.Run(name, func(t *testing.T) {
			customer.Go(s.customer + "/" + name + "/0")
			customer.WaitFor("button", "Get support")
			browser.Eval[any](customer, `window.stays = true`)
			navigate := func(n int) {
				t.Helper()
				customer.Click("link", "Next")
				customer.Wait(fmt.Sprintf(`document.querySelector("h1").textContent === "%s %d" && location.pathname === "/%[1]s/%[2]d"`, name, n))
				startedOnce(t, customer)
			}
			navigate(1)
			customer.Until("one button", func() bool { return len(customer.Texts("button", "Get support")) == 1 })
			join(s, customer, agent, startSession(customer))
			for _, n := range []int{2, 0, 1} {
				navigate(n)
				agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("h1").textContent === "%s %d"`, name, n)))
			}
			customer.Back()
			agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("h1").textContent === "%s 0"`, name)))
			startedOnce(t, customer)
			if got := browser.Eval[[]int](customer, `sockets.map(socket => socket.readyState)`); len(got) != 1 || got[0] != 1 {
				t.Errorf("the WebSockets' states are %v, want one that is open", got)
			}
			if !browser.Eval[bool](customer, `window.stays === true`) {
				t.Error("the page was loaded anew: this shows nothing")
			}
			customer.Click("button", "End session")
			agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "ended") })
		})
	}
	unharmed(t, customer)
}

// startedOnce checks that a page has one sender, and one interface of it.
func startedOnce(t *testing.T, customer *browser.Page) {
	t.Helper()
	customer.Wait(`document.querySelectorAll("qwelp-support").length === 1`)
	if n := browser.Eval[int](customer, `performance.getEntriesByType("resource").filter(e => e.name.endsWith("/auto.js")).length`); n != 1 {
		t.Errorf("the sender was loaded %d times", n)
	}
}

// listSockets keeps all WebSockets of a page in window.sockets.
const listSockets = `window.sockets = [];
	window.WebSocket = class extends WebSocket { constructor(...args) { super(...args); sockets.push(this) } }`
