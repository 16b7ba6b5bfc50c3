package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// Everything the customer does reaches the agent.
func TestTheAgentSeesWhatTheCustomerDoes(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	customer := p.customer
	// Something has to be in the cart before the checkout shows its form.
	customer.Go(p.shop.customer + "/product/" + product)
	browser.Eval[any](customer, `document.querySelector('form[action="/cart/add"]').requestSubmit()`)
	customer.Wait(`location.pathname === "/cart"`)
	customer.Go(p.shop.customer + "/checkout")
	p.follows(t, "/checkout")

	t.Run("typing", func(t *testing.T) {
		field := `document.querySelector("#name")`
		browser.Eval[any](customer, field+`.focus()`)
		customer.Type("Zoë Åström")
		want := browser.Eval[string](customer, field+`.value`)
		if !strings.HasSuffix(want, "Zoë Åström") {
			t.Fatalf("the customer's field holds %q", want)
		}
		p.agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("#name")?.value === %q`, want)))
	})
	t.Run("the field in use has the focus on both sides, with the caret where it is", func(t *testing.T) {
		p.agent.Wait(inMirror(`doc.activeElement?.id === "name" && doc.activeElement.selectionStart === doc.activeElement.value.length`))
	})
	t.Run("a text area", func(t *testing.T) {
		browser.Eval[any](customer, `document.querySelector("textarea").focus()`)
		customer.Type("Storgatan 1")
		p.agent.Wait(inMirror(`doc.querySelector("textarea").value === "Storgatan 1"`))
	})
	t.Run("a check box, radio buttons and a select", func(t *testing.T) {
		browser.Eval[any](customer, `document.querySelector("input[type=checkbox]").click()`)
		browser.Eval[any](customer, `[...document.querySelectorAll("input[type=radio]")].at(-1).click()`)
		browser.Eval[any](customer, `(s => { s.selectedIndex = 2; s.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector("select"))`)
		state := `(doc => JSON.stringify([[...doc.querySelectorAll("input[type=checkbox], input[type=radio]")].map(i => i.checked), doc.querySelector("select").selectedIndex]))`
		want := browser.Eval[string](customer, state+`(document)`)
		p.agent.Wait(inMirror(fmt.Sprintf(`%s(doc) === %q`, state, want)))
	})
	t.Run("passwords and card numbers never leave the customer's browser", func(t *testing.T) {
		for _, field := range []string{"#password", "#card"} {
			browser.Eval[any](customer, fmt.Sprintf(`document.querySelector(%q).focus()`, field))
			customer.Type("4111 1111 1111 1111")
			p.agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector(%q).value === "••••••••"`, field)))
		}
		browser.Eval[any](customer, `document.querySelector("input[type=password]").type = "text"`)
		browser.Eval[any](customer, `document.querySelector("h1").textContent = "shown"`)
		p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "shown"`))
		if seen := browser.Eval[string](p.agent, inMirror(`doc.documentElement.outerHTML + [...doc.querySelectorAll("input")].map(i => i.value)`)); strings.Contains(seen, "4111") {
			t.Error("the mirror holds the secret")
		}
	})
	t.Run("scrolling of the window", func(t *testing.T) {
		browser.Eval[any](customer, `scrollTo(0, 240)`)
		want := browser.Eval[int](customer, `Math.round(scrollY)`)
		p.agent.Wait(inMirror(fmt.Sprintf(`Math.round(doc.defaultView.scrollY) === %d && %d > 0`, want, want)))
	})
	t.Run("a resize, with the layout that follows", func(t *testing.T) {
		customer.Resize(480, 800)
		p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 480 && doc.defaultView.innerHeight === 800`))
		browser.Eval[any](customer, `scrollTo(0, 0)`)
		p.sameLayout(t)
		customer.Resize(1000, 700)
		p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 1000`))
	})
	t.Run("a phone: what media queries ask of it, its outline, and the part that two fingers magnify", func(t *testing.T) {
		browser.Eval[any](customer, `(sheet => { sheet.replaceSync("@media (hover: none) and (pointer: coarse) and (min-resolution: 2dppx) and (max-device-width: 480px) { h1 { text-indent: 3px } }"); document.adoptedStyleSheets = [sheet] })(new CSSStyleSheet())`)
		customer.Phone(390, 844, 3)
		p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 390 && doc.defaultView.getComputedStyle(doc.querySelector("h1")).textIndent === "3px"`))
		p.agent.Wait(`document.querySelector(".phone .device") && document.querySelector(".seen").hidden`)
		customer.Magnify(2)
		p.agent.Wait(`!document.querySelector(".seen").hidden && Math.abs(document.querySelector(".seen").offsetWidth / document.querySelector(".device").offsetWidth - 0.5) < 0.02`)
		customer.Magnify(1)
		p.agent.Wait(`document.querySelector(".seen").hidden`)
	})
	t.Run("a page that the browser zooms, at its size in CSS pixels and scaled to fit", func(t *testing.T) {
		customer.Zoom(1000, 700, 0.25)
		p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 4000 && doc.defaultView.getComputedStyle(doc.querySelector("h1")).textIndent === "0px"`))
		p.agent.Wait(`(box => box.right <= innerWidth && box.bottom <= innerHeight && Math.abs(box.width / box.height - 10 / 7) < 0.01)(document.querySelector("iframe").getBoundingClientRect())`)
		customer.Resize(1000, 700)
		p.agent.Wait(inMirror(`doc.defaultView.innerWidth === 1000`))
	})
	t.Run("text selection", func(t *testing.T) {
		browser.Eval[any](customer, `(document.activeElement?.blur(), getSelection().selectAllChildren(document.querySelector("h1")))`)
		p.agent.Wait(inMirror(`doc.getSelection().toString() === "shown"`))
	})
	t.Run("the mouse, and a click as a ripple", func(t *testing.T) {
		browser.Eval[any](p.agent, `window.ripples = 0, new MutationObserver(records => { for (const r of records) for (const n of r.addedNodes) if (/ripple/.test(n.className)) ripples++ }).observe(document, {childList: true, subtree: true})`)
		customer.ClickAt(300, 30)
		p.agent.Wait(`window.ripples > 0`)
	})
}

func TestTheAgentSeesThePageChange(t *testing.T) {
	t.Parallel()
	p := connect(t, "/live")
	text := func(selector string) string {
		return fmt.Sprintf(`(doc => doc.querySelector(%q)?.textContent.trim())`, selector)
	}
	t.Run("rows come, go and move; texts, classes and rules change", func(t *testing.T) {
		before := browser.Eval[string](p.agent, inMirror(text("#step")+`(doc)`))
		p.agent.Wait(inMirror(fmt.Sprintf(`Number(%s(doc)) > Number(%q) + 3`, text("#step"), before)))
	})
	t.Run("the frame's page changes too", func(t *testing.T) {
		inFrame := `(doc => Number(doc.querySelector("iframe").contentDocument.querySelector("#packed")?.textContent))`
		before := browser.Eval[int](p.customer, inFrame+`(document)`)
		p.agent.Wait(inMirror(fmt.Sprintf(`%s(doc) > %d`, inFrame, before)))
	})
	t.Run("once it stands still, both sides are alike, box by box", func(t *testing.T) {
		browser.Eval[any](p.customer, `document.querySelector("#run").click()`)
		step := browser.Eval[string](p.customer, text("#step")+`(document)`)
		p.agent.Wait(inMirror(fmt.Sprintf(`%s(doc) === %q`, text("#step"), step)))
		p.sameText(t)
		p.sameLayout(t)
	})
	t.Run("a hundred random changes leave both trees alike", func(t *testing.T) {
		browser.Eval[any](p.customer, randomChanges)
		tree := `(doc => [...doc.querySelectorAll("#main #chaos, #main #chaos *")].map(e => e.localName + "." + e.className + "<" + (e.parentElement?.className ?? "") + ":" + (e.firstChild?.data ?? "")).join("\n"))`
		want := browser.Eval[string](p.customer, tree+`(document)`)
		var got string
		p.agent.Until("the same tree", func() bool {
			got, _ = browser.TryEval[string](p.agent, inMirror(tree+`(doc)`))
			return got == want
		})
	})
	t.Run("that the customer is away, and until when the session lives", func(t *testing.T) {
		p.customer.Go("about:blank")
		p.agent.Until("the end to come", func() bool {
			return strings.Contains(p.agent.Text(), "The customer has left the page or lost the connection. The session ends in 1:5")
		})
		p.agent.Screenshot("away")
	})
}

// randomChanges inserts, moves, removes and edits nodes, several at a time, over some frames.
const randomChanges = `(async () => {
	const root = document.createElement("section");
	root.id = "chaos";
	document.querySelector("main").append(root);
	let seed = 7;
	const random = n => (seed = (seed * 16807) % 2147483647) % n;
	const all = [root];
	for (let i = 0; i < 100; i++) {
		const parent = all[random(all.length)];
		const node = random(2) && all.length > 1 ? all[1 + random(all.length - 1)] : document.createElement(["div", "p", "span", "b"][random(4)]);
		if (!all.includes(node)) all.push(node), node.className = "n" + all.length, node.append("text " + i);
		if (node.contains(parent)) continue;
		if (random(5) === 0) node.remove();
		else parent.insertBefore(node, parent.childNodes[random(parent.childNodes.length + 1)] ?? null);
		if (random(3) === 0 && node.firstChild instanceof Text) node.firstChild.data = "changed " + i;
		if (i % 9 === 0) await new Promise(requestAnimationFrame);
	}
})()`

func TestScrolledBoxesAndDialogs(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	browser.Eval[any](p.customer, `document.querySelector('a[href^="/product/"]').click()`)
	p.customer.Wait(`location.pathname.startsWith("/product/")`)
	p.follows(t, "/product/")
	browser.Eval[any](p.customer, `document.querySelector(".reviews-box").scrollTop = 60`)
	want := browser.Eval[int](p.customer, `Math.round(document.querySelector(".reviews-box").scrollTop)`)
	if want == 0 {
		t.Fatal("the reviews do not scroll")
	}
	p.agent.Wait(inMirror(fmt.Sprintf(`Math.round(doc.querySelector(".reviews-box").scrollTop) === %d`, want)))
	browser.Eval[any](p.customer, `document.querySelector("dialog").showModal()`)
	p.agent.Wait(inMirror(`doc.querySelector("dialog").matches(":modal")`))
	browser.Eval[any](p.customer, `document.querySelector("dialog").close()`)
	p.agent.Wait(inMirror(`!doc.querySelector("dialog").open`))
}

func TestBehindALogin(t *testing.T) {
	t.Parallel()
	p := connect(t, "/login")
	browser.Eval[any](p.customer, `(f => { f.querySelector("input[type=password]").value = "demo"; f.querySelector("input:not([type=password]):not([type=hidden])").value = "Kim"; f.requestSubmit() })(document.querySelector("main form"))`)
	p.customer.Wait(`location.pathname === "/account"`)
	p.follows(t, "/account")
	t.Run("an image that only this customer may load", func(t *testing.T) {
		p.agent.Wait(inMirror(`[...doc.images].some(i => i.naturalWidth > 0 && i.src.startsWith("blob:"))`))
	})
	t.Run("a shadow root and its constructed style sheet", func(t *testing.T) {
		shadow := `(doc => { const e = [...doc.querySelectorAll("*")].find(e => e.shadowRoot); return e && e.shadowRoot.textContent.replace(/\s+/g, " ").trim() + " " + e.shadowRoot.adoptedStyleSheets.length + " " + JSON.stringify(e.getBoundingClientRect()) })`
		want := browser.Eval[string](p.customer, shadow+`(document)`)
		p.agent.Wait(inMirror(fmt.Sprintf(`%s(doc) === %q`, shadow, want)))
	})
}

func TestWhatBreaksCaptureDoesNotReachThePage(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	browser.Eval[any](p.customer, `(async () => {
		window.pageErrors = [];
		addEventListener("error", event => pageErrors.push(event.message));
		const real = Object.getOwnPropertyDescriptor(Element.prototype, "shadowRoot");
		Object.defineProperty(Element.prototype, "shadowRoot", {configurable: true, get() { throw new Error("the page broke this") }});
		document.querySelector("main").prepend(Object.assign(document.createElement("p"), {id: "after", textContent: "after the failure"}));
		await new Promise(resolve => setTimeout(resolve, 300));
		Object.defineProperty(Element.prototype, "shadowRoot", real);
	})()`)
	p.agent.Wait(inMirror(`doc.querySelector("#after")?.textContent === "after the failure"`))
	if errors := browser.Eval[[]string](p.customer, `pageErrors`); len(errors) > 0 {
		t.Errorf("the page saw errors: %q", errors)
	}
}

func TestTheConsoleTakesUpItsSessionAfterAReload(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	p.agent.Reload()
	p.agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	browser.Eval[any](p.customer, `document.querySelector("h1").textContent = "Still here"`)
	p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "Still here"`))
	other := browser.Open(t, 800, 600)
	other.Go(p.shop.agent)
	other.Fill("Support code", p.code)
	other.Click("button", "Join")
	other.Until("the one message for codes that are wrong, expired or used", func() bool { return strings.Contains(other.Text(), "not valid") })
}
