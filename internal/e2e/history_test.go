package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// An agent has a session with a customer who logs in and walks about, and finds it in the history afterwards: who it was, where, and how it ended.
func TestAgentsFindSessionsInTheHistory(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	p := connect(t, "/")
	stranger := browser.Open(t, 800, 600)
	stranger.Go(p.shop.customer + "/_qwelp/agent/history")
	if text := stranger.Text(); strings.Contains(text, "Duration") || !strings.Contains(text, "token") {
		t.Errorf("somebody who is no agent sees %q", text)
	}
	walk := func(path string) {
		t.Helper()
		p.customer.Go(p.shop.customer + path)
		p.agent.Wait(`document.querySelector(".page-url").textContent.endsWith("` + path + `")`)
		p.agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	}
	walk("/login")
	p.customer.Fill("Your name", "Ada <b>Lovelace</b>")
	p.customer.Fill("Password", "demo")
	p.customer.Click("button", "Log in")
	p.agent.Wait(`document.querySelector(".page-url").textContent.endsWith("/account")`)
	browser.Eval[any](p.customer, api+`.then(({ startQwelpSession }) => void startQwelpSession({ metaData: { plan: "gold", cart: { items: ["heath-throw", 2] } } }))`)
	p.agent.Wait(`document.querySelector("#details").textContent.includes("gold")`)
	// A page that moves on without loading, as apps do that are one page.
	for _, path := range []string{"/account/orders", "/account/orders/4711-ada@example.com", "/account/orders"} {
		browser.Eval[any](p.customer, `void history.pushState({}, "", "`+path+`")`)
		p.agent.Wait(`document.querySelector(".page-url").textContent.endsWith("` + path + `")`)
	}
	p.agent.ClickUntilGone("button", "End session")

	// The card at the end sums it up, takes notes, and leads to the session in the history.
	p.agent.WaitFor("button", "Save notes")
	if got := browser.Eval[string](p.agent, `document.querySelector(".summary").innerText.replace(/\s+/g, " ")`); !regexp.MustCompile(`^Duration \d+:\d\d Pages 6 Customer Ada <b>Lovelace</b> ✓ verified Session ID [A-Z2-7]{26} ?Copy$`).MatchString(got) {
		t.Errorf("the summary is %q", got)
	}
	p.agent.Permit("clipboard-write", true)
	p.agent.Click("button", "Copy the session ID")
	p.agent.Wait(`document.querySelector(".summary [role=status]").textContent === "Copied"`)
	p.agent.Fill("Notes", "Wants a <i>throw</i>,\nsecond line")
	p.agent.Click("button", "Save notes")
	p.agent.Wait(`document.querySelector("#notes-said").textContent === "Saved."`)
	browser.Eval[any](p.agent, `document.querySelector("#notes").value = "é".repeat(2049)`)
	p.agent.Click("button", "Save notes")
	p.agent.Wait(`document.querySelector("#notes-said").textContent.includes("too long")`)
	p.agent.Click("button", "Join another session") // would lose them
	p.agent.Wait(`document.querySelector("#notes-said").textContent.includes("too long") && document.querySelector("#notes").checkVisibility()`)
	axe := func(where string) {
		t.Helper()
		if !browser.Eval[bool](p.agent, `"axe" in window`) {
			browser.Eval[any](p.agent, "(() => {"+string(source)+"})()")
		}
		for _, violation := range browser.Eval[[]string](p.agent, `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })
			.then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 200) + " " + failureSummary)))`) {
			t.Errorf("%s: %s", where, violation)
		}
	}
	for _, scheme := range []string{"dark", "light"} {
		p.agent.Media("prefers-color-scheme: " + scheme)
		axe("the end, " + scheme)
		p.agent.Screenshot("end-" + scheme)
	}
	browser.Eval[any](p.agent, `document.querySelector("#notes").value = "Wants a <i>throw</i>,\nand more"`)
	p.agent.Click("link", "This session in the history") // what is not saved is saved by itself
	p.agent.WaitFor("heading", "Session history")
	p.agent.Until("the notes of the session", func() bool {
		p.agent.Reload()
		return browser.Eval[string](p.agent, `[...document.querySelectorAll("tbody tr")].length + [...document.querySelectorAll(".note")].map((note) => note.textContent).join()`) == "1Support agentWants a <i>throw</i>,and more"
	})
	p.agent.BeforeEachPage(`{
		const { resolvedOptions } = Intl.DateTimeFormat.prototype;
		Intl.DateTimeFormat.prototype.resolvedOptions = function () { return { ...resolvedOptions.call(this), timeZone: "Asia/Kolkata" } };
	}`)
	p.agent.Click("link", "Support console")
	p.agent.WaitFor("link", "Session history")
	p.agent.Screenshot("history-link")
	p.agent.Click("link", "Session history")
	p.agent.Until("the agent's own time zone", func() bool { return strings.Contains(p.agent.Text(), "Started (Asia/Kolkata)") })

	rows := func() string {
		return browser.Eval[string](p.agent, `[...document.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").trim()).join(" | ")).join("\n")`)
	}
	var got string
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the history says\n%s\n%s", got, p.log)
		}
	})
	p.agent.Until("the session in the history", func() bool {
		p.agent.Go(p.shop.customer + "/_qwelp/agent/history?text=lovelace&verified=1")
		got = rows()
		return strings.Contains(got, "An agent ended it") && strings.Contains(got, ":id") && strings.Contains(got, "Direct")
	})
	for _, want := range []string{
		"customer ✓ verified Ada <b>Lovelace</b>", "cartItems ✓ verified 0", "plan unverified gold", "cart › items › 0 unverified heath-throw", "Support agent",
		"//login/account/account/orders/account/orders/:id/account/orders",
	} {
		if !strings.Contains(strings.ReplaceAll(got, "…", ""), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "4711") {
		t.Errorf("an id is in the history:\n%s", got)
	}
	if file := browser.Eval[string](p.agent, `[...document.links].find(({ textContent }) => textContent === "Download CSV").search`); file != "?format=csv&text=lovelace&verified=1" {
		t.Errorf("the file is that of %s", file)
	}
	p.agent.Click("link", "Show all")
	p.agent.WaitFor("link", "Support console")
	p.agent.Click("link", "Support agent") // all sessions of this one
	p.agent.Wait(`location.search.includes("agent=agent-token") && document.querySelectorAll("tbody tr").length === 1`)

	// By keyboard alone: the search, then the pages of the session.
	browser.Eval[any](p.agent, `void document.querySelector("#text").focus()`)
	p.agent.Type("nobody\r")
	p.agent.Until("that nobody is found", func() bool { return strings.Contains(p.agent.Text(), "No sessions like that") })
	p.agent.Screenshot("history-none")
	p.agent.Go(p.shop.customer + "/_qwelp/agent/history?from=2026-02-30")
	p.agent.Until("what is wrong with the date", func() bool { return strings.Contains(p.agent.Text(), "A date looks like") })
	p.agent.Go(p.shop.customer + "/_qwelp/agent/history")
	browser.Eval[any](p.agent, `void document.querySelector("summary").focus()`)
	p.agent.Type(" ")
	p.agent.Wait(`document.querySelector("details").open`)
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"desktop", 1280, 800}, {"phone", 390, 844}, {"narrow", 320, 640}} {
		p.agent.Resize(size.width, size.height)
		for _, scheme := range []string{"light", "dark"} {
			p.agent.Media("prefers-color-scheme: " + scheme)
			p.agent.Screenshot("history-" + size.name + "-" + scheme)
			if wide := browser.Eval[bool](p.agent, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Errorf("%s: it has to be scrolled sideways", size.name)
			}
			axe(size.name + ", " + scheme)
		}
	}
	for _, complaint := range p.agent.Complaints() {
		if !strings.Contains(complaint, "400 (Bad Request)") { // as for the date
			t.Errorf("the browser complains: %s", complaint)
		}
	}
}
