package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

func TestTheCustomerIsAskedBeforeAnybodySeesThePage(t *testing.T) {
	t.Parallel()
	q, s, _ := served(t, middleware.Options{}, pages{
		"/": `<!doctype html>` + noIcon + `<title>One</title><h1>One</h1>`, "/two": `<!doctype html>` + noIcon + `<title>Two</title><h1>Two</h1>`,
	})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	asked := func() bool { return strings.Contains(customer.Text(), "wants to see this website") }
	customer.Go(s.customer + "/")
	enter(s, agent, startSession(customer))
	customer.Until("the question", asked)
	customer.Screenshot("consent")
	if stats := q.Stats(); stats.Packets > 0 || stats.Messages > 0 || stats.RelayLinks+stats.ChannelLinks > 0 {
		t.Errorf("before the customer has agreed: %+v", stats)
	}
	// What is pressed before one could read it does not count.
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "One"`))
	customer.Go(s.customer + "/two")
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Two"`))
	agent.Reload()
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Two"`))
	if asked() {
		t.Error("the customer is asked again")
	}
	customer.Click("button", "End session")
	agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "Join another session") })

	agent.Click("button", "Join another session")
	customer.Go(s.customer + "/")
	code := startSession(customer)
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	customer.Until("the question", asked)
	customer.Until("that it is declined", func() bool {
		if asked() {
			customer.Click("button", "Decline")
		}
		return !asked()
	})
	agent.Until("that it was declined", func() bool { return strings.Contains(agent.Text(), "The customer declined and has shown you nothing.") })
	if strings.Contains(agent.Text(), "Duration") {
		t.Error("what was declined is said to have lasted")
	}
	customer.Until("that it was declined", func() bool { return strings.Contains(customer.Text(), "You have declined.") })
	unharmed(t, customer)
}
