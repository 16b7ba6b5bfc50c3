package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// Every row of the browser API's event table.
func TestEveryEventOfTheBrowserAPIFires(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	customer, agent := browser.Open(t, 1000, 700), browser.OpenAlone(t, 1000, 700)
	customer.Go(s.customer + "/")
	if got := browser.Eval[bool](customer, api+`.then(m => m.QwelpSenderSession.runningSession === undefined)`); !got {
		t.Error("runningSession is set before a session has started")
	}
	browser.Eval[any](customer, api+`.then(m => {
		window.fired = [];
		window.session = m.startQwelpSession();
		for (const type of ["start", "stop", "reconnect", "connected", "status", "signallerState"]) {
			session.addEventListener(type, () => { throw new Error("a listener of the page fails") });
			session.addEventListener(type, payload => fired.push([type, payload]));
		}
		window.removed = () => fired.push(["removed", null]);
		session.addEventListener("status", removed);
		session.removeEventListener("status", removed);
	})`)
	code := startSession(customer)
	if got := browser.Eval[string](customer, `session.getSupportCode()`); got != digits(code) {
		t.Errorf("getSupportCode() is %q, want %q", got, digits(code))
	}
	join(s, customer, agent, code)
	customer.Wait(`session.getState().state === "Connected"`)
	customer.Wait(`session.getSupportDuration() > 0`)
	if !browser.Eval[bool](customer, api+`.then(m => m.QwelpSenderSession.runningSession === session)`) {
		t.Error("runningSession is not the session that runs")
	}
	fired := firedEvents(customer)
	for _, want := range []string{
		"start null", `signallerState {"code":"` + digits(code) + `","connected":true}`, `connected {"connected":true}`,
		`status {"message":"Read this code to the agent.","state":"Waiting"}`, "status Connected",
	} {
		if !slices.ContainsFunc(fired, func(e string) bool {
			return e == want || strings.HasSuffix(want, "Connected") && strings.Contains(e, `"state":"Connected"`)
		}) {
			t.Errorf("no event %s; fired:\n%s", want, strings.Join(fired, "\n"))
		}
	}
	// The agent's browser vanishes: the data channel closes.
	agent.Close()
	customer.Wait(`fired.some(([type]) => type === "reconnect")`)
	customer.Wait(`fired.some(([type, payload]) => type === "connected" && payload.connected === false)`)
	browser.Eval[any](customer, `session.stop()`)
	fired = firedEvents(customer)
	for _, want := range []string{"stop null", `status {"message":"You have ended the session.","state":"Stopped"}`} {
		if !slices.Contains(fired, want) {
			t.Errorf("no event %s; fired:\n%s", want, strings.Join(fired, "\n"))
		}
	}
	if slices.ContainsFunc(fired, func(e string) bool { return strings.HasPrefix(e, "removed") }) {
		t.Error("a removed listener was called")
	}
}

func TestTheAPIGoesOnOnTheNextPage(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	before := browser.Eval[int](p.customer, api+`.then(m => m.QwelpSenderSession.runningSession.getSupportDuration())`)
	p.customer.Go(p.shop.customer + "/cart")
	p.customer.Wait(api + `.then(m => m.QwelpSenderSession.runningSession?.getState().state === "Connected")`)
	after := browser.Eval[int](p.customer, api+`.then(m => m.QwelpSenderSession.runningSession.getSupportDuration())`)
	if after < before {
		t.Errorf("the support duration fell from %d to %d ms", before, after)
	}
	if got := sessionCode(p.customer); got != digits(p.code) {
		t.Errorf("the code is %q on the next page, want %q", got, digits(p.code))
	}
}

func TestThereIsOneButtonHoweverOftenItIsAskedFor(t *testing.T) {
	s := startShop(t, "")
	customer := browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	browser.Eval[any](customer, api+`.then(m => { m.startQwelpSession(); m.startQwelpSession({branding: {dialogTitle: "Ask Larch"}}) })`)
	customer.WaitFor("button", "Ask Larch")
	if customer.Has("button", "Get support") {
		t.Error("there are two buttons")
	}
}

const api = `import("/_qwelp/current/index.js")`

func firedEvents(customer *browser.Page) (events []string) {
	type event = [2]any
	for _, e := range browser.Eval[[]event](customer, `fired`) {
		payload := "null"
		if m, ok := e[1].(map[string]any); ok {
			payload = compact(m)
		}
		events = append(events, fmt.Sprint(e[0], " ", payload))
	}
	return events
}

// compact is JSON with its keys in order.
func compact(m map[string]any) string {
	text, _ := json.Marshal(m)
	return string(text)
}
