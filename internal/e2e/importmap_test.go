package e2e

import (
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// Cases 29 and 30 of browsers and import maps. Chromium supports several maps on a page; what happens in browsers that do not, the
// loader's order tells: with the classic loader no module is asked for before the map.
func TestImportMapsOfThePageStayInForce(t *testing.T) {
	t.Parallel()
	const (
		start     = `<!doctype html><html><head>` + noIcon
		importMap = `<script type="importmap">{"imports": {"greeting": "data:text/javascript,export const greet = () => { document.title = 'greeted' }"}}</script>`
		bare      = `<script type="module">
			import { greet } from "greeting";
			greet();
		</script>`
	)
	website := pages{
		"/head":      start + importMap + `</head><body>` + bare,
		"/body":      start + `</head><body>` + importMap + bare,
		"/base":      start + `<base href="https://cdn.example/"></head><body>` + importMap + bare,
		"/late-base": start + `</head><body><base href="https://cdn.example/">` + importMap + bare,
	}
	module, classic := startSite(t, website), startSite(t, website, "-classic-loader")
	customer := browser.Open(t, 800, 600)
	for _, c := range []struct {
		name string
		page string
	}{
		{"in the head", module.customer + "/head"},
		{"in the head, with the classic loader", classic.customer + "/head"},
		{"in the body", classic.customer + "/body"},
		{"in the body, with a base elsewhere", classic.customer + "/base"},
		{"in the body, with a base that comes late", classic.customer + "/late-base"},
	} {
		t.Run(c.name, func(t *testing.T) {
			customer.Go(c.page)
			customer.Wait(`document.title === "greeted"`)
			customer.WaitFor("button", "Get support")
		})
	}
	t.Run("no module is asked for before the page is parsed", func(t *testing.T) {
		customer.Go(classic.customer + "/body")
		customer.WaitFor("button", "Get support")
		if !browser.Eval[bool](customer, `performance.getEntriesByType("resource").find(e => e.name.endsWith("/auto.js")).startTime >
			performance.getEntriesByType("navigation")[0].domInteractive`) {
			t.Error("auto.js was asked for before")
		}
	})
	unharmed(t, customer)
}
