package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// hostileSender serves a page whose sender has another capture: it shows what the test says.
func hostileSender(t *testing.T, capture string) *shop {
	t.Helper()
	q, err := middleware.New(middleware.Options{Settings: sender.Settings{}, Signal: signal.Config{Agents: signal.AgentToken(token)}})
	if err != nil {
		t.Fatal(err)
	}
	script := bundle(t, capture)
	app := q.Wrap(pages{"/": `<!doctype html><title>Hostile</title>` + noIcon + `<h1>Hostile</h1>`})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/capture.js") {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, script)
			return
		}
		app.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return &shop{t: t, customer: server.URL, agent: server.URL + "/_qwelp/agent/?token=" + token}
}

// Where browsers do not run the mirror in a process of its own, as over plain HTTP, pages have bounds: what is beyond is left out, and the agent is told.
func TestPagesThatCostTooMuchFreezeNoConsole(t *testing.T) {
	t.Parallel()
	s := hostileSender(t, "internal/e2e/testdata/bombs/capture.ts")
	customer, agent := browser.Open(t, 900, 700), browser.OpenWith(t, 1280, 900, "shop.test")
	customer.Go(s.customer + "/")
	s.agent = strings.Replace(s.agent, "127.0.0.1", "shop.test", 1)
	join(s, customer, agent, startSession(customer))
	agent.Wait(`document.title.startsWith("honest")`)
	if browser.Eval[bool](agent, `isSecureContext`) {
		t.Fatal("the console is isolated from the mirror: this shows nothing")
	}
	// What browsers do quickly, and must go on doing so.
	cheap := []string{"at-rules that do not end", "flex in flex", "grid in grid", "tables in tables", "formulas in formulas", "containers in containers"}
	for _, bomb := range browser.Eval[[]string](customer, `[...bombs, ...others]`) {
		t.Run(bomb, func(t *testing.T) {
			customer, agent := customer.For(t), agent.For(t)
			browser.Eval[any](customer, fmt.Sprintf(`bomb(%q)`, bomb))
			agent.Wait(fmt.Sprintf(`document.title.startsWith(%q)`, bomb))
			if !slices.Contains(cheap, bomb) {
				agent.Until("that parts are not shown", func() bool { return strings.Contains(agent.Text(), "Parts of this page are not shown") })
			}
			browser.Eval[any](customer, `bomb("honest")`)
			agent.Wait(inMirror(`doc.body.textContent === "An honest page"`))
			agent.Until("that all is shown", func() bool { return !strings.Contains(agent.Text(), "Parts of this page are not shown") })
		})
	}
	browser.Eval[any](customer, `bomb("uses of uses")`)
	agent.Wait(`document.title.startsWith("uses")`)
	agent.ClickUntilGone("button", "End session")
	agent.WaitFor("button", "Join another session")
}

// Whatever happens to the mirror, the console says that the picture is frozen, has it made anew, and ends the session: it runs in another process.
func TestAgentsEndSessionsWhateverTheCustomersPageCosts(t *testing.T) {
	t.Parallel()
	s := hostileSender(t, "internal/e2e/testdata/bombs/capture.ts")
	customer, agent := browser.OpenAlone(t, 900, 700), browser.OpenAlone(t, 1280, 900)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	// freeze has the mirror do something that does not end.
	freeze := func() {
		t.Helper()
		agent.Wait(inMirror(`doc.body.textContent === "An honest page"`))
		browser.Eval[any](agent, inMirror(`void setTimeout(() => { for (;;); })`))
	}
	freeze()
	agent.WaitFor("button", "Reload picture")
	if text := agent.Text(); !strings.Contains(text, "Not responding") || strings.Contains(text, "Live") {
		t.Errorf("while the picture is frozen the console says %q", text)
	}
	agent.Screenshot("frozen")
	agent.Click("button", "Reload picture")
	agent.Wait(inMirror(`doc.body.textContent === "An honest page"`))
	agent.WaitGone("button", "Reload picture")
	agent.Until("that the picture is live", func() bool { return strings.Contains(agent.Text(), "Live") })
	freeze()
	agent.ClickUntilGone("button", "End session")
	agent.WaitFor("button", "Join another session")
}
