package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// onMainThread are the trace events that keep the page waiting.
var onMainThread = map[string]bool{"EvaluateScript": true, "v8.evaluateModule": true, "v8.compileModule": true, "FunctionCall": true, "v8.run": true}

// What a page without a session pays.
func TestAPageWithoutASessionLoadsTheLoaderAndNothingElse(t *testing.T) {
	s := startShop(t, "")
	customer := browser.OpenAlone(t, 1000, 700)
	var longest float64
	var task string
	for range 3 {
		events := customer.Trace("devtools.timeline,v8", func() {
			customer.Go(s.customer + "/")
			customer.WaitFor("button", "Get support")
			browser.Eval[any](customer, `new Promise(resolve => setTimeout(resolve, 300))`)
		})
		longest = 0
		for _, e := range events {
			if onMainThread[e.Name] && strings.Contains(e.Args, "/_qwelp/") && e.Duration > longest {
				longest, task = e.Duration, e.Name
			}
		}
		t.Logf("our longest task: %.1f ms (%s)", longest, task)
	}
	loaded := browser.Eval[[]string](customer, `performance.getEntriesByType("resource").map(e => new URL(e.name).pathname).filter(p => p.startsWith("/_qwelp/"))`)
	if len(loaded) != 1 || !strings.HasSuffix(loaded[0], "/auto.js") {
		t.Errorf("the page loads %q, want auto.js alone", loaded)
	}
	// As browsers ask for it on secure pages: with brotli.
	if size := browser.Eval[int](customer, `performance.getEntriesByType("resource").find(e => e.name.endsWith("/auto.js")).encodedBodySize`); size == 0 || size > 7<<10 {
		t.Errorf("auto.js takes %d bytes, want 7168 at most", size)
	}
	if kept := browser.Eval[[]string](customer, `navigator.locks.query().then(({ held, pending }) => [...held, ...pending].map(({ name }) => "lock " + name)
		.concat(Object.keys(localStorage), Object.keys(sessionStorage)))`); len(kept) > 0 {
		t.Errorf("a page without a session keeps %q", kept)
	}
	if shifts := browser.Eval[[]string](customer, `new Promise(resolve => {
		const shifts = [];
		const place = ({ x, y, width, height }) => [x, y, width, height].join(" ");
		new PerformanceObserver(list => list.getEntries().forEach(e => shifts.push(e.value + ": " + e.sources.map(
			({ node, previousRect, currentRect }) => (node?.outerHTML ?? node?.textContent ?? "?") + " from " + place(previousRect) + " to " + place(currentRect)).join())))
			.observe({type: "layout-shift", buffered: true});
		setTimeout(() => resolve(shifts), 100);
	})`); len(shifts) > 0 {
		t.Errorf("the layout shifts: %s", strings.Join(shifts, "\n"))
	}
	if errors := customer.Errors(); len(errors) > 0 {
		t.Error(strings.Join(errors, "\n"))
	}
}

func TestABrowserThatIsTooOldGetsAButtonThatSaysSo(t *testing.T) {
	s := startShop(t, "")
	customer := browser.Open(t, 1000, 700)
	// Whatever came to the language after ES2020 is not there.
	customer.BeforeEachPage(`delete window.WeakRef; delete Object.hasOwn; delete Array.prototype.at; delete String.prototype.at; delete String.prototype.replaceAll; window.warnings = []; console.warn = (...args) => warnings.push(args.join(" "))`)
	customer.Go(s.customer + "/")
	customer.Wait(`warnings.some(w => w.includes("qwelp"))`)
	customer.Click("button", "Get support")
	customer.Until("what to do", func() bool { return strings.Contains(customer.Text(), "Please use a current version") })
	customer.Screenshot("unsupported")
	warnings, _ := json.Marshal(browser.Eval[[]string](customer, `warnings`))
	t.Logf("warned: %s", warnings)
}
