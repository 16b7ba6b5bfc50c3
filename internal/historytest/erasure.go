package historytest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

var tables = []string{"qwelp_sessions", "qwelp_agents", "qwelp_pages", "qwelp_facts", "qwelp_notes"}

// holds tells which tables have a text anywhere.
func (w *world) holds(text string) (where []string) {
	w.t.Helper()
	db := w.db()
	for _, table := range tables {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			w.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				w.t.Fatal(err)
			}
			for i, v := range values {
				if strings.Contains(fmt.Sprintf("%s", v), text) {
					where = append(where, table+"."+columns[i])
				}
			}
		}
		if err := rows.Err(); err != nil {
			w.t.Fatal(err)
		}
		rows.Close()
	}
	return where
}

func retention(t *testing.T, w *world) {
	h := w.history()
	var kept []string
	for i := range 450 { // more than two batches
		s := newStory(noon.Add(time.Duration(i) * time.Minute))
		h.Observe(s.start(object{"canary": "old"}, nil))
		h.Observe(s.joined(0, "m", "ann", "Ann"))
		h.Observe(s.visited(0, "/old"))
		if i%10 != 0 {
			h.Observe(s.ended(time.Hour, wire.EndCustomer))
		} else {
			kept = append(kept, s.id) // still runs
		}
	}
	w.flush(h)
	for _, s := range w.list(h, history.Filter{Limit: 500}) {
		if err := h.Note(t.Context(), s.ID, signal.Agent{ID: "ann"}, "old"); err != nil {
			t.Fatal(err)
		}
	}
	young := newStory(noon.AddDate(0, 1, 0))
	w.tell(h, young.start(nil, nil), young.ended(time.Minute, wire.EndAgent))
	n, err := h.DeleteBefore(t.Context(), noon.AddDate(0, 1, 0))
	if err != nil || n != 405 {
		t.Fatalf("deleted %d, %v, want 405", n, err)
	}
	w.equal("sessions left", len(w.list(h, history.Filter{Limit: 500})), 46)
	var rows int
	for _, table := range tables[1:] {
		if err := w.db().QueryRow("SELECT COUNT(DISTINCT session_id) FROM " + table).Scan(&rows); err != nil || rows != len(kept) {
			t.Errorf("%s has rows of %d sessions, %v", table, rows, err)
		}
	}
}

func forgetting(t *testing.T, w *world) {
	h := w.history()
	over, running, before, other := newStory(noon), newStory(noon.Add(time.Minute)), newStory(noon.Add(2*time.Minute)), newStory(noon.Add(3*time.Minute))
	known := object{"customer": "canary-4711", "name": "canary-name"}
	w.tell(h,
		over.start(nil, known), over.joined(0, "m", "canary-agent", "canary-agent"), over.visited(0, "/canary-page"), over.ended(time.Minute, wire.EndAgent),
		running.start(known, nil), running.visited(0, "/canary-page"),
		before.start(nil, known), before.told(1, time.Second, nil, object{"customer": "somebody-else"}), // a log-in of somebody else in the same session
		other.start(object{"customer": "other"}, nil),
	)
	if err := h.Note(t.Context(), over.id, signal.Agent{ID: "canary-agent"}, "canary-note"); err != nil {
		t.Fatal(err)
	}
	n, err := h.Forget(t.Context(), "customer", "canary-4711")
	if err != nil || n != 3 {
		t.Fatalf("forgot %d sessions, %v, want 3", n, err)
	}
	w.tell(h, running.told(1, time.Hour, known, known), running.visited(time.Hour, "/canary-page"), running.joined(time.Hour, "m", "canary-agent", "canary-agent"),
		running.event(signal.EventAlive, time.Hour), running.ended(2*time.Hour, wire.EndCustomer))
	if where := w.holds("canary"); where != nil {
		t.Errorf("the customer is still in %v", where)
	}
	if where := w.holds("somebody-else"); where != nil {
		t.Errorf("what belonged to the session is still in %v", where)
	}
	w.equal("what is left", w.only(h, history.Filter{}).ID, other.id)
	if n, err := h.Forget(t.Context(), "customer", "canary-4711"); err != nil || n != 0 {
		t.Errorf("a second time: %d, %v", n, err)
	}
	if n, err := h.DeleteBefore(t.Context(), noon.Add(time.Minute)); err != nil || n != 1 {
		t.Errorf("what remains of it is deleted in time: %d, %v", n, err)
	}
}

func killed(t *testing.T, w *world) {
	h := w.history()
	s, t2 := newStory(noon), newStory(noon.Add(time.Minute))
	w.tell(h, s.start(nil, nil), s.joined(time.Minute, "m", "ann", "Ann"), s.event(signal.EventAlive, 5*time.Minute), t2.start(nil, nil), t2.event(signal.EventAlive, time.Hour))
	again := w.history() // the next start of the app
	if n, err := again.GiveUp(t.Context(), noon.Add(30*time.Minute)); err != nil || n != 1 {
		t.Fatalf("gave up %d, %v", n, err)
	}
	got := w.only(again, history.Filter{Reason: "unknown"})
	w.equal("who is given up", got.ID, s.id)
	w.equal("when it ended", got.Ended, noon.Add(5*time.Minute))
	w.equal("when the agent left", got.Agents[0].Left, noon.Add(5*time.Minute))
	w.tell(again, s.event(signal.EventAlive, 31*time.Minute)) // it was only slow
	w.equal("sessions that run", len(w.list(again, history.Filter{Reason: "unknown"})), 0)
	if _, err := again.GiveUp(t.Context(), noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.tell(again, s.ended(3*time.Hour, wire.EndCustomer))
	w.equal("the reason that came late", w.only(again, history.Filter{Reason: wire.EndCustomer}).ID, s.id)
}

func newerVersion(t *testing.T, w *world) {
	h := w.history()
	w.tell(h, newStory(noon).start(nil, nil))
	if _, err := w.db().Exec("INSERT INTO qwelp_history (version) VALUES (99)"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.history().List(t.Context(), history.Filter{}); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("got %v", err)
	}
}
