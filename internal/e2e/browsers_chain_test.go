package e2e

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/middleware"
)

// catalogue has some of all that a page is made of.
const catalogue = laidOpen + `<title>Catalogue</title><style>
	body { font: 16px sans-serif } .note { color: teal } .wide { display: grid; grid-template-columns: 1fr 2fr } #box { height: 40px; overflow: auto }
</style></head><body><main><h1>Catalogue</h1><p class="note">Text with <b>bold</b> and <a href="/next" id="next">Next page</a>.</p>
<form><label>Name <input id="name"></label><label>Secret <input id="secret" type="password"></label><label><input id="check" type="checkbox"> Check</label>
<select id="list"><option>One</option><option>Two</option></select><textarea id="words" aria-label="Words">lines</textarea></form>
<ul><li>first</li><li>second</li></ul><table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>
<img id="picture" src="/dot.svg" alt="A dot" width="30" height="30"><svg width="20" height="20"><circle r="5"></circle></svg>
<details open><summary>More</summary>of it</details><div id="box"><p style="height: 400px">box</p></div><x-card>slotted</x-card>
<iframe id="frame" srcdoc="<body><p>in the frame</p></body>" width="200" height="60"></iframe><canvas id="canvas" width="40" height="20"></canvas><dialog id="dialog"><p>modal</p></dialog></main>
<script>
	document.querySelector("canvas").getContext("2d").fillRect(0, 0, 20, 20);
	customElements.define("x-card", class extends HTMLElement {
		constructor() { super(); this.attachShadow({mode: "open"}).innerHTML = "<section><h2>Card</h2><slot></slot></section>" }
	});
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(".wide { gap: 3px }");
	document.adoptedStyleSheets = [sheet];
	window.change = () => {
		document.querySelector("h1").textContent = "Changed";
		document.querySelector("ul").prepend(document.querySelector("li + li"));
		document.querySelector("table").insertAdjacentHTML("afterend", "<p class=new>inserted</p>");
		document.querySelector("tbody").remove();
		document.querySelector("x-card").shadowRoot.querySelector("h2").textContent = "Other card";
		document.querySelector("iframe").contentDocument.querySelector("p").textContent = "changed in the frame";
		document.querySelector("#box").scrollTop = 120;
		document.querySelector("#list").selectedIndex = 1;
		document.querySelector("#check").click();
		document.querySelector("dialog").showModal();
	};
</script></body></html>`

var shelf = pages{
	"/": catalogue, "/dot.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><rect width="30" height="30" fill="teal"/></svg>`,
	"/next": laidOpen + `<title>Next</title></head><body><main><h1>Next</h1><p id="step">0</p></main></body></html>`,
}

// outline is JavaScript: it lists elements and texts of a document, in shadow roots and frames too, without what the mirror has no use for.
const outline = `(doc => {
	const lines = [], list = (node, depth) => {
		if (node.nodeType === 3) return node.data.trim() && lines.push("-".repeat(depth) + JSON.stringify(node.data.trim().replace(/\s+/g, " ")));
		if (node.nodeType === 1) {
			if (["script", "noembed", "qwelp-support"].includes(node.localName)) return;
			lines.push("-".repeat(depth) + (node.hasAttribute("qwelp-form") ? "form" : node.localName) + (node.id ? "#" + node.id : "") + (node.getAttribute("class") ? "." + node.getAttribute("class") : ""));
			if (node.shadowRoot) list(node.shadowRoot, depth + 1);
			if (node.contentDocument) list(node.contentDocument.body ?? [], depth + 1);
		}
		if (node.localName !== "textarea") for (const child of node.childNodes ?? []) list(child, depth + 1);
	};
	list(doc.body, 0);
	return lines;
})`

// outlineOf is the same of what the Go agent has.
func outlineOf(p *agent.Page) (lines []string) {
	var list func(n *agent.Node, depth int)
	list = func(n *agent.Node, depth int) {
		if n == nil {
			return
		}
		switch line := strings.Repeat("-", depth); n.Kind {
		case agent.Text:
			if text := strings.Join(strings.Fields(n.Data), " "); text != "" {
				lines = append(lines, fmt.Sprintf("%s%q", line, text))
			}
			return
		case agent.Element:
			if n.Name == "script" {
				return
			}
			line += n.Name
			if id := n.Attribute("id"); id != "" {
				line += "#" + id
			}
			if class := n.Attribute("class"); class != "" {
				line += "." + class
			}
			lines = append(lines, line)
			list(n.Shadow, depth+1)
			list(body(n.Content), depth+1)
		}
		for _, child := range n.Children {
			list(child, depth+1)
		}
	}
	list(body(p.Document), 0)
	return lines
}

// body returns the body of a document, nil when there is none.
func body(document *agent.Node) *agent.Node {
	for n := range document.All {
		if n.Name == "body" {
			return n
		}
	}
	return nil
}

// watcher is a Go agent in a session.
type watcher struct {
	*agent.Session
	t   *testing.T
	ctx context.Context
}

// watch has the customer start a session, a Go agent join, and the customer allow it.
func watch(t *testing.T, s *shop, customer window, options agent.Options) *watcher {
	t.Helper()
	ctx, cancel := patience.Context(t.Context(), time.Minute)
	t.Cleanup(cancel)
	options.Token, options.Name = token, "Robot"
	session, err := agent.Join(ctx, s.customer, startSession(customer), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.End(context.Background()) })
	allow(customer)
	return &watcher{session, t, ctx}
}

// sees waits until a condition holds of the page.
func (w *watcher) sees(what string, ok func(*agent.Page) bool) {
	w.t.Helper()
	if err := w.WaitFor(w.ctx, func(p *agent.Page) bool { return !p.Loading && ok(p) }); err != nil {
		w.t.Fatalf("%s: %v; the agent reads\n%s", what, err, w.Page().Text())
	}
}

// seesAll waits until the agent has the page as the customer has it.
func (w *watcher) seesAll(customer window) {
	w.t.Helper()
	sameLines(w.t, func() []string { return evaluate[[]string](w.t, customer, outline+`(document)`) }, func() []string { return outlineOf(w.Page()) })
}

// sameLines waits until what the agent has is what the customer has.
func sameLines(t *testing.T, customer, agent func() []string) {
	t.Helper()
	var want, got []string
	if browser.Holds(func() bool {
		want, got = customer(), agent()
		return slices.Equal(want, got)
	}) {
		return
	}
	same := 0
	for same < min(len(want), len(got)) && want[same] == got[same] {
		same++
	}
	t.Fatalf("after %d lines that are the same, the customer has\n%s\nthe agent\n%s", same, strings.Join(want[same:], "\n"), strings.Join(got[same:], "\n"))
}

func TestACustomerInEachBrowser(t *testing.T) {
	t.Parallel()
	inBrowsers(t, func(t *testing.T, name string) {
		q, s, _ := served(t, middleware.Options{}, shelf)
		customer := openIn(t, name, 1000, 700)
		customer.Go(s.customer + "/")
		robot := watch(t, s, customer, agent.Options{})
		robot.seesAll(customer)
		path := func() bool { return q.Stats().ChannelLinks == 1 }
		if !evaluate[bool](t, customer, `"RTCPeerConnection" in window`) {
			path = func() bool { return q.Stats().RelayLinks == 1 }
		}
		customer.Until("the path", path)

		customer.Fill("Name", "Zoë Å")
		robot.sees("what is typed", func(p *agent.Page) bool { c, _ := p.Control("Name"); return c.Value == "Zoë Å" })
		evaluate[any](t, customer, `document.querySelector("#secret").focus()`)
		customer.Type("4711")
		robot.sees("that something is typed", func(p *agent.Page) bool {
			c, _ := p.Control("Secret")
			return c.Value != "" && !strings.Contains(c.Value, "4")
		})
		customer.Move(300, 200)
		robot.sees("the pointer", func(p *agent.Page) bool { return p.Pointer == agent.Point{X: 300, Y: 200} })
		robot.sees("the picture", func(p *agent.Page) bool {
			for _, a := range p.Assets {
				if a.Complete && strings.Contains(string(a.Data), "teal") {
					return true
				}
			}
			return false
		})
		evaluate[any](t, customer, `change()`)
		robot.sees("a change", func(p *agent.Page) bool { return strings.Contains(p.Text(), "Changed") })
		robot.seesAll(customer)
		robot.sees("the states", func(p *agent.Page) bool {
			list, _ := p.Control("list")
			check, _ := p.Control("check")
			return p.Element("box").State.Scroll.Y == 120 && list.Value == "Two" && check.Checked && p.Element("dialog").State.TopLayer != 0
		})
		evaluate[any](t, customer, `document.querySelector("dialog").close()`)
		calm(t, customer)

		customer.Click("link", "Next page")
		robot.sees("the next page", func(p *agent.Page) bool {
			return strings.HasSuffix(p.URL, "/next") && strings.Contains(p.Text(), "Next")
		})
		robot.seesAll(customer)
		customer.Until("the path", path)
		customer.WaitFor("button", "Pause sharing")
		customer.Screenshot("session-" + name)
		customer.Reload()
		robot.sees("the page again", func(p *agent.Page) bool { return strings.Contains(p.Text(), "Next") })
		evaluate[any](t, customer, `document.querySelector("#step").textContent = "reloaded"`)
		robot.sees("a change of it", func(p *agent.Page) bool { return strings.Contains(p.Text(), "reloaded") })
		calm(t, customer)

		customer.Click("button", "End session")
		customer.WaitFor("button", "Start session")
		select {
		case <-robot.Done():
		case <-robot.ctx.Done():
		}
		if err := robot.Err(); !errors.Is(err, agent.ErrEnded) {
			t.Errorf("the agent's session ends with %v", err)
		}
		customer.Go(s.customer + "/")
		customer.WaitFor("button", "Get support")
		calm(t, customer)
	}, "chromium", "firefox", "webkit")
}

func TestAConsoleInEachBrowser(t *testing.T) {
	t.Parallel()
	inBrowsers(t, func(t *testing.T, name string) {
		_, s, _ := served(t, middleware.Options{}, shelf)
		customer, agent := browser.Open(t, 800, 600), openIn(t, name, 1280, 900)
		customer.Go(s.customer + "/")
		enter(s, agent, startSession(customer))
		allow(customer)
		agent.Wait(inMirror(heading("Catalogue")))
		same := func() {
			t.Helper()
			sameLines(t, func() []string { return browser.Eval[[]string](customer, outline+`(document)`) }, func() []string {
				lines, _ := tryEvaluate[[]string](agent, inMirror(outline+`(doc)`))
				return lines
			})
		}
		same()
		agent.Wait(inMirror(`doc.images[0].naturalWidth === 30 && doc.images[0].src.startsWith("blob:")`))
		agent.Wait(inMirror(`doc.defaultView.innerWidth === 800 && doc.defaultView.getComputedStyle(doc.querySelector(".note")).color === "rgb(0, 128, 128)"`))
		customer.Fill("Name", "Zoë")
		agent.Wait(inMirror(`doc.querySelector("#name").value === "Zoë"`))
		browser.Eval[any](customer, `change()`)
		agent.Wait(inMirror(heading("Changed")))
		same()
		agent.Wait(inMirror(`Math.round(doc.querySelector("#box").scrollTop) === 120 && doc.querySelector("#list").selectedIndex === 1 && doc.querySelector("#check").checked && doc.querySelector("dialog").matches(":modal")`))
		agent.Wait(inMirror(`doc.querySelector("#canvas").style.content.includes("image-set")`))
		browser.Eval[any](customer, `document.querySelector("main").prepend(document.querySelector("#frame"))`) // it loads anew
		same()
		customer.Move(300, 200)
		agent.Wait(`document.querySelector(".overlay .pointer")?.getClientRects().length > 0`)
		agent.Screenshot("console-" + name)
		browser.Eval[any](customer, `document.querySelector("dialog").close()`)
		// Whatever the agent does to the mirror, it stays as it is.
		at := evaluate[[2]float64](t, agent, inMirror(`(f => (doc.querySelector("#name").value = "", (b => [f.x + b.x + 20, f.y + b.y + 8])(doc.querySelector("#name").getBoundingClientRect())))(document.querySelector("iframe").getBoundingClientRect())`))
		agent.ClickAt(at[0], at[1])
		agent.Type("agent")
		if value := evaluate[string](t, agent, inMirror(`doc.querySelector("#name").value`)); value != "" {
			t.Errorf("the agent has typed %q into the mirror", value)
		}
		customer.Click("button", "Pause sharing")
		agent.Until("the pause", func() bool { return strings.Contains(agent.Text(), "has paused sharing") })
		customer.Click("button", "Resume sharing")

		customer.Click("link", "Next page")
		agent.Wait(inMirror(heading("Next")))
		same()
		agent.Reload()
		agent.Wait(inMirror(heading("Next")))
		agent.ClickUntilGone("button", "End session")
		agent.WaitFor("button", "Join another session")
		customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
		calm(t, customer)
	}, "firefox", "webkit")
}
