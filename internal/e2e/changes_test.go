package e2e

import (
	"fmt"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// changing is a page with much on it of which little changes at a time. act has one kind of change happen so many times, one a frame.
const changing = `<!doctype html><title>Changes</title>` + noIcon + `<script>
	window.sent = 0;
	for (const {prototype} of [RTCDataChannel, WebSocket]) {
		const {send} = prototype;
		prototype.send = function (data) { sent += data.byteLength ?? data.size ?? data.length; return send.call(this, data); };
	}
	</script><style id=grows></style><style id=edited></style><main><h1>Changes</h1><pre id=log style="height: 100px; overflow: hidden; contain: strict"></pre><textarea id=field></textarea>
	<p id=box style="position: relative">box</p><p id=end></p></main><script>
	const find = id => document.getElementById(id), many = (n, make) => Array.from({length: n}, (_, i) => make(i)).join("");
	const rule = n => ".made-" + n + " { color: rgb(" + n % 256 + " " + n % 7 + " 9); padding: " + n % 13 + "px; box-shadow: 0 0 " + n % 5 + "px #" + (n * 31 % 900 + 100) + " }\n";
	const line = n => "12:00:" + n % 60 + " worker-" + n % 8 + " item " + n + " took " + n * 7919 % 997 + " ms\n";
	find("grows").append(many(2400, rule));
	const {sheet} = find("edited");
	for (let n = 0; n < 3000; n++) sheet.insertRule(".r" + n + " { color: rgb(" + n % 256 + " 0 0); padding: " + n % 9 + "px; border: 1px solid #" + (n % 900 + 100) + "; transition: left ." + n % 9 + "s }", n);
	sheet.insertRule("#box { left: 0 }", 3000);
	for (let n = 0; n < 1500; n++) document.documentElement.style.setProperty("--token-" + n, "rgb(" + n % 256 + " " + n * 7 % 256 + " 9)");
	find("log").append(many(1000, line));
	find("field").value = many(200, line);
	const acts = {
		"a style element that grows": n => find("grows").append(rule(2400 + n)),
		"a rule that is edited": n => sheet.cssRules[3000].style.setProperty("left", n + "px"),
		"a variable of a style attribute": n => document.documentElement.style.setProperty("--x", n + "px"),
		"a text that grows": n => find("log").firstChild.appendData(line(1000 + n)),
		"a text that loses its first line": n => find("log").firstChild.deleteData(0, find("log").firstChild.data.indexOf("\n") + 1),
		"a field that grows": n => { find("field").value += line(n); find("field").dispatchEvent(new Event("input", {bubbles: true})); },
	};
	const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
	// What was there before is sent as a whole once, when it changes for the first time.
	window.act = async (kind, times) => { for (let n = 0; n < times; n++) { acts[kind](n); await painted(); } find("end").textContent = kind; };
	window.during = async (kind, seconds) => { let n = 0; for (const end = performance.now() + 1000 * seconds; performance.now() < end; n++) { acts[kind](n); await painted(); } return n; };
	</script>`

// What is sent grows with what changes, not with what is there.
func TestOnlyWhatChangesIsSent(t *testing.T) {
	t.Parallel()
	p := support(t, startSite(t, pages{"/": changing}), "/")
	same := func(what string) {
		t.Helper()
		want := browser.Eval[string](p.customer, fmt.Sprintf(`(doc => %s)(document)`, what))
		p.agent.Wait(inMirror(fmt.Sprintf(`%s === %q`, what, want)))
	}
	p.agent.Wait(inMirror(`doc.querySelector("#log")?.textContent.length > 3e4`))
	for _, c := range []struct{ kind, same string }{
		{"a style element that grows", `doc.querySelector("#grows").sheet.cssRules.length + "" + [...doc.querySelector("#grows").sheet.cssRules].pop().cssText`},
		{"a rule that is edited", `getComputedStyle(doc.querySelector("#box")).left`},
		{"a variable of a style attribute", `getComputedStyle(doc.documentElement).getPropertyValue("--x") + getComputedStyle(doc.documentElement).getPropertyValue("--token-1499")`},
		{"a text that grows", `doc.querySelector("#log").textContent.slice(-90) + doc.querySelector("#log").textContent.length`},
		{"a text that loses its first line", `doc.querySelector("#log").textContent.slice(0, 90) + doc.querySelector("#log").textContent.length`},
		{"a field that grows", `doc.querySelector("#field").value.slice(-90) + doc.querySelector("#field").value.length`},
	} {
		t.Run(c.kind, func(t *testing.T) {
			done := func(times int) {
				browser.Eval[any](p.customer, fmt.Sprintf(`(find("end").textContent = "", act(%q, %d))`, c.kind, times))
				p.agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("#end").textContent === %q`, c.kind)))
				same(c.same)
			}
			done(1)
			browser.Eval[any](p.customer, `sent = 0`)
			done(15)
			if sent := browser.Eval[int](p.customer, `sent`); sent > 15*600 {
				t.Errorf("%d bytes were sent for 15 changes", sent)
			} else {
				t.Logf("%d bytes for 15 changes", sent)
			}
		})
	}
}

// BenchmarkChanges reports, for changes of one kind during two seconds, how many frames the page paints with and without a session, what is sent, and how
// much of the main thread it takes, in turns.
//
//	go -C internal/e2e test -run '^$' -bench Changes -benchtime 3x
func BenchmarkChanges(b *testing.B) {
	site := startSite(b, pages{"/": changing})
	customer, agent := browser.Open(b, 1000, 700), browser.Open(b, 1000, 700)
	customer.Go(site.customer + "/")
	join(site, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("#log")?.textContent.length > 3e4`))
	alone := browser.Open(b, 1000, 700)
	alone.Go(site.customer + "/")
	kinds := browser.Eval[[]string](alone, `Object.keys(acts)`)
	figures := map[string][]float64{}
	for b.Loop() {
		for _, kind := range kinds {
			for name, page := range map[string]*browser.Page{"alone": alone, "seen": customer} {
				var frames float64
				browser.Eval[any](page, `sent = 0`)
				cpu := page.CPU(func() { frames = browser.Eval[float64](page, fmt.Sprintf(`during(%q, 2)`, kind)) })
				sent := browser.Eval[float64](page, `new Promise(done => setTimeout(() => done(sent), 300))`)
				for what, value := range map[string]float64{"frames": frames, "bytes a change": sent / frames, "ms a change": cpu / frames} {
					key := kind + name + what
					figures[key] = append(figures[key], value)
				}
			}
		}
	}
	for _, kind := range kinds {
		of := func(name, what string) float64 { return median(figures[kind+name+what]) }
		b.Logf("%-32s frames %4.0f of %4.0f; %7.0f bytes a change; %5.2f ms a change, without a session %5.2f", kind, of("seen", "frames"), of("alone", "frames"),
			of("seen", "bytes a change"), of("seen", "ms a change"), of("alone", "ms a change"))
	}
	b.ReportMetric(0, "ns/op")
}
