package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// members are the functions of a page that capture listens to: methods, getters and setters.
const members = `(() => {
	const table = {
		Element: "attachShadow animate", Animation: "play currentTime", FontFaceSet: "add", HTMLSlotElement: "assign", FontFace: "constructor", HTMLElement: "attachInternals", Document: "adoptedStyleSheets", ShadowRoot: "adoptedStyleSheets",
		CustomStateSet: "add clear delete", StyleSheet: "disabled", CSSStyleSheet: "insertRule deleteRule replace replaceSync addRule removeRule",
		CSSGroupingRule: "insertRule deleteRule", CSSStyleRule: "insertRule selectorText style styleMap", CSSKeyframesRule: "appendRule name",
		CSSStyleDeclaration: "setProperty removeProperty cssText", MediaList: "mediaText appendMedium", Function: "toString",
	};
	const found = {};
	for (const [type, names] of Object.entries(table)) for (const name of names.split(" ")) {
		const d = Object.getOwnPropertyDescriptor(window[type].prototype, name);
		if (name === "constructor" && d.value !== window[type]) return {};
		for (const key of ["value", "get", "set"]) if (d[key]) found[[type, name, key]] = [d[key], JSON.stringify([d[key].name, d[key].length, d[key].toString(), Function.prototype.toString.call(d[key]), Object.keys(d), d.enumerable, d.configurable, d.writable, Object.getOwnPropertyNames(d[key]), "prototype" in d[key], tries(d[key])])];
	}
	function tries(f) {
		const told = [];
		for (const attempt of [() => f(), () => f.call({}), () => new f(), () => f.call(document.createElement("br"), {mode: "closed"})]) try { const r = attempt(); r?.catch?.(() => 0); told.push(String(r)) } catch (e) { told.push(e.name + e.message + (e instanceof Error)) }
		return told;
	}
	return found;
})()`

func TestThePageCannotTellThatItsFunctionsAreListenedTo(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	p := &pair{shop: s, customer: browser.Open(t, 1000, 700), agent: browser.Open(t, 1280, 900)}
	p.customer.Go(s.customer + "/")
	browser.Eval[any](p.customer, `void (window.before = `+members+`)`)
	p.code = startSession(p.customer)
	join(s, p.customer, p.agent, p.code)
	p.agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	told := browser.Eval[[]string](p.customer, `(now => Object.keys(before).filter(k => before[k][1] !== now[k]?.[1]).map(k => k + ": " + before[k][1] + " is now " + now[k]?.[1]))(`+members+`)`)
	if len(told) > 0 {
		t.Errorf("it tells:\n%s", strings.Join(told, "\n"))
	}
	if hooked := browser.Eval[int](p.customer, `(now => Object.keys(before).filter(k => before[k][0] !== now[k][0]).length)(`+members+`)`); hooked == 0 {
		t.Error("nothing is listened to")
	}
	// A library that wraps a function meanwhile keeps it.
	browser.Eval[any](p.customer, `void (window.wrapped = CSSStyleSheet.prototype.insertRule, CSSStyleSheet.prototype.insertRule = function (...args) { window.calls = (window.calls ?? 0) + 1; return wrapped.apply(this, args) })`)
	p.customer.Click("button", "End session")
	p.customer.WaitGone("button", "End session")
	left := browser.Eval[[]string](p.customer, `(now => Object.keys(before).filter(k => before[k][0] !== now[k][0]))(`+members+`)`)
	if got := strings.Join(left, " "); got != "CSSStyleSheet,insertRule,value" {
		t.Errorf("after the session the page still has, not its own but: %s", got)
	}
	if works := browser.Eval[bool](p.customer, `(s => (s.insertRule("a { color: red }"), s.cssRules.length === 1 && calls > 0))(new CSSStyleSheet())`); !works {
		t.Error("the wrapped function does not work any more")
	}
	if errors := p.customer.Errors(); len(errors) > 0 {
		t.Error(strings.Join(errors, "\n"))
	}
}

// What script does to style sheets and shadow roots reaches the agent, though no event tells of it.
func TestTheAgentSeesWhatNoEventTells(t *testing.T) {
	t.Parallel()
	p := support(t, startSite(t, pages{"/": `<!doctype html><title>Edits</title>` + noIcon + `<main><style id=s>#box { width: 10px; height: 10px } @media all { #box { margin: 0 } }</style>
		<div id=box></div><div id=late></div><div id=shut></div><iframe id=inner srcdoc="<style>p { width: 50px }</style><p>in"></iframe></main>`}), "/")
	browser.Eval[any](p.customer, `void (window.sheet = document.querySelector("#s").sheet)`)
	p.agent.Wait(inMirror(`doc.querySelector("#box")?.offsetWidth === 10 && doc.querySelector("#inner").contentDocument?.querySelector("p")`))
	for _, c := range []struct{ name, script, seen string }{
		{"insertRule", `sheet.insertRule("#box { height: 21px }", sheet.cssRules.length)`, `doc.querySelector("#box").offsetHeight === 21`},
		{"deleteRule", `sheet.deleteRule(sheet.cssRules.length - 1)`, `doc.querySelector("#box").offsetHeight === 10`},
		{"rule.style.x = …", `sheet.cssRules[0].style.width = "22px"`, `doc.querySelector("#box").offsetWidth === 22`},
		{"rule.style = …", `sheet.cssRules[0].style = "width: 23px; height: 10px"`, `doc.querySelector("#box").offsetWidth === 23`},
		{"setProperty", `sheet.cssRules[0].style.setProperty("width", "24px")`, `doc.querySelector("#box").offsetWidth === 24`},
		{"a style object held before", `void (window.held = sheet.cssRules[0].style), new Promise(r => setTimeout(r, 300)).then(() => held.width = "25px")`, `doc.querySelector("#box").offsetWidth === 25`},
		{"styleMap", `sheet.cssRules[0].styleMap.set("width", CSS.px(26)), 0`, `doc.querySelector("#box").offsetWidth === 26`},
		{"a rule in a group", `sheet.cssRules[1].insertRule("#box { margin-left: 7px }", 1)`, `getComputedStyle(doc.querySelector("#box")).marginLeft === "7px"`},
		{"the group's condition", `sheet.cssRules[1].media.mediaText = "print"`, `getComputedStyle(doc.querySelector("#box")).marginLeft === "0px"`},
		{"selectorText", `sheet.cssRules[0].selectorText = "#elsewhere"`, `doc.querySelector("#box").offsetWidth > 100`},
		{"disabled", `sheet.disabled = true`, `doc.querySelector("#box").offsetHeight === 0`},
		{"a document adopts", `void (window.made = new CSSStyleSheet(), made.replaceSync("#box { height: 31px }"), document.adoptedStyleSheets.push(made))`, `doc.querySelector("#box").offsetHeight === 31`},
		{"replace", `made.replace("#box { height: 32px }").then(() => 0)`, `doc.querySelector("#box").offsetHeight === 32`},
		{"no longer adopted", `void (document.adoptedStyleSheets = [])`, `doc.querySelector("#box").offsetHeight === 0`},
		{"an open root, late, in an element that is not custom", `void (document.querySelector("#late").attachShadow({mode: "open"}).innerHTML = "<b>open</b>")`, `doc.querySelector("#late").shadowRoot?.textContent === "open"`},
		{"a closed root, late", `void (window.shut = document.querySelector("#shut").attachShadow({mode: "closed"}), shut.innerHTML = '<div style="height: 20px; overflow: auto"><b>closed</b><p style="height: 90px"></div>')`, `doc.querySelector("#shut").shadowRoot?.textContent === "closed"`},
		{"what changes in it", `shut.querySelector("b").textContent = "still closed"`, `doc.querySelector("#shut").shadowRoot.textContent === "still closed"`},
		{"what scrolls in it", `shut.firstChild.scrollTop = 30`, `doc.querySelector("#shut").shadowRoot.firstChild.scrollTop === 30`},
		{"the same in a frame", `document.querySelector("#inner").contentDocument.styleSheets[0].cssRules[0].style.width = "60px"`, `doc.querySelector("#inner").contentDocument.querySelector("p").offsetWidth === 60`},
	} {
		t.Run(c.name, func(t *testing.T) {
			browser.Eval[any](p.customer, c.script)
			p.agent.Wait(inMirror(c.seen))
		})
	}
}
