package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/webdriver"
	"github.com/qwelp/qwelp-go/middleware"
)

// By keyboard alone: what has the focus, and what a screen reader calls it.
func TestTheDialogByKeyboardInEachBrowser(t *testing.T) {
	t.Parallel()
	inBrowsers(t, func(t *testing.T, name string) {
		q, s, _ := served(t, middleware.Options{}, pages{"/": laidOpen + `<title>Keys</title></head><body><main><h1>Keys</h1><input aria-label="Note"><dialog>Modal</dialog></main></body></html>`})
		customer := openIn(t, name, 800, 600).(*webdriver.Page)
		customer.Go(s.customer + "/")
		customer.WaitFor("button", "Get support")
		customer.Click("textbox", "Note")
		focused := func(role, name string) {
			t.Helper()
			var is [2]string
			customer.Until(role+" "+name+" with the focus", func() bool { is[0], is[1] = customer.Focused(); return is == [2]string{role, name} })
		}
		// tabTo presses Tab until something has the focus.
		tabTo := func(name string) {
			t.Helper()
			var passed []string
			for range 12 {
				if _, is := customer.Focused(); is == name {
					return
				} else {
					passed = append(passed, is)
				}
				customer.Press(webdriver.Tab)
			}
			t.Fatalf("Tab does not lead to %q, but to %q", name, passed)
		}
		offers := func(names ...string) {
			t.Helper()
			customer.Until("the buttons "+strings.Join(names, ", "), func() bool { return slices.Equal(customer.Names("button"), names) })
		}
		focused("textbox", "Note")
		tabTo("Get support")
		customer.Press(webdriver.Enter)
		focused("dialog", "Get support")
		offers("Start session", "Hide the support button", "Close")
		customer.Press(webdriver.Escape)
		customer.WaitGone("button", "Start session")
		focused("button", "Get support")
		customer.Press(webdriver.Space)
		focused("dialog", "Get support")
		if text := customer.Text(); !strings.Contains(text, "You can end it at any time.") {
			t.Errorf("the dialog says %q", text)
		}
		tabTo("Start session")
		customer.Press(webdriver.Enter)
		customer.WaitFor("button", "Cancel")
		var code string
		customer.Until("a support code", func() bool {
			code = strings.Join(customer.Texts("status", ""), "")
			return len(digits(code)) == 9
		})
		customer.Screenshot("code-" + name)
		robot, err := agent.Join(t.Context(), s.customer, code, agent.Options{Token: token, Name: "Robot"})
		if err != nil {
			t.Fatal(err)
		}
		customer.WaitFor("button", "Allow")
		if text := customer.Text(); !strings.Contains(text, "Robot wants to see this website") {
			t.Errorf("the question is %q", text)
		}
		// No script presses anything.
		evaluate[any](t, customer, `[...document.querySelector("qwelp-support").shadowRoot.querySelectorAll("button")].forEach(button => { button.click(); button.dispatchEvent(new MouseEvent("click", {bubbles: true, composed: true, detail: 1})) })`)
		if stats := q.Stats(); stats.Packets > 0 || !customer.Has("button", "Allow") {
			t.Error("a script has answered for the customer")
		}
		tabTo("Allow")
		customer.Until("that the question is answered", func() bool {
			if _, is := customer.Focused(); is == "Allow" {
				customer.Press(webdriver.Enter)
			}
			return !customer.Has("button", "Allow")
		})
		if err := robot.WaitFor(t.Context(), func(p *agent.Page) bool { return !p.Loading && strings.Contains(p.Text(), "Keys") }); err != nil {
			t.Fatal(err)
		}
		customer.Until("who is viewing", func() bool { return strings.Contains(customer.Text(), "Robot is viewing this page") })
		tabTo("Pause sharing")
		customer.Press(webdriver.Space)
		customer.WaitFor("button", "Resume sharing")
		focused("button", "Resume sharing")
		if err := robot.WaitFor(t.Context(), func(p *agent.Page) bool { return p.Paused }); err != nil {
			t.Fatal(err)
		}
		customer.Press(webdriver.Enter)
		customer.WaitFor("button", "Pause sharing")
		customer.Screenshot("indicator-" + name)

		// The indicator stays on top of the page's modal dialogs, and can be pressed there.
		evaluate[any](t, customer, `document.querySelector("dialog").showModal()`)
		customer.Click("button", "Pause sharing")
		customer.WaitFor("button", "Resume sharing")
		evaluate[any](t, customer, `document.querySelector("dialog").close()`)
		tabTo("End session")
		customer.Press(webdriver.Enter)
		customer.WaitFor("button", "Start session")
		<-robot.Done()
		if text := customer.Text(); !strings.Contains(text, "You have ended the session.") {
			t.Errorf("at the end the dialog says %q", text)
		}
		calm(t, customer)
	}, "firefox", "webkit")
}
