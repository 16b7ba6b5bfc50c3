package historytest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func aWholeSession(t *testing.T, w *world) {
	h := w.history()
	s := newStory(noon)
	w.tell(h,
		s.start(object{"cart": object{"items": []any{"a", 2.0}}}, object{"customer": "4711"}),
		s.visited(time.Second, "/"),
		s.joined(time.Minute, "m1", "ann", "Ann"),
		s.visited(2*time.Minute, "/orders/:id"),
		s.carried(3*time.Minute, "m1", 3*time.Second, 90*time.Second),
		s.joined(3*time.Minute, "m2", "bob", "Bob"),
		s.left(4*time.Minute, "m2"),
		s.carried(5*time.Minute, "m1", 0, time.Minute),
		s.told(1, 5*time.Minute, object{"plan": "pro"}, object{"customer": "4712", "nothing": nil}),
	)
	got := w.only(h, history.Filter{})
	w.equal("what it is while it runs", got.Reason, wire.EndReason(""))
	w.equal("how long it has run", got.Duration(noon.Add(time.Hour)), time.Hour)
	w.tell(h, s.ended(6*time.Minute, wire.EndAgent), s.ended(7*time.Minute, wire.EndTimeout))
	w.equal("session", w.only(h, history.Filter{}), history.Session{
		ID: s.id, Started: noon, Ended: noon.Add(6 * time.Minute), Reason: wire.EndAgent,
		MetaData: object{"plan": "pro"}, Verified: object{"customer": "4712", "nothing": nil},
		Agents: []history.Agent{
			{ID: "ann", Name: "Ann", Joined: noon.Add(time.Minute), Left: noon.Add(6 * time.Minute), Relay: 3 * time.Second, Channel: 150 * time.Second},
			{ID: "bob", Name: "Bob", Joined: noon.Add(3 * time.Minute), Left: noon.Add(4 * time.Minute)},
		},
		Pages: []history.Visit{{At: noon.Add(time.Second), Path: "/"}, {At: noon.Add(2 * time.Minute), Path: "/orders/:id"}},
	})
}

func anyOrder(t *testing.T, w *world) {
	one, two := w.history(), w.history()
	s := newStory(noon)
	w.tell(two, s.ended(time.Hour, wire.EndCustomer), s.carried(time.Minute, "m1", time.Second, 0), s.told(1, 2*time.Second, nil, object{"customer": "new"}))
	w.tell(one, s.start(nil, object{"customer": "old"}), s.joined(time.Second, "m1", "ann", "Ann"))
	got := w.only(one, history.Filter{})
	w.equal("started", got.Started, noon)
	w.equal("reason", got.Reason, wire.EndCustomer)
	w.equal("verified", got.Verified, object{"customer": "new"})
	w.equal("agents", got.Agents, []history.Agent{{ID: "ann", Name: "Ann", Joined: noon.Add(time.Second), Left: noon.Add(time.Hour), Relay: time.Second}})
}

func manyReplicas(t *testing.T, w *world) {
	var wg sync.WaitGroup
	histories := make([]*history.History, 8)
	for i := range histories {
		histories[i] = w.history()
	}
	for i, h := range histories {
		wg.Go(func() { h.Observe(newStory(noon.Add(time.Duration(i)*time.Second)).start(nil, nil)); w.flush(h) })
	}
	wg.Wait()
	w.equal("sessions", len(w.list(histories[0], history.Filter{})), len(histories))
}

func writingAtOnce(t *testing.T, w *world) {
	const sessions, agents = 20, 10
	one, two := w.history(), w.history()
	var wg sync.WaitGroup
	for i := range sessions {
		s := newStory(noon.Add(time.Duration(i) * time.Minute))
		for _, h := range []*history.History{one, two} {
			wg.Go(func() {
				for j := range agents {
					h.Observe(s.carried(time.Second, fmt.Sprint("m", j), time.Second, time.Second))
				}
			})
		}
	}
	wg.Wait()
	w.flush(one)
	w.flush(two)
	for _, s := range w.list(one, history.Filter{}) {
		var relay time.Duration
		for _, a := range s.Agents {
			relay += a.Relay
		}
		w.equal("time over the relay", relay, 2*agents*time.Second)
	}
	w.equal("sessions", len(w.list(one, history.Filter{})), sessions)
	w.equal("lost", one.Stats().Dropped+two.Stats().Dropped, uint64(0))
}

func filters(t *testing.T, w *world) {
	h := w.history()
	ada, eve, bob := newStory(noon), newStory(noon.Add(time.Hour)), newStory(noon.Add(2*time.Hour))
	w.tell(h,
		ada.start(object{"cart": object{"total": 12.5}}, object{"customer": "Ada Lovelace", "vip": true}), ada.joined(0, "m", "ann", "Ann"), ada.ended(time.Minute, wire.EndCustomer),
		eve.start(object{"customer": "Ada Lovelace", "note": "100%_!"}, nil), eve.joined(0, "m", "bea", "Ann"), eve.ended(time.Minute, wire.EndAgent),
		bob.start(nil, object{"customer": "ÖBB Bob"}),
	)
	for _, c := range []struct {
		filter history.Filter
		want   []story
	}{
		{history.Filter{}, []story{bob, eve, ada}},
		{history.Filter{Key: "customer", Value: "Ada Lovelace"}, []story{eve, ada}},
		{history.Filter{Key: "customer", Value: "Ada Lovelace", Verified: true}, []story{ada}},
		{history.Filter{Key: "customer", Value: "ada lovelace"}, nil},
		{history.Filter{Key: "cart.total", Value: "12.5"}, []story{ada}},
		{history.Filter{Key: "vip", Value: "true"}, []story{ada}},
		{history.Filter{Key: "note"}, []story{eve}},
		{history.Filter{Value: "Ada Lovelace"}, []story{eve, ada}},
		{history.Filter{Text: "LOVE"}, []story{eve, ada}},
		{history.Filter{Text: "LOVE", Verified: true}, []story{ada}},
		{history.Filter{Verified: true}, []story{bob, ada}},
		{history.Filter{Verified: true, Until: noon.Add(time.Hour)}, []story{ada}},
		{history.Filter{Text: "öbb"}, []story{bob}},
		{history.Filter{Text: "%"}, []story{eve}},
		{history.Filter{Text: "_"}, []story{eve}},
		{history.Filter{Text: "!"}, []story{eve}},
		{history.Filter{Text: "love%lace"}, nil},
		{history.Filter{Agent: "ann"}, []story{ada}},
		{history.Filter{Agent: "Ann"}, []story{eve, ada}},
		{history.Filter{Reason: wire.EndAgent}, []story{eve}},
		{history.Filter{From: noon.Add(time.Hour)}, []story{bob, eve}},
		{history.Filter{Until: noon.Add(time.Hour)}, []story{ada}},
		{history.Filter{From: noon, Until: noon.Add(2 * time.Hour), Agent: "Ann", Text: "100"}, []story{eve}},
		{history.Filter{Limit: 1}, []story{bob}},
	} {
		var got, want []string
		for _, s := range w.list(h, c.filter) {
			got = append(got, s.ID)
		}
		for _, s := range c.want {
			want = append(want, s.id)
		}
		w.equal(fmt.Sprintf("%+v", c.filter), got, want)
	}
}

func pages(t *testing.T, w *world) {
	h := w.history()
	want := map[string]bool{}
	for i := range 100 {
		s := newStory(noon.Add(time.Duration(i/10) * time.Millisecond)) // ten at a time
		want[s.id] = true
		h.Observe(s.start(nil, nil))
	}
	w.flush(h)
	seen := map[string]bool{}
	var last time.Time
	f := history.Filter{Limit: 7}
	for n := 0; ; n++ {
		sessions, next, err := h.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sessions {
			if seen[s.ID] || !want[s.ID] || n > 0 && s.Started.After(last) {
				t.Errorf("page %d has %s of %v", n, s.ID, s.Started)
			}
			seen[s.ID], last = true, s.Started
		}
		w.tell(h, newStory(noon.Add(time.Hour)).start(nil, nil)) // what is new comes first, and moves nothing
		if next == "" {
			break
		}
		f.Cursor = next
	}
	w.equal("sessions seen", len(seen), len(want))
}

func bounds(t *testing.T, w *world) {
	h := w.history()
	s := newStory(noon)
	long := strings.Repeat("ü", 5000)
	w.tell(h, s.start(object{"long": long}, nil), s.joined(0, "m", long, long))
	for i := range 520 {
		h.Observe(s.visited(time.Duration(i)*time.Second, "/page"))
	}
	many := object{}
	for i := range 3000 {
		many[fmt.Sprint("k", i)] = i
	}
	w.tell(h, s.told(1, time.Hour, many, many))
	got := w.only(h, history.Filter{})
	w.equal("pages", len(got.Pages), 500)
	w.equal("further pages", got.Further, 20)
	w.equal("metaData", len(got.MetaData), 3000)
	if n := len(got.Agents[0].Name); n > 600 {
		t.Errorf("a name of %d bytes is kept", n)
	}
}
