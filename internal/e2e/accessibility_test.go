package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

func TestWhatPeopleSeeIsAccessible(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	page := func(lang string) string {
		return `<!doctype html><html lang="` + lang + `"><meta name="viewport" content="width=device-width">` + noIcon + `<title>A page</title><main><h1>A page</h1><p>With a text.</p></main>`
	}
	_, s, _ := served(t, middleware.Options{Settings: sender.Settings{ComparisonCode: true}}, pages{"/": page("en"), "/ar": page("ar")})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	// axe does not look into closed shadow roots.
	customer.BeforeEachPage(`{
		const { attachShadow } = Element.prototype;
		Element.prototype.attachShadow = function (init) { return attachShadow.call(this, { ...init, mode: "open" }) };
	}`)
	look := func(p *browser.Page, state string) {
		t.Helper()
		if !browser.Eval[bool](p, `"axe" in window`) {
			browser.Eval[any](p, "(() => {"+string(source)+"})()")
		}
		for _, scheme := range []string{"prefers-color-scheme: light", "prefers-color-scheme: dark", "forced-colors: active"} {
			p.Media(scheme, "prefers-reduced-motion: reduce")
			for _, violation := range browser.Eval[[]string](p, `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"], iframes: false })
				.then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 200) + " " + failureSummary)))`) {
				t.Errorf("%s, %s: %s", state, scheme, violation)
			}
			if wide := browser.Eval[bool](p, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Errorf("%s, %s: it has to be scrolled sideways", state, scheme)
			}
		}
	}
	says := func(text string) {
		t.Helper()
		customer.Until(text, func() bool { return strings.Contains(customer.Text(), text) })
	}

	customer.Resize(320, 640)
	customer.Go(s.customer + "/ar")
	customer.Click("button", "طلب المساعدة")
	says("تبقى كلمات المرور")
	look(customer, "the dialog in Arabic")
	customer.Go(s.customer + "/")
	customer.WaitFor("button", "Get support")
	look(customer, "the button")
	customer.Click("button", "Get support")
	says("The agent sees this website")
	look(customer, "the dialog")
	agent.Go(s.agent)
	agent.WaitFor("button", "Join")
	look(agent, "the console")
	customer.Click("button", "Start session")
	says("Read this code")
	look(customer, "the code")
	code := customer.Texts("status", "")[0]
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	says("wants to see this website")
	look(customer, "consent")
	look(agent, "the console that waits")
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "A page"`))
	says("Comparison code")
	look(customer, "the session")
	look(agent, "the console with a page")
	customer.Click("button", "Minimise")
	look(customer, "the indicator")
	customer.Click("button", "Minimise")
	look(customer, "the smallest indicator")
	customer.Click("button", "Pause sharing")
	look(customer, "the pause, in its smallest")
	agent.Until("the pause", func() bool { return strings.Contains(agent.Text(), "has paused sharing") })
	look(agent, "the console in a pause")
	customer.Click("button", "Show details")
	look(customer, "the pause")
	customer.Screenshot("forced-colours")
	customer.Click("button", "End session")
	says("The session has ended")
	look(customer, "the end")
	agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "Join another session") })
	look(agent, "the console at the end")
}
