package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
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
	for _, request := range agent.Requests() {
		if strings.Contains(request, "token") || strings.Contains(request, "mistyped") {
			t.Errorf("a request for %s", request)
		}
	}
}
