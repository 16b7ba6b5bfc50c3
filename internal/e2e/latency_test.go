package e2e

import (
	"fmt"
	"slices"
	"strings"
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
					const i = %d, frame = () => `+browser.Mirrored+`;
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
				times = append(times, browser.Eval[float64](p.agent, inMirror(`window.seen`))-start)
			}
			slices.Sort(times)
			b.ReportMetric(times[len(times)/2], "p50-ms")
			b.ReportMetric(times[len(times)*99/100], "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkResume measures, in turns between two pages, from the load event of a new page until the agent sees it; and from when our script
// runs, which loads session.js first, until the first frame leaves ("frames").
//
//	go test -run '^$' -bench Resume -benchtime 20x
func BenchmarkResume(b *testing.B) {
	s := startShop(b, "")
	customer, agent := browser.Open(b, 1200, 800), browser.Open(b, 1400, 900)
	customer.BeforeEachPage(`{
		for (const { prototype } of [WebSocket, RTCDataChannel]) {
			const { send } = prototype;
			prototype.send = function (data) { if (data.byteLength > 200) window.left ??= performance.now(); return send.call(this, data); };
		}
	}`)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	var seen, left []float64
	for i := 1; b.Loop(); i++ {
		path := []string{"/", "/live"}[i%2]
		browser.Eval[any](agent, fmt.Sprintf(`(() => {
			window.seen = new Promise(resolve => (function look() {
				const doc = `+browser.Mirrored+`;
				if (Boolean(doc.querySelector("#lots tr")) === (%q === "/live")) resolve(performance.timeOrigin + performance.now()); else setTimeout(look, 1);
			})());
		})()`, path))
		customer.Go(s.customer + path)
		loaded := browser.Eval[float64](customer, `performance.timeOrigin + performance.getEntriesByType("navigation")[0].loadEventEnd`)
		seen = append(seen, browser.Eval[float64](agent, inMirror(`window.seen`))-loaded)
		left = append(left, browser.Eval[float64](customer, `left - performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/session.js")).startTime`))
	}
	reportTimes(b, seen, "")
	reportTimes(b, left, "frames-")
}

// BenchmarkFirstPicture measures from the customer's press of "Allow" until the agent's console says which page it shows.
//
//	go test -run '^$' -bench FirstPicture -benchtime 20x
func BenchmarkFirstPicture(b *testing.B) {
	s := startShop(b, "")
	customer, agent := browser.Open(b, 1200, 800), browser.Open(b, 1400, 900)
	customer.BeforeEachPage(`addEventListener("click", () => { window.pressed = performance.timeOrigin + performance.now() }, true)`)
	agent.BeforeEachPage(`window.seen = new Promise(resolve => (function look() {
		if (document.querySelector(".page-title")?.textContent) resolve(performance.timeOrigin + performance.now()); else setTimeout(look, 1);
	})())`)
	var times []float64
	for b.Loop() {
		customer.Go(s.customer + "/")
		join(s, customer, agent, startSession(customer))
		times = append(times, browser.Eval[float64](agent, `window.seen`)-browser.Eval[float64](customer, `pressed`))
		customer.Click("button", "End session")
		customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "The session has ended") })
	}
	reportTimes(b, times, "")
}

// reportTimes gives the median and the longest of times.
func reportTimes(b *testing.B, times []float64, of string) {
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], of+"p50-ms")
	b.ReportMetric(times[len(times)-1], of+"max-ms")
	b.ReportMetric(0, "ns/op")
}
