package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// An agent that marks everything, at any length, with whatever numbers, covers nothing that the customer presses.
func TestAHostileAgentMarksInVain(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": pointed})
	customer := browser.Open(t, 1000, 700)
	customer.BeforeEachPage(ours)
	ctx, cancel := patience.Context(t.Context(), patience.Enough)
	defer cancel()
	customer.Go(s.customer + "/")
	robot, err := agent.Join(ctx, s.customer, startSession(customer), agent.Options{Token: token, Name: `</text><script>alert(1)</script>`})
	if err != nil {
		t.Fatal(err)
	}
	allow(customer)
	var button, body, text int
	if err := robot.WaitFor(ctx, func(p *agent.Page) bool {
		if buy := p.Element("buy"); buy != nil {
			button, text = int(buy.ID), int(buy.Children[0].ID)
		}
		for node := range p.Document.All {
			if node.Name == "body" && body == 0 {
				body = int(node.ID)
			}
		}
		return button != 0 && body != 0
	}); err != nil {
		t.Fatal(err)
	}
	mark := func(m wire.Mark) {
		t.Helper()
		if err := robot.Mark(m); err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int, what string) {
		t.Helper()
		var got int
		if !browser.Holds(func() bool {
			got = browser.Eval[int](customer, `window.ours.querySelectorAll("svg > svg").length`)
			return got == want
		}) {
			customer.Screenshot("marks")
			t.Fatalf("%s: %d marks, want %d", what, got, want)
		}
	}

	// What is no mark at all; then one that is, behind which all of that has come.
	for _, m := range []wire.Mark{
		{ID: 1, Node: 0, Kind: wire.MarkHighlight}, {ID: 2, Node: -1, Kind: wire.MarkHighlight}, {ID: 3, Node: 1 << 30, Kind: wire.MarkHighlight}, {ID: 4, Node: text, Kind: wire.MarkHighlight},
		{ID: 0, Node: body, Kind: wire.MarkHighlight}, {ID: -5, Node: body, Kind: wire.MarkHighlight},
	} {
		mark(m)
	}
	mark(wire.Mark{ID: 7, Node: button, Kind: wire.MarkHighlight})
	count(1, "one mark, and nothing for what is none")

	// Everything is covered, a hundred times.
	// Not all at once: a link sends again what has not been acknowledged when it takes another path, which counts as sent.
	for id := range 120 {
		mark(wire.Mark{ID: 100 + id, Node: body, Kind: wire.MarkHighlight})
		if id%10 == 9 {
			count(min(id+2, wire.MaxMarks), "no more marks than there may be")
		}
	}
	customer.Click("button", "Place order")
	customer.Wait(`presses.includes("buy")`)

	// One thing at a time is asked for, wherever.
	if err := robot.Unmark(0); err != nil {
		t.Fatal(err)
	}
	for id := range 5 {
		mark(wire.Mark{ID: 300 + id, Node: button, Kind: wire.MarkPress})
	}
	count(1, "one thing that is asked for")
	if texts := browser.Eval[int](customer, `ours.querySelectorAll("script").length`); texts > 0 {
		t.Error("the agent's name is markup")
	}

	// Strokes without an end, of numbers without a bound.
	if err := robot.Unmark(0); err != nil {
		t.Fatal(err)
	}
	stroke := make([]int, 2001)
	for i := range stroke {
		stroke[i] = []int{1 << 50, -1 << 50, 0, 5000}[i%4]
	}
	for i := range 15 {
		mark(wire.Mark{ID: 400, Node: button, Kind: wire.MarkPen, Points: stroke, More: i > 0})
	}
	mark(wire.Mark{ID: 401, Node: body, Kind: wire.MarkHighlight})
	count(2, "a stroke")
	if points := browser.Eval[int](customer, `Math.max(...[...ours.querySelectorAll("path")].map(path => (path.getAttribute("d") ?? "").split(/[MLQ]/).length))`); points > 2*wire.MaxMarkPoints {
		t.Errorf("a stroke has %d points", points)
	}
	if far := browser.Eval[string](customer, `[...ours.querySelectorAll("path")].map(path => path.getAttribute("d")).join()`); strings.Contains(far, "NaN") || strings.Contains(far, "e+") {
		t.Errorf("a stroke goes anywhere: %.300s", far)
	}

	// The page works, and is rid of all of it with the session.
	customer.Click("button", "Place order")
	customer.Wait(`presses.filter(id => id === "buy").length === 2`)
	customer.Click("button", "End session")
	count(0, "no marks without the agent")
	if errors := customer.Errors(); len(errors) > 0 {
		t.Errorf("errors: %q", errors)
	}
}
