package e2e

import (
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

const loginPage = `<!doctype html><title>Sign in</title>` + noIcon + `<style>
	form, hgroup { margin: 5px; padding: 3px; border: 1px solid } form.flat { display: flex; gap: 4px } hgroup { padding: 9px }
	input[type=password] { width: 111px } [TYPE="Email"] { width: 122px } input[name=user] { height: 33px } [name^="q["]:read-write { height: 31px }
	input:read-only, textarea:read-only { background: rgb(1, 2, 3) } input:read-write { outline: 2px solid rgb(4, 5, 6) } [readonly] { color: rgb(7, 8, 9) }
	form:has([type=password]) { border-color: rgb(9, 9, 9) } p:read-only { color: rgb(3, 3, 3) } ::placeholder { color: rgb(5, 5, 5) }
</style><main>
	<form action="/in" id="form"><input id="user" name="user" autocomplete="username"><input id="password" name="password" type="password"><button id="button">Sign in</button></form>
	<form id="flat" class="flat"><input id="mail" type="email" name="email" value="a@b.example"><input id="new" type="PASSWORD" autocomplete="new-password"><input id="again" type="password" readonly></form>
	<hgroup id="group"><h1 id="h">Other fields</h1></hgroup><p id="p">A line</p>
	<input id="tel" type="tel" name="q[tel]" placeholder="Phone"><input id="search" type="search" value="x"><input id="url" type="url" disabled><input id="odd" type="odd"><input id="plain"><input id="number" type="number" value="3">
	<input id="date" type="date"><textarea id="area" name="area">x</textarea><textarea id="fixed" readonly></textarea><select id="select" name="s"><option>a</select>
	<label><input id="one" type="radio" name="r" value="1" checked>1</label><label><input id="two" type="radio" name="r" value="2">2</label>
	<table id="table"><tr><td id="cell">x</td></tr></table><div id="host"></div><iframe id="frame" srcdoc="<!doctype html><form id=form><input id=user><input id=password type=password></form>"></iframe></main>
	<script>
		document.querySelector("#table").prepend(document.createElement("form"));
		document.querySelector("#host").attachShadow({ mode: "open" }).innerHTML = '<form id="form"><input id="user"><input id="password" type="password"></form>';
	</script>`

// appearances is JavaScript: how everything with an id looks, in all the roots of doc.
const appearances = `(function look(root, all = []) {
	for (const e of root.querySelectorAll("[id]")) {
		const { defaultView: view } = e.ownerDocument, b = e.getBoundingClientRect(), s = view.getComputedStyle(e), p = view.getComputedStyle(e, "::placeholder");
		all.push([e.id, b.x, b.y, b.width, b.height, s.color, s.backgroundColor, s.borderTopColor, s.outlineColor, s.webkitTextSecurity, p.color].join(" "));
		if (e.shadowRoot) look(e.shadowRoot, all);
		if (e.id === "frame") look(e.contentDocument, all);
	}
	return all;
})(doc)`

// formFields is JavaScript: all fields and forms in the roots of doc.
const formFields = `(function find(root) {
	return [...root.querySelectorAll("input, textarea, select, form, #host, iframe")].flatMap(e => e.shadowRoot ? find(e.shadowRoot) : e.localName === "iframe" ? find(e.contentDocument) : e);
})(doc)`

// The agent's browser keeps a login for the origin of the app, which is the console's too. It fills nothing in the mirror, which looks as the customer's page does.
func TestNoFieldOfTheMirrorIsFilled(t *testing.T) {
	t.Parallel()
	s := startSite(t, pages{"/": loginPage})
	p := &pair{shop: s, customer: browser.OpenAlone(t, 1000, 700), agent: browser.OpenWithLogin(t, 1280, 900, s.customer, "ann", "swordfish")}
	p.agent.Go(s.customer + "/")
	p.agent.Wait(`document.querySelector("#password").matches(":autofill")`) // it would
	p.customer.Go(s.customer + "/")
	p.code = startSession(p.customer)
	join(s, p.customer, p.agent, p.code)
	check := func(what string) {
		t.Helper()
		p.agent.Wait(inMirror(`doc.querySelector("#frame")?.contentDocument?.querySelector("input")`))
		p.agent.ClickAt(640, 450)
		for _, bad := range browser.Eval[[]string](p.agent, inMirror(formFields+`.filter(e => e.id !== "control" && !e.querySelector?.("#control")).flatMap(e => [
			e.localName === "form" && "a form", e.type === "password" && "a password", e.name && e.type !== "radio" && "a name", e.autocomplete !== "off" && "autocomplete",
			/^(text|search|tel|url|email|textarea)$/.test(e.type) && !e.readOnly && "one that can be written in",
			e.matches(":autofill") && "one that is filled", /ann|swordfish/.test(e.value) && "the login",
		].filter(Boolean).map(bad => e.id + " is or has " + bad))`)) {
			t.Errorf("%s: %s", what, bad)
		}
	}
	check("the page")
	p.customer.Wait(`document.querySelector("#frame").contentDocument.querySelector("input")`)
	want := browser.Eval[[]string](p.customer, `(doc => `+appearances+`)(document)`)
	got := browser.Eval[[]string](p.agent, inMirror(appearances))
	for i, look := range want {
		if i >= len(got) || got[i] != look {
			t.Errorf("it looks like %q, want %q", append(got, "")[min(i, len(got))], look)
		}
	}
	for _, change := range []string{
		`document.querySelector("#plain").type = "password"`, `document.querySelector("#user").removeAttribute("name")`, `document.querySelector("#area").readOnly = true`,
		`document.querySelector("#fixed").readOnly = false`, `document.querySelector("#one").type = "password"`, `document.querySelector("#two").type = "text"`,
		`document.querySelector("#host").shadowRoot.append(document.querySelector("#form"))`, `document.querySelector("#new").type = "text"`,
		`document.querySelector("main").insertAdjacentHTML("beforeend", '<form><input name="login"><input type="password" id="last" autocomplete="current-password"></form>')`,
	} {
		browser.Eval[any](p.customer, change+`, 0`)
	}
	p.agent.Wait(inMirror(`doc.querySelector("#last")`))
	check("after changes")
	// What would be filled is.
	browser.Eval[any](p.agent, inMirror(`doc.querySelector("main").append(["text", "password"].reduce((form, type) => (form.append(Object.assign(doc.createElement("input"), { type, id: "control", autocomplete: type === "text" ? "username" : "current-password" })), form), doc.createElement("form"))), 0`))
	p.agent.Wait(inMirror(`doc.querySelector("#control[type=password]").matches(":autofill")`))
	check("when the browser has filled a field")
}
