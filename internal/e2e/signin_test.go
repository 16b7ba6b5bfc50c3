package e2e

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

// An agent types the token, wrong first, into the form of a link whose token was wrong too, and is in; the token is in no address.
func TestAnAgentSignsInByTheForm(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	agent := browser.Open(t, 800, 600)
	agent.Go(s.customer + "/_qwelp/agent/?token=of-last-week")
	agent.Wait(`document.querySelector("[role=alert]") !== null`)
	agent.CountRequests()
	agent.Fill("Agent token", "mistyped")
	agent.Click("button", "Sign in")
	agent.Wait(`location.search === "" && document.querySelector("[role=alert]") !== null`)
	agent.Fill("Agent token", token)
	agent.Click("button", "Sign in")
	agent.WaitFor("button", "Join")
	if at := browser.Eval[string](agent, "location.href"); at != s.customer+"/_qwelp/agent/" {
		t.Errorf("the agent is at %s", at)
	}
	if text := agent.Text(); !strings.Contains(text, "You are signed in.") || !agent.Has("textbox", "Your name") {
		t.Errorf("the console of an agent without a name says %q", text)
	}
	agent.Click("button", "Sign out")
	agent.WaitFor("textbox", "Agent token")
	agent.Go(s.customer + "/_qwelp/agent/history")
	agent.WaitFor("textbox", "Agent token")
	for _, request := range agent.Requests() {
		if strings.Contains(request, "token") || strings.Contains(request, "mistyped") {
			t.Errorf("a request for %s", request)
		}
	}
}

// The app knows its agents: nobody is asked for a name, and customers see the app's. Who signs out in the console is signed out of the app.
func TestAnAgentWhomTheAppKnowsIsNotAskedForAName(t *testing.T) {
	t.Parallel()
	signedIn := true
	var mu sync.Mutex
	agents := signal.AuthorizerFunc(func(*http.Request) (signal.Agent, error) {
		mu.Lock()
		defer mu.Unlock()
		if !signedIn {
			return signal.Agent{}, errors.New("not signed in")
		}
		return signal.Agent{ID: "7", Name: "Ana Núñez <b>"}, nil
	})
	signOut := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		signedIn = false
		http.Redirect(w, r, "/bye", http.StatusSeeOther) // is not followed
	}
	page := `<!doctype html>` + noIcon + `<title>A page</title><h1>A page</h1>`
	_, s, _ := served(t, middleware.Options{Signal: signal.Config{Agents: signal.WithSignOut(signal.WithLogin(agents, "/"), signOut)}}, pages{"/": page})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1280, 720)
	agent.Go(s.customer + "/_qwelp/agent") // without the slash all that stands beside it is found as well
	agent.WaitFor("button", "Join")
	if text := browser.Eval[string](agent, `document.querySelector(".account").textContent`); !strings.HasPrefix(text, "Signed in as Ana Núñez <b>Sign out") || agent.Has("textbox", "Your name") {
		t.Errorf("the console says %q", text)
	}
	agent.Screenshot("signed-in")
	agent.Media("prefers-color-scheme: dark")
	agent.Screenshot("signed-in-dark")
	customer.Go(s.customer + "/")
	agent.Fill("Support code", startSession(customer))
	agent.Click("button", "Join")
	customer.Until("the name that the app knows", func() bool { return strings.Contains(customer.Text(), "Ana Núñez <b> wants to see") })
	customer.ClickUntilGone("button", "Decline")
	agent.Click("button", "Join another session")
	agent.Click("button", "Sign out")
	agent.WaitFor("link", "Sign in")
	if at := browser.Eval[string](agent, "location.pathname"); at != "/_qwelp/agent/" {
		t.Errorf("the agent is at %s", at)
	}
}
