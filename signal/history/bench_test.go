package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/history"
)

// BenchmarkList lists one page of 20,000 sessions with three values of metaData each.
func BenchmarkList(b *testing.B) {
	_, db := newFaulty(b)
	h := newHistory(b, db, &strings.Builder{})
	const sessions = 20_000
	for i := range sessions {
		e := started(i)
		e.Started = e.Started.Add(time.Duration(i) * time.Second)
		e.Verified = map[string]any{"customer": fmt.Sprint("number ", i), "plan": "pro", "cart": 3}
		h.Observe(e)
		if i%2000 == 0 {
			flush(b, h)
		}
	}
	flush(b, h)
	if n := h.Stats().Written; n != sessions {
		b.Fatalf("%d are written", n)
	}
	for name, f := range map[string]history.Filter{
		"newest": {}, "one customer": {Key: "customer", Value: "number 17"}, "text that nobody has": {Text: "nobody"}, "text that all have": {Text: "PRO"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := h.List(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
