package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// lively is a website that does what websites do.
func lively(t *testing.T) http.Handler {
	page := func(name, more string) string {
		return `<!doctype html><title>` + name + `</title>` + noIcon + `<main><h1>` + name + `</h1>` + more + `</main>`
	}
	elsewhere := httptest.NewServer(pages{"/": page("elsewhere", ""), "/next": page("elsewhere next", "")})
	t.Cleanup(elsewhere.Close)
	mux := http.NewServeMux()
	mux.Handle("/", pages{
		"/":      page("home", `<a href="/blank" target="_blank">Blank</a><a href="/opener" target="_blank" rel="opener">Opener</a>`),
		"/blank": page("blank", ""), "/opener": page("opener", ""), "/login": page("login", ""),
		"/frames": page("frames", `<iframe id="same" src="/inner"></iframe><iframe id="other" src="`+elsewhere.URL+`/"></iframe>`),
		"/inner":  page("inner", ""), "/inner2": page("inner 2", ""),
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Clear-Site-Data", `"cookies", "storage"`)
		http.Redirect(w, r, "/login", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "new", HttpOnly: true, Path: "/"})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	return mux
}

func TestASessionLivesThroughWhatSitesAndBrowsersDo(t *testing.T) {
	t.Parallel()
	s := startSite(t, lively(t))
	p := &tabs{pair{shop: s, customer: browser.OpenAlone(t, 1000, 700), agent: browser.Open(t, 1280, 900)}, listSockets}
	customer := p.customer
	customer.BeforeEachPage(p.before)
	customer.Go(s.customer + "/frames")
	customer.WaitFor("button", "Get support")
	p.code = startSession(customer)
	join(s, customer, p.agent, p.code)
	p.has(t, customer, "/frames")
	alone := func(t *testing.T) {
		t.Helper()
		if got := browser.Eval[[]int](customer, `sockets.map(socket => socket.readyState)`); len(got) != 1 || got[0] != 1 {
			t.Errorf("the WebSockets' states are %v, want one that is open", got)
		}
	}

	step := func(name string, do func(t *testing.T)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			do(t)
			unharmed(t, customer)
		})
	}

	step("frames show no button, and navigate without touching the session", func(t *testing.T) {
		for _, path := range []string{"/inner2", "/inner"} {
			browser.Eval[any](customer, fmt.Sprintf(`void (document.querySelector("#same").src = %q)`, path))
			customer.Wait(fmt.Sprintf(`document.querySelector("#same").contentWindow.location.pathname === %q && document.querySelector("#same").contentDocument.readyState === "complete"`, path))
			browser.Eval[any](customer, `void (document.querySelector("#other").src += "?")`)
			p.agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("#same").contentDocument.querySelector("h1").textContent === %q`, strings.Replace(path[1:], "2", " 2", 1))))
			if browser.Eval[bool](customer, `document.querySelector("#same").contentDocument.querySelector("qwelp-support") !== null`) {
				t.Error("the frame has a button of its own")
			}
		}
		alone(t)
	})
	step("the history API", func(t *testing.T) {
		for n := range 3 {
			browser.Eval[any](customer, fmt.Sprintf(`(history.%sState({}, "", "/frames/%d?q#h"), document.querySelector("h1").textContent = "route %[2]d")`, []string{"push", "replace"}[n%2], n))
			p.follows(t, fmt.Sprintf("/frames/%d", n))
		}
		browser.Eval[any](customer, `(addEventListener("popstate", () => document.querySelector("h1").textContent = "back"), 1)`)
		customer.Back()
		p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "back"`))
		alone(t)
	})
	step("links to new tabs, with and without an opener", func(t *testing.T) {
		customer.Go(s.customer + "/")
		for _, name := range []string{"Blank", "Opener"} {
			p.has(t, customer, "/")
			tab := customer.Opened(func() { customer.Click("link", name) })
			p.has(t, tab, "/"+strings.ToLower(name))
			tab.Close()
			customer.Front()
		}
		p.has(t, customer, "/")
	})
	step("logout, which clears cookies and storage, and login", func(t *testing.T) {
		browser.Eval[any](customer, `localStorage.clear()`)
		customer.Go(s.customer + "/logout")
		p.has(t, customer, "/login")
		browser.Eval[any](customer, `(f => { f.method = "post"; f.action = "/login"; document.body.append(f); f.submit() })(document.createElement("form"))`)
		customer.Wait(`location.pathname === "/"`)
		p.has(t, customer, "/")
	})
	step("a page behind others goes on, and says so", func(t *testing.T) {
		tab := customer.Opened(func() { browser.Eval[any](customer, `void open("about:blank")`) })
		customer.Wait(`document.hidden`)
		browser.Eval[any](customer, `void (document.querySelector("h1").textContent = "while hidden")`)
		p.agent.Until("that another tab is in front", func() bool { return strings.Contains(p.agent.Text(), "in front") })
		tab.Close()
		customer.Front()
		p.follows(t, "/")
		p.agent.Until("that it is not any more", func() bool { return !strings.Contains(p.agent.Text(), "in front") })
	})
	step("a page that cannot be loaded without network, and can again", func(t *testing.T) {
		customer.Offline(true)
		browser.Eval[any](customer, `void (location = "/blank")`)
		customer.Wait(`location.protocol === "chrome-error:"`)
		customer.Offline(false)
		customer.Go(s.customer + "/blank")
		p.has(t, customer, "/blank")
	})
	step("another session in a private window, beside this one", func(t *testing.T) {
		private := customer.Private()
		private.Go(s.customer + "/")
		code := startSession(private)
		private.Go(s.customer + "/blank")
		private.Until("the same session", func() bool { return sessionCode(private) == digits(code) })
		private.Click("button", "Cancel")
		private.WaitGone("button", "Cancel")
		private.Close()
		p.has(t, customer, "/blank")
	})
	// Browsers close the WebSockets of frozen pages, and say so in red.
	t.Run("a page that is frozen behind another one", func(t *testing.T) {
		tab := customer.Opened(func() { browser.Eval[any](customer, `void open("about:blank")`) })
		customer.Freeze()
		tab.Close()
		customer.Thaw()
		customer.Front()
		browser.Eval[any](customer, `void (document.querySelector("h1").textContent = "awake")`)
		p.has(t, customer, "/blank")
		customer.Wait(`sockets.at(-1).readyState === 1`)
	})
}

// Some browsers give a page no storage at all.
func TestWithoutStorageASessionLivesAsLongAsItsPage(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	p := &pair{shop: s, customer: browser.OpenAlone(t, 1000, 700), agent: browser.Open(t, 1280, 900)}
	p.customer.BeforeEachPage(`for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError") } });
		window.warnings = [];
		console.warn = (...words) => warnings.push(words.join(" "))`)
	p.customer.Go(s.customer + "/")
	join(s, p.customer, p.agent, startSession(p.customer))
	p.follows(t, "/")
	p.customer.Wait(`warnings.filter(w => w.includes("keeps nothing")).length === 1`)
	browser.Eval[any](p.customer, `void (document.querySelector("h1").textContent = "goes on")`)
	p.follows(t, "/")
	p.customer.Go(s.customer + "/cart")
	p.customer.WaitFor("button", "Get support")
	startSession(p.customer)
	if errors := p.customer.Errors(); len(errors) > 0 {
		t.Error(strings.Join(errors, "\n"))
	}
}
