package historytest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

func signsOfLife(t *testing.T, w *world) {
	const sessions = 1000
	one, two := w.history(), w.history()
	var wg sync.WaitGroup
	stories := make([]story, sessions)
	for i := range stories {
		stories[i] = newStory(noon.Add(time.Duration(i) * time.Second))
	}
	for i, h := range []*history.History{one, two} {
		wg.Go(func() {
			for _, s := range stories {
				h.Observe(s.event(signal.EventAlive, time.Duration(i)*time.Minute))
			}
			w.flush(h)
		})
	}
	wg.Wait()
	w.equal("failures", one.Stats().Failures+two.Stats().Failures, uint64(0))
	if n, err := one.GiveUp(t.Context(), noon.Add(2*time.Hour)); err != nil || n != sessions {
		t.Fatalf("gave up %d, %v", n, err)
	}
	last := w.list(one, history.Filter{Limit: 1})[0]
	w.equal("the newest session", last.ID, stories[sessions-1].id)
	w.equal("its last sign", last.Ended, last.Started.Add(time.Minute))
}

func clocksApart(t *testing.T, w *world) {
	fast, slow := w.history(), w.history()
	s := newStory(noon)
	w.tell(fast, s.start(nil, nil), s.told(1, 5*time.Minute, object{"page": "one"}, nil))
	w.tell(slow, s.told(2, time.Minute, object{"page": "two"}, object{"customer": "4711"})) // a log-in, afterwards
	w.tell(fast, s.told(1, 6*time.Minute, object{"page": "one"}, nil))                      // and what came late
	got := w.only(fast, history.Filter{})
	w.equal("verified", got.Verified, object{"customer": "4711"})
	w.equal("metaData", got.MetaData, object{"page": "two"})
}

// lostAnswers has connections break after the database has committed and before it can say so.
func lostAnswers(t *testing.T, w *world) {
	for _, times := range []int32{1, 5} { // attempts and probes
		door := NewDoor(w.real)
		h := w.historyIn(w.behind(door))
		s := newStory(noon)
		w.tell(h, s.start(object{"lost": int(times)}, nil))
		var lost atomic.Int32
		door.LosesAnswers(func(statements []string) error {
			// What attempts and probes begin with, and no tidying up.
			if strings.HasPrefix(statements[0], "INSERT INTO qwelp_writers") && lost.Add(1) <= times {
				return errors.New("the connection is reset")
			}
			return nil
		})
		if _, err := h.GiveUp(t.Context(), noon.Add(-time.Hour)); err != nil {
			t.Errorf("the answer to tidying up is lost: %v", err)
		}
		w.tell(h, s.joined(0, "m", "ann", "Ann"), s.visited(0, "/"), s.carried(time.Minute, "m", 0, time.Minute))
		got := w.only(h, history.Filter{Key: "lost", Value: fmt.Sprint(times)})
		w.equal("pages", len(got.Pages)+got.Further, 1)
		w.equal("time on the channel", got.Agents[0].Channel, time.Minute)
		if stats := h.Stats(); stats.Written != 4 || stats.Failures == 0 {
			t.Errorf("got %+v", stats)
		}
	}
}
