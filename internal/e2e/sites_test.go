package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

var identitySecret = []byte(strings.Repeat("s", 32))

// identity is a JSON Web Token by which a site says who its customer is.
func identity(name string) string {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(fmt.Appendf(nil, `{"name":%q,"exp":%d}`, name, time.Now().Unix()+600))
	mac := hmac.New(sha256.New, identitySecret)
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// elsewhere serves pages that know nothing of us but what they say. "{hub}" in them stands for where the hub is.
func elsewhere(t *testing.T, hub func() string, site pages) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if policy := r.URL.Query().Get("policy"); policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		_, _ = io.WriteString(w, strings.NewReplacer("{hub}", hub(), "{token}", identity("Ada of the site"), "{later}", identity("Ada of page two")).Replace(site[r.URL.Path]))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The page of the getting-started, on a site that has nothing but files: a session over two pages, with data of any keys, in each browser.
func TestPagesOfAnotherSiteHaveSupport(t *testing.T) {
	t.Parallel()
	head := `<!doctype html><html lang="en"><head><meta charset="utf-8">` + noIcon + `<script>` + open + complain + `</script><title>%[1]s</title></head><body><h1>%[1]s</h1>`
	site := pages{
		"/": fmt.Sprintf(head, "One") + `<a href="/two">Next</a><script type="module">
			import { checkQwelpSessionAutoStart, startQwelpSession } from "{hub}/_qwelp/current/index.js";
			const settings = { identity: async () => "{token}", branding: { dialogTitle: "Ask us" }, metaData: { "customer number": 4711, "Straße": "Hauptstraße 1", "顧客": "佐藤", "a.b": [1, {"": null}], "__proto__x": "y", "😀": true } };
			await checkQwelpSessionAutoStart(settings);
			startQwelpSession(settings);
		</script></body></html>`,
		"/two": fmt.Sprintf(head, "Two") + `<script type="module" src="{hub}/_qwelp/current/auto.js" data-qwelp-settings='{"branding": {"dialogTitle": "Ask us"}}'></script><script type="module">
			import { startQwelpSession } from "{hub}/_qwelp/current/index.js";
			startQwelpSession({ identity: () => fetch("/token").then((answer) => answer.text()) }); // and nothing else that agents are told
		</script></body></html>`,
		"/token": "{later}\n",
	}
	inBrowsers(t, func(t *testing.T, name string) {
		var hub string
		origin := elsewhere(t, func() string { return hub }, site)
		_, s, _ := replicated(t, middleware.Options{Sites: []string{origin}, Signal: signal.Config{IdentitySecret: identitySecret}}, http.NotFoundHandler())
		hub = s.customer
		sides := &caseSides{name: name, shop: s}
		sides.openPages(t)
		customer, agent := sides.customer, sides.agent
		customer.Go(origin + "/")
		customer.Click("button", "Ask us")
		customer.Click("button", "Start session")
		join(s, customer, agent, supportCode(customer))
		agent.Wait(inMirror(heading("One")))
		if name == "chromium" {
			knows := func(texts ...string) {
				for _, text := range texts {
					agent.Wait(fmt.Sprintf(`document.querySelector("#details dl").textContent.includes(%q)`, text)) // whether the list is open or not
				}
			}
			knows("name✓ verifiedAda of the site", "customer numberunverified4711", "Hauptstraße 1", "佐藤")
			agent.Screenshot("agent")
			customer.Screenshot("customer")
		}
		customer.Click("link", "Next")
		agent.Wait(inMirror(heading("Two")))
		if name == "chromium" {
			agent.Wait(`document.querySelector("#details dl").textContent.includes("name✓ verifiedAda of page two")`)
		}
		customer.Click("button", "End session")
		calm(t, customer)
	}, "chromium", "firefox", "webkit")
}

func TestAPolicyThatForbidsAnotherSiteIsNamed(t *testing.T) {
	t.Parallel()
	var hub string
	origin := elsewhere(t, func() string { return hub }, pages{"/": `<!doctype html>` + noIcon + `<title>Strict</title><h1>Strict</h1><script type="module" src="{hub}/_qwelp/current/auto.js" data-qwelp-settings="{}"></script>`})
	_, s, _ := served(t, middleware.Options{Sites: []string{origin}}, http.NotFoundHandler())
	hub = s.customer
	customer := browser.Open(t, 800, 600)
	customer.BeforeEachPage(`window.warnings = []; console.warn = (...args) => warnings.push(args.join(" "))`)
	customer.Go(origin + "/?policy=" + "script-src%20" + hub + "%3Bconnect-src%20'self'")
	customer.Click("button", "Get support")
	customer.Click("button", "Start session")
	customer.Wait(`warnings.some((text) => text.includes("Add ` + hub + ` ws` + strings.TrimPrefix(hub, "http") + ` to its connect-src"))`)
	// Whoever is not named gets the script, however what makes the page writes the tag, and no session.
	other := elsewhere(t, func() string { return hub }, pages{"/": `<!doctype html>` + noIcon + `<title>Other</title><script type="module" src="{hub}/_qwelp/current/auto.js?ver=6.4"></script>`})
	customer.Go(other + "/")
	customer.Click("button", "Get support")
	customer.Click("button", "Start session")
	customer.Until("that there is no session", func() bool { return strings.Contains(customer.Text(), "support service") })
}
