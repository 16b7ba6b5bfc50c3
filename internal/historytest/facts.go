package historytest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/history"
)

// forget erases a customer, of whom there must be that many sessions.
func (w *world) forget(h *history.History, key, value string, sessions int) {
	w.t.Helper()
	if n, err := h.Forget(w.t.Context(), key, value); err != nil || n != sessions {
		w.t.Errorf("forgetting %s %.50q: %d sessions, %v, want %d", key, value, n, err, sessions)
	}
}

// muchSaid has the customer behind a full cart.
func muchSaid(t *testing.T, w *world) {
	h := w.history()
	cart := make([]any, 600)
	for i := range cart {
		cart[i] = float64(i % 10)
	}
	s := newStory(noon)
	known := object{"cart": cart, "customer": "canary-4711", "z": object{"email": "canary@example.org"}}
	w.tell(h, s.start(known, known))
	for _, verified := range []bool{false, true} {
		w.equal("by the last key", w.only(h, history.Filter{Key: "z.email", Value: "canary@example.org", Verified: verified}).ID, s.id)
		w.equal("by an item", w.only(h, history.Filter{Key: "cart.599", Value: "9", Verified: verified}).ID, s.id)
	}
	w.forget(h, "customer", "canary-4711", 1)
	if where := w.holds("canary"); where != nil {
		t.Errorf("the customer is still in %v", where)
	}
}

func saidBefore(t *testing.T, w *world) {
	h := w.history()
	s := newStory(noon)
	w.tell(h, s.start(object{"email": "canary@example.org"}, object{"customer": "canary-4711"}), s.told(1, time.Second, object{"email": "other@example.org"}, object{"customer": "4712"}),
		s.told(2, time.Minute, nil, nil))
	for _, f := range []history.Filter{
		{Key: "email", Value: "canary@example.org"}, {Text: "CANARY@"}, {Key: "email", Value: "other@example.org"},
		{Key: "customer", Value: "canary-4711", Verified: true}, {Key: "customer", Value: "4712", Verified: true}, {Verified: true},
	} {
		w.equal(fmt.Sprintf("%+v", f), w.only(h, f).ID, s.id)
	}
	w.equal("unverified is not verified", len(w.list(h, history.Filter{Key: "email", Verified: true})), 0)
	w.forget(h, "email", "canary@example.org", 1)
	if where := append(w.holds("canary"), w.holds("example.org")...); where != nil {
		t.Errorf("the customer is still in %v", where)
	}
}

// tooLong has values of which only the beginning can be compared: to forget one of them must not touch another.
func tooLong(t *testing.T, w *world) {
	h := w.history()
	long := strings.Repeat("ü", 256)
	exact, longer, longest := newStory(noon), newStory(noon.Add(time.Minute)), newStory(noon.Add(2*time.Minute))
	w.tell(h, exact.start(object{"note": long}, nil), longer.start(object{"note": long + "a"}, nil), longest.start(object{"note": long + "b", strings.Repeat("k", 201): "x"}, nil))
	w.equal("that value", w.only(h, history.Filter{Key: "note", Value: long}).ID, exact.id)
	for _, f := range []history.Filter{{Value: long + "a"}, {Text: long + "a"}, {Key: strings.Repeat("k", 201)}} {
		if _, _, err := h.List(t.Context(), f); !errors.Is(err, history.ErrTooLong) {
			t.Errorf("%+.50v: got %v", f, err)
		}
		if n, err := h.Forget(t.Context(), f.Key, f.Value+f.Text); !errors.Is(err, history.ErrTooLong) || n != 0 {
			t.Errorf("forgetting %+.50v: %d, %v", f, n, err)
		}
	}
	w.forget(h, strings.Repeat("k", 200), "x", 0)
	w.forget(h, "note", long, 1)
	w.equal("sessions left", len(w.list(h, history.Filter{})), 2)
}

// floods has a page say something else again and again. What it says now is found, and what the app has verified.
func floods(t *testing.T, w *world) {
	h := w.history()
	s := newStory(noon)
	const tellings, values = 12, 500
	w.tell(h, s.start(nil, object{"customer": "4711"}))
	for n := 1; n <= tellings; n++ {
		said := object{"n": n}
		for i := range values {
			said[fmt.Sprint("k", i)] = fmt.Sprint(n, " ", i)
		}
		h.Observe(s.told(n, time.Duration(n)*time.Second, said, object{"customer": fmt.Sprint("number ", n)}))
	}
	w.tell(h)
	var rows int
	if err := w.db().QueryRow("SELECT COUNT(*) FROM qwelp_facts").Scan(&rows); err != nil || rows > 5100 {
		t.Errorf("%d values are kept, %v", rows, err)
	}
	for _, f := range []history.Filter{
		{Key: "k499", Value: "12 499"}, {Key: "n", Value: "12"}, {Key: "n", Value: "11"}, {Key: "customer", Value: "4711", Verified: true}, {Key: "customer", Value: "number 1", Verified: true},
	} {
		w.equal(fmt.Sprintf("%+v", f), w.only(h, f).ID, s.id)
	}
	w.equal("what was said long before", len(w.list(h, history.Filter{Key: "n", Value: "1"})), 0)
}
