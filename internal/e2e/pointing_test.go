package e2e

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// pointed is a page with something to mark wherever marks are difficult.
const pointed = `<!doctype html><html lang="en">` + noIcon + `<title>Order</title><meta name="viewport" content="width=device-width">
<style>
	body { font: 1em/1.5 system-ui, sans-serif; margin: 1rem; color-scheme: light dark } main { display: flex; flex-wrap: wrap; gap: 1rem }
	.inner { width: 300px; height: 120px; overflow: auto; border: 3px solid #888 } .inner div { height: 600px; padding-top: 60px }
	iframe { width: 40%; height: 120px } .turned { transform: translateX(12px) } @media (max-width: 700px) { h1 { font-size: 3rem } }
</style>
<h1>Your order</h1><p>Some <a href="#terms">terms and <b>conditions</b></a> that take a line or two, in a paragraph that breaks elsewhere in a window of another width.</p>
<main>
	<button id="buy">Place order</button>
	<div class="inner"><div><button id="deep">In a box that scrolls</button></div></div>
	<iframe srcdoc="<!doctype html><style>body{margin:20px}</style><button id=framed>In a frame</button>"></iframe>
	<div class="turned"><x-part></x-part></div>
	<input aria-label="Card number" id="field"> <span data-qwelp="redact"><button id="private">Secret plan</button></span>
</main>
<dialog><p>Really?</p><button id="yes">Yes, really</button></dialog>
<div style="height: 1500px"></div><button id="far">At the end</button>
<script>
	const part = document.querySelector("x-part").attachShadow({mode: "open"});
	part.innerHTML = "<style>button{margin:10px}</style><button id=shadowed>In a shadow root</button>";
	window.presses = [];
	document.addEventListener("click", ({ target }) => presses.push(target.id || target.localName));
	const find = id => document.getElementById(id) ?? part.getElementById(id) ?? document.querySelector("iframe").contentDocument.getElementById(id);
</script>`

// ours keeps the closed root of our interface for the test, before the page's own scripts run.
const ours = `{ const { attachShadow } = Element.prototype;
	Element.prototype.attachShadow = function (init) { const root = attachShadow.call(this, init); if (this.localName === "qwelp-support") window.ours = root; return root } }`

// drawnMarks are the corners and sizes of what is drawnMarks over the customer's page, in the viewport, without what is hidden.
const drawnMarks = `[...(window.ours?.querySelectorAll("svg > svg") ?? [])].filter(view => view.style.display !== "none" && view.querySelector("path").hasAttribute("d")).map(view => {
	const path = view.querySelectorAll("path")[1], box = path.getBBox(), at = path.getScreenCTM();
	return { x: box.x + at.e, y: box.y + at.f, width: box.width, height: box.height, d: path.getAttribute("d") };
})`

// pointerPair is a session in which an agent points.
type pointerPair struct {
	t               *testing.T
	customer, agent *browser.Page
}

type rect struct{ X, Y, Width, Height float64 }

// at returns the middle of an element of the mirrored page, by JavaScript for it, on the agent's screen.
func (p *pointerPair) at(element string) (x, y float64) {
	p.t.Helper()
	p.agent.Wait(inMirror(`(` + element + `)?.getBoundingClientRect().width > 0`))
	box := browser.Eval[rect](p.agent, inMirror(`(e => {
		let { x, y, width, height } = e.getBoundingClientRect();
		for (let f = e.ownerDocument !== doc && e.ownerDocument.defaultView.frameElement; f; f = undefined) { const o = f.getBoundingClientRect(); x += o.x + f.clientLeft; y += o.y + f.clientTop }
		return { X: x, Y: y, Width: width, Height: height, W: doc.defaultView.innerWidth };
	})(`+element+`)`))
	width := browser.Eval[float64](p.agent, inMirror(`doc.defaultView.innerWidth`))
	device := browser.Eval[rect](p.agent, `(({ x, y, width, height }) => ({ X: x, Y: y, Width: width, Height: height }))(document.querySelector(".device").getBoundingClientRect())`)
	scale := device.Width / width
	return device.X + (box.X+box.Width/2)*scale, device.Y + (box.Y+box.Height/2)*scale
}

// lies checks that a mark around an element is where the element is.
func (p *pointerPair) lies(when, id string) {
	p.t.Helper()
	expression := `(() => {
		const e = find("` + id + `"); let { x, y, width, height } = e.getBoundingClientRect();
		const f = e.ownerDocument.defaultView.frameElement;
		if (f) { const o = f.getBoundingClientRect(); x += o.x + f.clientLeft; y += o.y + f.clientTop }
		return Math.min(...` + drawnMarks + `.map(m => Math.max(Math.abs(m.x + 4 - x), Math.abs(m.y + 4 - y), Math.abs(m.width - 8 - width), Math.abs(m.height - 8 - height))), 1e6);
	})()`
	var apart float64
	defer func() {
		if p.t.Failed() {
			p.t.Logf("%s: %s is %v px from its mark", when, id, apart)
		}
	}()
	p.customer.Until(fmt.Sprintf("%s: the mark within 2 px of %s", when, id), func() bool {
		apart = browser.Eval[float64](p.customer, expression)
		return apart <= 2
	})
	p.t.Logf("%s: %s is %.2f px from its mark", when, id, apart)
}

func (p *pointerPair) count() int { return browser.Eval[int](p.customer, `(`+drawnMarks+`).length`) }

func TestAnAgentPointsAtWhatTheCustomerSees(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": pointed})
	p := &pointerPair{t, browser.Open(t, 1000, 700), browser.Open(t, 1280, 900)}
	customer, agent := p.customer, p.agent
	customer.BeforeEachPage(ours)
	customer.Go(s.customer + "/")
	code := startSession(customer)
	agent.Go(s.agent)
	agent.Fill("Your name", "Ana <b>")
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	agent.WaitFor("button", "End session")
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("#buy") !== null && doc.querySelector("iframe")?.contentDocument?.querySelector("#framed")`))
	if loaded := browser.Eval[bool](customer, `performance.getEntriesByType("resource").some(({ name }) => /pointing|announcer/.test(name))`); loaded {
		t.Error("what points is loaded before an agent points")
	}
	agent.Wait(`document.querySelector('[aria-label="Highlight"]').getAttribute("aria-disabled") === "false"`)

	// Whole elements, wherever they are.
	agent.Click("button", "Highlight")
	marked := map[string]string{
		"buy": `doc.querySelector("#buy")`, "deep": `doc.querySelector("#deep")`, "framed": `doc.querySelector("iframe").contentDocument.querySelector("#framed")`,
		"shadowed": `doc.querySelector("x-part").shadowRoot.querySelector("#shadowed")`,
	}
	for id, element := range marked {
		agent.ClickAt(p.at(element))
		p.lies("as it is", id)
	}
	all := func(when string) {
		t.Helper()
		for id := range marked {
			p.lies(when, id)
		}
	}
	if presses := browser.Eval[[]string](customer, `presses`); len(presses) > 0 {
		t.Errorf("marks press %v", presses)
	}
	customer.Screenshot("pointing-customer")
	agent.Screenshot("pointing-agent")
	agent.Dark()
	customer.Dark()
	customer.Resize(390, 780)
	all("in a narrow window")
	customer.Screenshot("pointing-customer-phone-dark")
	agent.Screenshot("pointing-agent-phone-dark")
	for _, zoom := range []float64{0.5, 2} {
		customer.Zoom(1000, 1600, zoom)
		all(fmt.Sprintf("at %v %%", 100*zoom))
	}
	customer.Resize(1000, 700)
	browser.Eval[any](customer, `scrollTo(0, 60)`)
	browser.Eval[any](customer, `document.querySelector(".inner").scrollTop = 40`)
	all("scrolled")
	// A snapshot, in which nodes have other numbers, changes nothing; and the agent keeps its marks.
	before := p.count()
	agent.Reload()
	agent.Until("its marks again", func() bool {
		return browser.Eval[int](agent, `document.querySelectorAll(".drawings path[d]").length`) >= 2*len(marked)
	})
	all("after the agent's reload")
	if after := p.count(); after != before {
		t.Errorf("%d marks became %d", before, after)
	}

	// What has scrolled out of its box is not drawnMarks over what is around it, but an arrow says where it is.
	browser.Eval[any](customer, `document.querySelector(".inner").scrollTop = 400`)
	customer.Wait(`(` + drawnMarks + `).some(({ d }) => d.split("M").length === 3)`)
	browser.Eval[any](customer, `document.querySelector(".inner").scrollTop = 0, scrollTo(0, 0)`)
	all("scrolled back")

	// Above a modal dialog, and gone with it.
	browser.Eval[any](customer, `document.querySelector("dialog").showModal()`)
	agent.WaitFor("button", "Highlight")
	agent.Click("button", "Highlight")
	agent.ClickAt(p.at(`doc.querySelector("dialog[open] #yes")`))
	p.lies("above a modal dialog", "yes")
	if top := browser.Eval[bool](customer, `ours.host.parentNode.localName === "dialog" && ours.host.matches(":popover-open")`); !top {
		t.Error("marks are not above the dialog")
	}
	drawn := func(want int) func() bool {
		return func() bool {
			return browser.Eval[int](agent, `document.querySelectorAll(".drawings g.highlight").length`) == want
		}
	}
	agent.Until("the dialog's mark", drawn(len(marked)+1)) // or the next would hold before it is drawn
	browser.Eval[any](customer, `document.querySelector("dialog").remove()`)
	agent.Until("that the dialog's mark is gone", drawn(len(marked)))

	// A shortcut takes them back.
	agent.Click("button", "Undo")
	customer.Until("one less", func() bool { return p.count() == len(marked)-1 })
	agent.Click("button", "Clear")
	customer.Wait(`window.ours.querySelector("svg > svg") === null`)

	p.strokes()
	p.asks()
	p.laser()
	unharmed(t, customer)
	unharmed(t, agent)
}

// strokes draws by hand: what is drawnMarks stays with what it was drawnMarks on.
func (p *pointerPair) strokes() {
	customer, agent := p.customer, p.agent
	x, y := p.at(`doc.querySelector("h1")`)
	for _, tool := range []string{"Box", "Arrow", "Pen"} {
		agent.Click("button", tool)
		agent.Press(x-100, y-10)
		for i := range 10 {
			agent.Move(x-100+float64(i)*12, y-10+float64(i%3)*8)
		}
		agent.Until(tool+": that the agent sees its own hand before it is lifted", func() bool {
			return browser.Eval[int](agent, `document.querySelectorAll(".drawings path[d]").length`) > 0
		})
		agent.Release(x+20, y+14)
	}
	customer.Until("three strokes", func() bool { return p.count() == 3 })
	// The same on both sides, in the coordinates of the page.
	const agents = `[...document.querySelectorAll(".drawings > svg")].filter(v => v.style.display !== "none" && v.querySelector("path").hasAttribute("d")).map(v => v.querySelectorAll("path")[1].getAttribute("d")).sort()`
	agent.Until("the same strokes on both sides", func() bool {
		return strings.Join(browser.Eval[[]string](agent, agents), " ") == strings.Join(browser.Eval[[]string](customer, `(`+drawnMarks+`).map(({ d }) => d).sort()`), " ")
	})
	before := browser.Eval[float64](customer, `(`+drawnMarks+`)[0].y`)
	browser.Eval[any](customer, `scrollTo(0, 30)`)
	customer.Until("strokes that scroll with the page", func() bool {
		return math.Abs(before-30-browser.Eval[float64](customer, `(`+drawnMarks+`)[0]?.y ?? 0`)) < 1
	})
	browser.Eval[any](customer, `scrollTo(0, 0)`)
	customer.Screenshot("pointing-strokes-customer")
	agent.Screenshot("pointing-strokes-agent")
	agent.Click("button", "Clear")
	customer.Until("no strokes", func() bool { return p.count() == 0 })
	// Ink goes by itself, on both sides.
	agent.Click("button", "Fade what I draw")
	agent.Click("button", "Box")
	x, y = p.at(`doc.querySelector("h1")`)
	agent.Press(x-50, y-10)
	agent.Move(x, y)
	agent.Release(x+20, y+14)
	customer.Until("ink", func() bool { return p.count() == 1 })
	customer.Until("that ink fades", func() bool { return p.count() == 0 })
	agent.Until("that ink fades", func() bool {
		return browser.Eval[int](agent, `document.querySelectorAll(".drawings g.box").length`) == 0
	})
}

// asks has the customer press something.
func (p *pointerPair) asks() {
	t, customer, agent := p.t, p.customer, p.agent
	agent.Click("button", "Ask to press")
	agent.ClickAt(p.at(`doc.querySelector("#buy")`))
	p.lies("asked to press", "buy")
	customer.Until("the words", func() bool {
		return strings.Contains(customer.Text(), "asks you to press this") || browser.Eval[bool](customer, `ours.textContent.includes("asks you to press this")`)
	})
	customer.Until("that screen readers say it", func() bool {
		return strings.Contains(browser.Eval[string](customer, `ours.querySelector('[role=status][style]')?.textContent ?? ""`), "Ana <b>\u2069 asks you to press this: Place order")
	})
	customer.Screenshot("pointing-ask-customer")
	agent.Screenshot("pointing-ask-agent")
	// Scripts press it in vain.
	browser.Eval[any](customer, `document.querySelector("#buy").click()`)
	if p.count() != 1 {
		t.Error("a script of the page has answered for the customer")
	}
	customer.Click("button", "Place order")
	customer.Until("that the request is over", func() bool { return p.count() == 0 })
	agent.Until("that the request is over", func() bool {
		return browser.Eval[int](agent, `document.querySelectorAll(".drawings g.press").length`) == 0
	})
	if presses := browser.Eval[[]string](customer, `presses`); strings.Join(presses, " ") != "buy buy" {
		t.Errorf("pressed: %v", presses)
	}
	// What is private is not named, and what the agent is told has no names at all.
	browser.Eval[any](customer, `(() => {
		window.said = [];
		const status = ours.querySelector("[role=status][style]");
		new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
	})()`)
	agent.Click("button", "Ask to press")
	agent.ClickAt(p.at(`doc.querySelector("#private")`))
	customer.Until("a ring around what is private", func() bool { return p.count() == 1 })
	customer.Wait(`said.some(text => text.includes("asks you to press"))`)
	if said := browser.Eval[[]string](customer, `said`); strings.Contains(strings.Join(said, " "), "Secret") {
		t.Errorf("screen readers say %q", said)
	}
	agent.Click("button", "Clear")

	// Far away it is an arrow, until the agent has the page scrolled.
	browser.Eval[any](customer, `scrollTo(0, document.documentElement.scrollHeight)`)
	agent.Click("button", "Highlight")
	agent.ClickAt(p.at(`doc.querySelector("#far")`))
	p.lies("at the end", "far")
	browser.Eval[any](customer, `scrollTo(0, 0)`)
	customer.Wait(`(` + drawnMarks + `).some(({ y }) => y > 500 && y < 700)`)
	customer.Screenshot("pointing-edge-customer")
	agent.Click("button", "Scroll the customer’s page to my last mark")
	customer.Wait(`scrollY > 500`)
	p.lies("shown", "far")
	agent.Click("button", "Clear")
	browser.Eval[any](customer, `scrollTo(0, 0)`)
	customer.Until("nothing", func() bool { return p.count() == 0 })
}

// laser has the dot where the agent's hand is.
func (p *pointerPair) laser() {
	customer, agent := p.customer, p.agent
	agent.Click("button", "Laser")
	agent.Until("the top of the page", func() bool { return browser.Eval[float64](agent, inMirror(`doc.defaultView.scrollY`)) == 0 })
	x, y := p.at(`doc.querySelector("#buy")`)
	customer.Until("the laser on what the agent points at", func() bool {
		agent.Move(x, y)
		return browser.Eval[bool](customer, `(([m]) => m !== undefined && (({ x, y, width, height }) => Math.abs(m.x - x - width / 2) <= 2 && Math.abs(m.y - y - height / 2) <= 2)(document.querySelector("#buy").getBoundingClientRect()))(`+drawnMarks+`)`)
	})
	customer.Screenshot("pointing-laser-customer")
	agent.Screenshot("pointing-laser-agent")
	agent.Click("button", "Look")
	customer.Wait(`window.ours.querySelector("svg > svg") === null`)
}
