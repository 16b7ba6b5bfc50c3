package e2e

import (
	"fmt"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// drawn is a page as drawing programs are: two large canvases over each other, of which the upper one takes the pointer.
const drawn = `<!doctype html><title>Drawing</title>` + noIcon + `<main style="position: relative; height: 700px">
	<canvas id=under width=1180 height=700 style="position: absolute"></canvas><canvas id=over width=1180 height=700 style="position: absolute"></canvas></main><p id=s>0</p><script>
	const [under, over] = ["under", "over"].map(id => document.getElementById(id).getContext("2d"));
	let n = 0;
	const draw = colour => { under.clearRect(0, 0, 1180, 700); for (let i = 0; i < 400; i++) { under.strokeStyle = colour; under.beginPath(); under.moveTo(i * 37 % 1180, i * 91 % 700); under.lineTo(i * 53 % 1180, i * 17 % 700); under.stroke(); } };
	draw("#888");
	over.canvas.addEventListener("pointerdown", () => { n++; draw("rgb(" + n * 40 % 256 + ",80,200)"); over.clearRect(0, 0, 1180, 700); over.fillStyle = n % 2 ? "#f00" : "#0a0"; over.fillRect(200, 200, 300, 200); s.textContent = n; });
	window.press = () => { over.canvas.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true, composed: true, isPrimary: true})); return performance.timeOrigin + performance.now(); };
	</script>`

// BenchmarkCanvas measures from a press that draws on two canvases until the number written beside them, the canvas under the pointer and the other are at the
// agent, and what the page costs when it is left alone, in ms of the main thread a second.
//
//	go -C internal/e2e test -run '^$' -bench Canvas -benchtime 8x
func BenchmarkCanvas(b *testing.B) {
	site := startSite(b, pages{"/": drawn})
	customer, agent := browser.Open(b, 1200, 800), browser.Open(b, 1280, 900)
	customer.Go(site.customer + "/")
	join(site, customer, agent, startSession(customer))
	agent.Wait(inMirror(`["under", "over"].every(id => doc.getElementById(id)?.style.content.startsWith("image-set"))`))
	rest := func(seconds int) {
		browser.Eval[any](customer, fmt.Sprintf(`new Promise(done => setTimeout(done, %d))`, 1000*seconds))
	}
	figures := map[string][]float64{}
	for b.Loop() {
		rest(4)
		browser.Eval[any](agent, inMirror(`void (globalThis.seen = Promise.all(["s", "over", "under"].map(id => new Promise(done => {
			const watch = new (doc.defaultView.MutationObserver)(() => { watch.disconnect(); done(performance.timeOrigin + performance.now()); });
			watch.observe(doc.getElementById(id), {attributes: true, childList: true, characterData: true, subtree: true});
		}))))`))
		pressed := browser.Eval[float64](customer, `press()`)
		for i, at := range browser.Eval[[]float64](agent, inMirror(`globalThis.seen`)) {
			what := []string{"number", "near", "other"}[i]
			figures[what] = append(figures[what], at-pressed)
		}
	}
	rest(8)
	for range 3 {
		figures["rest"] = append(figures["rest"], customer.CPU(func() { rest(4) })/4)
	}
	b.ReportMetric(median(figures["rest"]), "rest-ms/s")
	for _, what := range []string{"number", "near", "other"} {
		b.ReportMetric(median(figures[what]), what+"-p50-ms")
		b.ReportMetric(figures[what][len(figures[what])-1], what+"-longest-ms")
	}
	b.ReportMetric(0, "ns/op")
}
