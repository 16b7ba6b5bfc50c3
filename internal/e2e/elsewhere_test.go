package e2e

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

// Turbo, htmx and routers put a page in another's place, which keeps its tag: what is private there stays private all the same, and so it
// does in a frame.
func TestAPageThatAScriptPutsInAnothersPlaceIsAsPrivateAsItsRoute(t *testing.T) {
	t.Parallel()
	website := pages{}
	for name, head := range map[string]string{
		"turbo": `<script src="/npm/@hotwired/turbo/dist/turbo.es2017-umd.js"></script></head><body>`,
		"htmx":  `<script src="/npm/htmx.org/dist/htmx.min.js"></script></head><body hx-boost="true">`,
		"router": `</head><body><script>addEventListener("click", async (event) => {
			event.preventDefault();
			const page = await (await fetch(event.target.href)).text();
			history.pushState({}, "", event.target.href);
			document.querySelector("main").innerHTML = page.slice(page.indexOf("<main>") + 6);
		})</script>`,
		"frame": `</head><body>`,
	} {
		page := func(title, more string) string {
			return `<!doctype html><html><head><title>` + title + `</title>` + noIcon + head + `<main><h1>` + title + `</h1>` + more + `</main></html>`
		}
		inner := ""
		if name == "frame" {
			inner = `<iframe src="/account/` + name + `/inner"></iframe>`
		}
		website["/"+name] = page("home of "+name, `<a href="/account/`+name+`">Account</a>`+inner)
		for _, path := range []string{"", "/inner"} {
			website["/account/"+name+path] = page("secret of "+name, `<p class="account">secret balance</p><input value="secret iban" class="`+name+`"><a href="/`+name+`">Home</a>`)
		}
	}
	frames := &written{}
	_, s, _ := replicated(t, middleware.Options{Routes: []middleware.Route{
		{Pattern: "/account/", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate}}},
		{Pattern: "/account/open", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyOpen}}},
	}}, website)
	customer := browser.Open(t, 800, 600)
	ctx, cancel := patience.Context(t.Context(), 2*time.Minute)
	defer cancel()
	customer.Go(s.customer + "/turbo")
	session, err := agent.Join(ctx, s.customer, startSession(customer), agent.Options{Token: token, Name: "Robot", OnFrame: frames.add})
	if err != nil {
		t.Fatal(err)
	}
	defer session.End(ctx)
	allow(customer)
	shows := func(what, text string) {
		t.Helper()
		if err := session.WaitFor(ctx, func(p *agent.Page) bool { return !p.Loading && strings.Contains(p.Text(), text) }); err != nil {
			t.Fatalf("%s: %v; the agent reads\n%s", what, err, session.Page().Text())
		}
	}
	has := func(class string) {
		t.Helper()
		if err := session.WaitFor(ctx, func(p *agent.Page) bool {
			for n := range p.Document.All {
				if n.Attribute("class") == class {
					return true
				}
			}
			return false
		}); err != nil {
			t.Fatalf("nothing of the class %q: %v", class, err)
		}
	}
	for _, name := range []string{"turbo", "htmx", "router"} {
		t.Run(name, func(t *testing.T) {
			customer.Go(s.customer + "/" + name)
			shows("before", "home of "+name)
			browser.Eval[any](customer, `window.stays = true`)
			for range 2 {
				customer.Click("link", "Account")
				customer.Wait(fmt.Sprintf(`location.pathname === "/account/%s" && document.querySelector("h1").textContent.startsWith("secret")`, name))
				has(name) // what is redacted keeps its classes
				browser.Eval[any](customer, `void (document.querySelector("p").textContent = "secret balance, later")`)
				customer.Click("link", "Home")
				shows("back", "home of "+name)
			}
			if !browser.Eval[bool](customer, `window.stays === true`) {
				t.Error("the page was loaded anew: this shows nothing")
			}
		})
	}
	t.Run("frame", func(t *testing.T) {
		customer.Go(s.customer + "/frame")
		shows("around", "home of frame")
		has("account")
	})
	unharmed(t, customer)
	if text, at := frames.around("secret"); at {
		t.Errorf("an agent was sent %q", text)
	}
	if _, at := frames.around("home of"); !at {
		t.Error("nothing was found that must be there: this shows nothing")
	}
}

// written is what was sent.
type written struct {
	mu   sync.Mutex
	data []byte
}

func (w *written) add(data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.data = append(w.data, data...)
}

// around finds a text, and what stands next to it.
func (w *written) around(text string) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := bytes.Index(w.data, []byte(text))
	if i < 0 {
		return "", false
	}
	return string(w.data[max(0, i-40):min(len(w.data), i+60)]), true
}
