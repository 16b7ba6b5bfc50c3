package e2e

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

const account = `<!doctype html><html lang="en"><title>Account of Ada</title>` + noIcon + `<style>
body { font: 16px/1.5 sans-serif; margin: 20px }
main > * { margin: 8px 0 }
nav a { padding: 4px 10px; border: 1px solid gray }
.row { display: flex; gap: 10px } .row div { flex: 1; padding: 6px; background: #eef }
table { border-collapse: collapse } td { border: 1px solid gray; padding: 4px 12px }
.tag { background: gold; border-radius: 8px; padding: 0 8px }
button { padding: 6px 14px } .stretch { display: grid; grid-template-columns: 1fr 2fr }
.turned { transform: rotate(2deg); width: 200px }
</style><main>
<h1>Welcome</h1>
<nav data-qwelp="redact"><a href="/a">Accounts</a> <a href="/b">Payments</a> <a href="/c">Sign out</a></nav>
<p>Name: <span id="name" data-qwelp="redact" class="tag">Ada Lovelace</span>, born <b data-qwelp="redact">1815</b>. More text.</p>
<p data-qwelp="redact">A long paragraph about <em>somebody</em> that is wide enough to need more than one line of text on the page, as long as
the page is not much wider than people have their windows, and then a bit more of it so that it certainly wraps.</p>
<div class="row" data-qwelp="redact"><div>one</div><div>two and more</div><div>three</div></div>
<table data-qwelp="redact"><tr><td>Balance</td><td>4711.00</td></tr><tr><td>A longer label</td><td>1</td></tr></table>
<div class="stretch"><span data-qwelp="redact">left</span><span>right</span></div>
<p><input data-qwelp="redact" value="secret" size="12"> <input type="checkbox" checked data-qwelp="redact"> <select data-qwelp="redact"><option>a long option</select>
<textarea data-qwelp="redact" rows="2">text</textarea> <input type="submit" value="Pay 4711" data-qwelp="redact"> <button data-qwelp="redact">Pay</button></p>
<p><img data-qwelp="redact" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='90' height='40'/%3E"> <svg data-qwelp="redact" width="60" height="30"><text y="20">x</text></svg>
<canvas data-qwelp="redact" width="50" height="30"></canvas> <input type="password"></p>
<ul data-qwelp="redact"><li>first<li>second</ul>
<div data-qwelp="hide" id="gone" style="padding: 10px">Hidden <b>things</b><input value="x"></div>
<p>Before <i data-qwelp="hide">nameless</i> after</p>
<p class="turned" data-qwelp="redact">turned</p>
<details open data-qwelp="redact"><summary>More</summary>of it</details>
<p id="end">End</p></main>`

// What is redacted or hidden keeps its size, and the agent is told that something is there.
func TestWhatIsPrivateKeepsItsPlace(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"element by element": account,
		"the whole page": account + `<script type="module">import { startQwelpSession } from "/_qwelp/current/index.js";
			startQwelpSession({ privacy: { default: "private", unredact: ["h1"] } });</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			p := &pair{shop: startSite(t, pages{"/": page}), customer: browser.Open(t, 900, 900), agent: browser.Open(t, 1280, 1000)}
			p.customer.Go(p.shop.customer + "/")
			p.code = startSession(p.customer)
			join(p.shop, p.customer, p.agent, p.code)
			p.agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Welcome"`))
			p.sameOutlines(t)
			p.agent.Screenshot("private")
			p.agent.Wait(inMirror(`["div[role=img]", "i[role=img]", "button", "nav a", "td", "input[qwelp-type=password]"].every(e => doc.querySelector("main " + e).getAttribute("aria-label") === "Hidden")`))
			shown := browser.Eval[string](p.agent, inMirror(`doc.documentElement.outerHTML + [...doc.querySelectorAll("input, textarea")].map(f => f.value)`))
			for _, secret := range []string{"Ada", "1815", "4711", "somebody", "secret", "Payments", "nameless", "long option"} {
				if strings.Contains(shown, secret) {
					t.Errorf("the mirror holds %q", secret)
				}
			}

			browser.Eval[any](p.customer, `document.querySelector("#name").textContent = "Augusta Ada King, Countess of Lovelace"`)
			p.sameOutlines(t)
			p.customer.Resize(600, 900)
			p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 600`))
			p.sameOutlines(t)
			p.agent.Screenshot("narrow")
			length := browser.Eval[int](p.agent, inMirror(`doc.querySelector("#name").textContent.length`))
			browser.Eval[any](p.customer, `(document.querySelector("#name").textContent = "A", document.querySelector("h1").textContent = "Bye")`)
			p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "Bye"`))
			if got := browser.Eval[int](p.agent, inMirror(`doc.querySelector("#name").textContent.length`)); got != length {
				t.Errorf("a shorter text is %d characters long, the longer one %d", got, length)
			}
			if errors := append(p.customer.Errors(), p.agent.Errors()...); len(errors) > 0 {
				t.Errorf("uncaught exceptions: %q", errors)
			}
		})
	}
}

// sameOutlines waits until every element that the agent may know of is in the same place on both sides, within a pixel.
func (p *pair) sameOutlines(t *testing.T) {
	t.Helper()
	outlines := `(doc => [...doc.querySelectorAll("main *:not(#gone *, svg *, select *, em, p > span, p > b, p > i)")].map(e => { const b = e.getBoundingClientRect(); return [e.hasAttribute("qwelp-form") ? "form" : e.localName, b.x, b.y, b.width, b.height] }))`
	var difference string
	if browser.Holds(func() bool {
		want := browser.Eval[[][]any](p.customer, outlines+`(document)`)
		got := browser.Eval[[][]any](p.agent, inMirror(outlines+`(doc)`))
		difference = outlinesApart(got, want)
		return difference == ""
	}) {
		return
	}
	t.Error(difference)
	p.agent.Screenshot("apart")
	p.customer.Screenshot("apart-customer")
}

func outlinesApart(got, want [][]any) (difference string) {
	if len(got) != len(want) {
		return fmt.Sprintf("the agent sees %d elements, the customer %d", len(got), len(want))
	}
	for i := range got {
		for j := 1; j < 5; j++ {
			if got[i][0] != want[i][0] || math.Abs(got[i][j].(float64)-want[i][j].(float64)) > 1 {
				difference += fmt.Sprintf("\nelement %d: the agent sees %v, the customer %v", i, got[i], want[i])
				break
			}
		}
	}
	return difference
}
