// Package historytest checks a history.History against a real database: SQLite in its own tests, Postgres in internal/postgres.
package historytest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Suite runs all checks, each with an empty database that fresh makes. Every replica has as many connections to it as conns says; 0: no limit. Where the database is in
// this process, run is synctest.Test: on a slow machine a transaction is given up else before it is done. Nil has time go by as it does.
func Suite(t *testing.T, conns int, run func(t *testing.T, test func(t *testing.T)), fresh func(t *testing.T) driver.Connector) {
	if run == nil {
		run = func(t *testing.T, test func(t *testing.T)) { test(t) }
	}
	for name, test := range map[string]func(t *testing.T, w *world){
		"a session is kept from its start to its end":                aWholeSession,
		"events of two replicas come in any order":                   anyOrder,
		"many replicas make the tables at once":                      manyReplicas,
		"filters find what they say":                                 filters,
		"pages of a list miss nothing and repeat nothing":            pages,
		"old sessions are deleted with all that belongs to them":     retention,
		"a customer is forgotten, also in a session that still runs": forgetting,
		"sessions of a process that was killed do not stay open":     killed,
		"what pages and agents say is bounded":                       bounds,
		"hostile texts are texts":                                    hostile,
		"two replicas write at once, and nothing is lost":            writingAtOnce,
		"two replicas tell of the same signs of life":                signsOfLife,
		"of two tellings the newer one counts, whatever clocks say":  clocksApart,
		"a commit whose answer is lost counts once":                  lostAnswers,
		"what was said among much else is found and forgotten":       muchSaid,
		"what was said before is found and forgotten":                saidBefore,
		"texts that are too long to compare are refused":             tooLong,
		"what a page says in a session is bounded":                   floods,
		"tables of a newer version are left alone":                   newerVersion,
		"tables of an older version are brought up to date":          upgrade,
		"agents note about their sessions":                           notes,
		"sessions are found by who was there":                        filtersOfAgents,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T) { test(t, &world{t: t, conns: conns, real: fresh(t)}) })
		})
	}
}

// world is one database.
type world struct {
	t     *testing.T
	conns int
	real  driver.Connector
}

func (w *world) db() *sql.DB { return w.behind(w.real) }

// behind opens the database by what stands before it.
func (w *world) behind(c driver.Connector) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(w.conns)
	w.t.Cleanup(func() { db.Close() })
	return db
}

// history opens the database as a further replica does.
func (w *world) history() *history.History {
	w.t.Helper()
	return w.historyIn(w.db())
}

func (w *world) historyIn(db *sql.DB) *history.History {
	w.t.Helper()
	h, err := history.New(history.Config{DB: db, Keep: history.KeepForever, Logger: slog.New(slog.NewTextHandler(w.t.Output(), nil))})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			w.t.Errorf("Close: %v", err)
		}
	})
	return h
}

// tell has a history hear events, which must all get into the database.
func (w *world) tell(h *history.History, events ...signal.Event) {
	w.t.Helper()
	for _, e := range events {
		h.Observe(e)
	}
	w.flush(h)
	if stats := h.Stats(); stats.Dropped > 0 {
		w.t.Fatalf("events are lost: %+v", stats)
	}
}

func (w *world) flush(h *history.History) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	if err := h.Flush(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) list(h *history.History, f history.Filter) []history.Session {
	w.t.Helper()
	sessions, _, err := h.List(w.t.Context(), f)
	if err != nil {
		w.t.Fatalf("List(%+v): %v", f, err)
	}
	return sessions
}

// only gives the one session that a filter finds.
func (w *world) only(h *history.History, f history.Filter) history.Session {
	w.t.Helper()
	sessions := w.list(h, f)
	if len(sessions) != 1 {
		w.t.Fatalf("%+v finds %d sessions, want one", f, len(sessions))
	}
	return sessions[0]
}

func (w *world) equal(what string, got, want any) {
	w.t.Helper()
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

type object = map[string]any

// noon is in the future, where nothing is tidied up by itself.
var noon = time.Date(2100, 3, 1, 12, 0, 0, 0, time.UTC)

// story makes the events of a session.
type story struct {
	id      string
	started time.Time
}

func newStory(started time.Time) story { return story{rand.Text(), started} }

func (s story) event(kind signal.EventKind, after time.Duration) signal.Event {
	return signal.Event{Kind: kind, Session: s.id, Started: s.started, Time: s.started.Add(after)}
}

func (s story) start(metaData, verified object) signal.Event {
	e := s.event(signal.EventStarted, 0)
	e.MetaData, e.Verified = metaData, verified
	return e
}

// told is the nth change of metaData.
func (s story) told(n int, after time.Duration, metaData, verified object) signal.Event {
	e := s.event(signal.EventTold, after)
	e.Told, e.MetaData, e.Verified = n, metaData, verified
	return e
}

func (s story) joined(after time.Duration, member, id, name string) signal.Event {
	e := s.event(signal.EventJoined, after)
	e.Member, e.Agent = member, signal.Agent{ID: id, Name: name}
	return e
}

func (s story) left(after time.Duration, member string) signal.Event {
	e := s.event(signal.EventLeft, after)
	e.Member = member
	return e
}

func (s story) visited(after time.Duration, path string) signal.Event {
	e := s.event(signal.EventVisited, after)
	e.Path = path
	return e
}

func (s story) carried(after time.Duration, member string, relay, channel time.Duration) signal.Event {
	e := s.event(signal.EventCarried, after)
	e.Member, e.Relay, e.Channel = member, relay, channel
	return e
}

func (s story) ended(after time.Duration, reason wire.EndReason) signal.Event {
	e := s.event(signal.EventEnded, after)
	e.Reason = reason
	return e
}
