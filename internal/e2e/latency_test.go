package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// BenchmarkLatency measures, between two browsers on this machine, from the customer's event to its effect in the agent's mirror, which is
// looked at every 4 ms. One process's clock is the other's: both count from the epoch.
//
//	go test -run '^$' -bench Latency -benchtime 100x
func BenchmarkLatency(b *testing.B) {
	p := connect(b, "/product/"+product)
	kinds := []struct {
		name string
		act  string // what the customer does in round i
		seen string // when the agent sees it, with i and doc
	}{
		{"text", `document.querySelector("h1").firstChild.data = "round " + i`, `doc.querySelector("h1").textContent === "round " + i`},
		{"insert", `document.querySelector("main").insertAdjacentHTML("beforeend", "<p class=row" + i + ">row</p>")`, `doc.querySelector(".row" + i)`},
		{"attribute", `document.querySelector("main").className = "wrap c" + i`, `doc.querySelector("main").className === "wrap c" + i`},
		{"typing", `(f => { f.value = String(i % 20 + 1); f.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector("#quantity"))`, `doc.querySelector("#quantity").value === String(i % 20 + 1)`},
		{"radio", `(r => r[i % r.length].click())(document.querySelectorAll("input[type=radio]"))`, `(r => r[i % r.length].checked)(doc.querySelectorAll("input[type=radio]"))`},
		{"select", `(s => { s.selectedIndex = i % s.options.length; s.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector("#size"))`, `(s => s.selectedIndex === i % s.options.length)(doc.querySelector("#size"))`},
		{"window scroll", `scrollTo({top: 10 + i % 50, behavior: "instant"})`, `Math.round(doc.defaultView.scrollY) === 10 + i % 50`},
		{"inner scroll", `document.querySelector(".reviews-box").scrollTop = 1 + i % 40`, `Math.round(doc.querySelector(".reviews-box").scrollTop) === 1 + i % 40`},
		{"focus", `document.querySelector(i % 2 ? "#quantity" : "#size").focus()`, `doc.activeElement?.id === (i % 2 ? "quantity" : "size")`},
		{"selection", `getSelection().setBaseAndExtent(document.querySelector("h1").firstChild, 0, document.querySelector("h1").firstChild, 1 + i % 4)`, `doc.getSelection().toString().length === 1 + i % 4`},
	}
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			var times []float64
			for i := 1; b.Loop(); i++ {
				browser.Eval[any](p.agent, fmt.Sprintf(`(() => {
					const i = %d, frame = () => document.querySelector('iframe[title^="Customer"]').contentDocument;
					window.seen = new Promise(resolve => (function look() {
						const doc = frame();
						if (%s) resolve(performance.timeOrigin + performance.now()); else setTimeout(look, 1);
					})());
				})()`, i, kind.seen))
				start := browser.Eval[float64](p.customer, fmt.Sprintf(`new Promise(resolve => setTimeout(() => {
					const i = %d, now = performance.timeOrigin + performance.now();
					%s;
					resolve(now);
				}, %d))`, i, kind.act, 5+i%16))
				times = append(times, browser.Eval[float64](p.agent, `window.seen`)-start)
			}
			slices.Sort(times)
			b.ReportMetric(times[len(times)/2], "p50-ms")
			b.ReportMetric(times[len(times)*99/100], "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkResume measures from the load event of a new page until the agent sees it, in turns between two pages.
//
//	go test -run '^$' -bench Resume -benchtime 20x
func BenchmarkResume(b *testing.B) {
	p := connect(b, "/")
	var times []float64
	for i := 1; b.Loop(); i++ {
		path := []string{"/", "/live"}[i%2]
		browser.Eval[any](p.agent, fmt.Sprintf(`(() => {
			window.seen = new Promise(resolve => (function look() {
				const doc = document.querySelector('iframe[title^="Customer"]').contentDocument;
				if (Boolean(doc.querySelector("#lots tr")) === (%q === "/live")) resolve(performance.timeOrigin + performance.now()); else setTimeout(look, 1);
			})());
		})()`, path))
		p.customer.Go(p.shop.customer + path)
		loaded := browser.Eval[float64](p.customer, `performance.timeOrigin + performance.getEntriesByType("navigation")[0].loadEventEnd`)
		times = append(times, browser.Eval[float64](p.agent, `window.seen`)-loaded)
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "p50-ms")
	b.ReportMetric(times[len(times)-1], "max-ms")
	b.ReportMetric(0, "ns/op")
}
