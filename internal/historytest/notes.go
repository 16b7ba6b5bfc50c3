package historytest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func notes(t *testing.T, w *world) {
	h := w.history()
	ann, ben := signal.Agent{ID: "ann", Name: "Ann"}, signal.Agent{ID: "ben", Name: "Ben"}
	s, other := newStory(noon), newStory(noon.Add(time.Minute))
	h.Observe(other.start(nil, nil))
	h.Observe(other.joined(0, "m", ben.ID, "Ben"))
	h.Observe(s.start(nil, object{"customer": "4711"}))
	h.Observe(s.joined(0, "m1", ann.ID, "Ann"))
	h.Observe(s.ended(time.Minute, wire.EndAgent)) // all of it still in the queue
	said := func(want ...string) {
		t.Helper()
		var got []string
		for _, n := range w.only(h, history.Filter{Session: s.id}).Notes {
			got = append(got, n.Agent+" "+n.Name+": "+n.Text)
		}
		w.equal("notes", got, want)
	}
	keep := func(session string, agent signal.Agent, text string, want error) {
		t.Helper()
		if err := h.Note(t.Context(), session, agent, text); !errors.Is(err, want) || (want == nil) != (err == nil) {
			t.Errorf("%.20q: got %v, want %v", text, err, want)
		}
	}
	keep(s.id, ann, " first\r\nsecond\n", nil)
	said("ann Ann: first\nsecond")
	keep(s.id, ann, strings.Repeat("é", history.MaxNote/2), nil)
	said("ann Ann: " + strings.Repeat("é", history.MaxNote/2))
	keep(s.id, ann, strings.Repeat("é", history.MaxNote/2)+"x", history.ErrNoteTooLong)
	keep(s.id, ann, strings.Repeat("x", history.MaxNote+100), history.ErrNoteTooLong)
	for _, text := range Corpus() { // is a text, or none
		if text = strings.TrimSpace(text); len(text) > 0 && len(text) <= history.MaxNote {
			keep(s.id, ann, text, nil)
		}
	}
	keep(s.id, ann, "a note", nil)
	// Whoever was not there notes nothing, whatever the name.
	keep(s.id, ben, "not mine", signal.ErrNotInSession)
	keep(s.id, signal.Agent{ID: "eve", Name: "Ann"}, "not mine", signal.ErrNotInSession)
	keep(s.id, signal.Agent{Name: "Ann"}, "not mine", signal.ErrNotInSession)
	keep("", ann, "nowhere", signal.ErrNotInSession)
	keep("' OR 1=1 --", ann, "nowhere", signal.ErrNotInSession)
	said("ann Ann: a note")
	w.tell(h, s.joined(time.Second, "m2", ben.ID, "Ben"))
	keep(s.id, ben, "another", nil)
	keep(s.id, ann, " \n", nil)
	said("ben Ben: another")
	if n, err := h.Forget(t.Context(), "customer", "4711"); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	keep(s.id, ben, "after all", signal.ErrNotInSession)
	if where := w.holds("another"); where != nil {
		t.Errorf("the note is still in %v", where)
	}
}

// upgrade opens tables that an older version has made.
func upgrade(t *testing.T, w *world) {
	h := w.history()
	s := newStory(noon)
	w.tell(h, s.start(object{"plan": "gold"}, nil), s.joined(0, "m", "ann", "Ann"))
	db := w.db()
	for _, statement := range []string{"DROP TABLE qwelp_notes", "DELETE FROM qwelp_history WHERE version > 1"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	next := w.history()
	if err := next.Note(t.Context(), s.id, signal.Agent{ID: "ann"}, "kept"); err != nil {
		t.Fatal(err)
	}
	got := w.only(next, history.Filter{Key: "plan", Value: "gold"})
	w.equal("what was there, and what came", []string{got.ID, got.Notes[0].Text}, []string{s.id, "kept"})
}

func filtersOfAgents(t *testing.T, w *world) {
	h := w.history()
	a, b, c := newStory(noon), newStory(noon.Add(time.Minute)), newStory(noon.Add(2*time.Minute))
	w.tell(h, a.start(nil, nil), a.joined(0, "m", "ann", "Ann"), a.ended(time.Minute, wire.EndAgent), b.start(nil, nil), b.joined(0, "m", "eve", "ann"), c.start(nil, nil))
	for _, test := range []struct {
		filter history.Filter
		want   []string
	}{
		{history.Filter{Agent: "ann"}, []string{b.id, a.id}},
		{history.Filter{AgentID: "ann"}, []string{a.id}}, // whatever others call themselves
		{history.Filter{AgentID: "Ann"}, nil},
		{history.Filter{AgentID: "ann", Agent: "eve"}, nil},
		{history.Filter{Session: c.id}, []string{c.id}},
		{history.Filter{Session: a.id, AgentID: "eve"}, nil},
		{history.Filter{Session: "%"}, nil},
		{history.Filter{Running: true}, []string{c.id, b.id}},
		{history.Filter{Running: true, Reason: wire.EndAgent}, nil},
	} {
		var got []string
		for _, s := range w.list(h, test.filter) {
			got = append(got, s.ID)
		}
		if len(got) != len(test.want) || strings.Join(got, " ") != strings.Join(test.want, " ") {
			t.Errorf("%+v finds %q, want %q", test.filter, got, test.want)
		}
	}
}
