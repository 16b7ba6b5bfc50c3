package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// BenchmarkCaptureRebuild measures how long a page takes to be there again on the agent's side, from the first byte at hand: the mirror
// under the console's policies, rrweb's replayer in live mode without a policy, which its styles would not pass.
func BenchmarkCaptureRebuild(b *testing.B) {
	type rebuilt struct {
		Wall, Painted, Longest float64
		Nodes                  int
	}
	for _, nodes := range []int{1_000, 10_000, 50_000, 100_000} {
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			recorded := map[string][]byte{}
			p := openBench(b)
			for _, name := range []string{"ours", "rrweb"} {
				p.prepare(name, nodes, true)
				browser.Eval[any](p.Page, `snapshot(true)`)
				texts := []string{}
				for _, message := range p.taken(b) {
					texts = append(texts, base64.StdEncoding.EncodeToString(message))
				}
				recorded[name], _ = json.Marshal(texts)
			}
			p.Close()
			figures := map[string][]float64{}
			script := bundle(b, "internal/e2e/testdata/capture/main.ts")
			for b.Loop() {
				for _, name := range []string{"ours", "rrweb"} {
					server := httptest.NewServer(console(script, name == "ours"))
					agent := browser.Open(b, 1000, 700)
					agent.Go(server.URL + "/")
					empty := fmt.Sprintf(`{standards: "%s/%s", quirks: "%s/%s"}`, server.URL, assets.Path("mirror.html"), server.URL, assets.Path("mirror-quirks.html"))
					var r rebuilt
					cpu := agent.CPU(func() {
						r = browser.Eval[rebuilt](agent, fmt.Sprintf(`rebuild(%q, %s, %s)`, name, recorded[name], empty))
					})
					if r.Nodes < nodes/9*4 {
						b.Errorf("%s rebuilt %d cells", name, r.Nodes)
					}
					for what, value := range map[string]float64{"rebuilt-ms": r.Wall, "painted-ms": r.Painted, "longest-ms": r.Longest, "cpu-ms": cpu} {
						figures[name+"-"+what] = append(figures[name+"-"+what], value)
					}
					agent.Close()
					server.Close()
				}
			}
			report(b, figures)
		})
	}
}

// emptyPages is JavaScript that names the pages the mirror fills.
func emptyPages(server *httptest.Server) string {
	return fmt.Sprintf(`{standards: "%s/%s", quirks: "%s/%s"}`, server.URL, assets.Path("mirror.html"), server.URL, assets.Path("mirror-quirks.html"))
}

// BenchmarkCaptureLatency measures from a change on the customer's page until it is in the document the agent sees: two browsers, one data
// channel, a page of 1 000 nodes, rrweb in live mode without a buffer. A MutationObserver in the agent's page tells when.
//
//	go -C internal/e2e test -run '^$' -bench CaptureLatency -benchtime 100x
func BenchmarkCaptureLatency(b *testing.B) {
	kinds := []struct{ name, act, seen string }{
		{"text", `document.querySelector("#title").firstChild.data = "round " + i`, `doc.querySelector("#title").textContent === "round " + i`},
		{"insert", `document.querySelector("#list").insertAdjacentHTML("beforeend", "<li class=n" + i + ">row</li>")`, `doc.querySelector(".n" + i)`},
		{"attribute", `document.querySelector("#main").className = "wrap c" + i`, `doc.querySelector("#main").className === "wrap c" + i`},
	}
	names := []string{"ours", "rrweb"}
	pairs := map[string][2]*browser.Page{}
	for _, name := range names {
		pairs[name] = livePair(b, name)
	}
	figures := map[string][]float64{}
	for i := 0; b.Loop(); i++ {
		for _, kind := range kinds {
			for _, name := range names {
				customer, agent := pairs[name][0], pairs[name][1]
				browser.Eval[any](agent, fmt.Sprintf(`(i => { window.when = seen(doc => %s) })(%d)`, kind.seen, i))
				start := browser.Eval[float64](customer, fmt.Sprintf(`new Promise(resolve => setTimeout(() => {
					const i = %d, now = performance.timeOrigin + performance.now();
					%s;
					resolve(now);
				}, %d))`, i, kind.act, 5+i%16))
				figures[name] = append(figures[name], browser.Eval[float64](agent, `when`)-start)
			}
		}
	}
	for name, times := range figures {
		slices.Sort(times)
		b.ReportMetric(times[len(times)/2], name+"-p50-ms")
		b.ReportMetric(times[len(times)*99/100], name+"-p99-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// livePair brings a customer's page and an agent's together that shows it.
func livePair(b *testing.B, name string) [2]*browser.Page {
	server := httptest.NewServer(console(bundle(b, "internal/e2e/testdata/capture/main.ts"), name == "ours"))
	b.Cleanup(server.Close)
	p := openBench(b)
	p.prepare(name, 1_000, false)
	agent := browser.Open(b, 1000, 700)
	agent.Go(server.URL + "/")
	browser.Eval[any](agent, fmt.Sprintf(`show(%q, %s)`, name, emptyPages(server)))
	offer := browser.Eval[string](p.Page, `offer()`)
	answer := browser.Eval[string](agent, fmt.Sprintf(`answer(%q)`, offer))
	browser.Eval[any](p.Page, fmt.Sprintf(`connected(%q)`, answer))
	browser.Eval[any](p.Page, fmt.Sprintf(`follow(%q)`, name))
	agent.Wait(`document.querySelector("iframe")?.contentDocument?.querySelector("#title")`)
	return [2]*browser.Page{p.Page, agent}
}
