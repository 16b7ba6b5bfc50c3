package history_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/internal/historytest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

// inTime runs a test in which time is faked.
func inTime(t *testing.T, test func(t *testing.T, door *historytest.Door, db *sql.DB)) {
	synctest.Test(t, func(t *testing.T) {
		door, db := newFaulty(t)
		test(t, door, db)
	})
}

func visited(i int) signal.Event {
	e := started(i)
	e.Kind, e.Path = signal.EventVisited, "/"
	return e
}

func count(t *testing.T, db *sql.DB, table string) (n int) {
	t.Helper()
	if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSignsOfLifeOfManySessionsHoldNothingUp(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		const sessions, others = 6000, 1000
		h := newHistory(t, db, &strings.Builder{})
		flush(t, h)
		door.Breaks(func(string) error { time.Sleep(time.Millisecond); return nil })
		for i := range sessions {
			e := started(i)
			e.Kind = signal.EventAlive
			h.Observe(e)
		}
		time.Sleep(30*time.Second + 10*time.Millisecond) // they are being written
		for i := range others {
			h.Observe(visited(i))
		}
		time.Sleep(5 * time.Second)
		if stats := h.Stats(); stats.Waiting != 0 || stats.Failures != 0 || stats.Written != sessions+others {
			t.Errorf("got %+v", stats)
		}
	})
}

func TestWhatIsQueuedIsWrittenBetweenSignsOfLife(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		h := newHistory(t, db, &strings.Builder{})
		flush(t, h)
		var pages, pagesFirst bool
		commits := 0
		door.Breaks(func(query string) error {
			pages = pages || strings.Contains(query, "qwelp_pages")
			if query == "COMMIT" {
				if commits++; commits == 2 {
					pagesFirst = pages
				}
				time.Sleep(time.Second)
			}
			return nil
		})
		for i := range 2000 {
			e := started(i)
			e.Kind = signal.EventAlive
			h.Observe(e)
		}
		time.Sleep(30*time.Second + 10*time.Millisecond)
		h.Observe(visited(0))
		flush(t, h)
		if !pagesFirst || commits < 11 {
			t.Errorf("a page is written before the second of %d commits: %t", commits, pagesFirst)
		}
	})
}

// What can be read but not written loses nothing, whatever keeps it from being written.
func TestADatabaseThatOnlyReadsIsWaitedFor(t *testing.T) {
	mustExec := func(t *testing.T, db *sql.DB, query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	for name, block := range map[string]func(t *testing.T, door *historytest.Door, db *sql.DB) (unblock func()){
		"read-only server": func(t *testing.T, door *historytest.Door, db *sql.DB) func() {
			door.Breaks(func(query string) error {
				if verb, _, _ := strings.Cut(query, " "); strings.Contains("INSERT UPDATE DELETE", verb) && verb != "" {
					return errors.New("cannot execute in a read-only transaction")
				}
				return nil
			})
			return door.Works
		},
		"query_only": func(t *testing.T, door *historytest.Door, db *sql.DB) func() {
			mustExec(t, db, "PRAGMA query_only = on")
			return func() { mustExec(t, db, "PRAGMA query_only = off") }
		},
		"full": func(t *testing.T, door *historytest.Door, db *sql.DB) func() {
			mustExec(t, db, "PRAGMA max_page_count = 1") // as many as there are
			return func() { mustExec(t, db, "PRAGMA max_page_count = 100000") }
		},
		"locked by another": func(t *testing.T, door *historytest.Door, db *sql.DB) func() {
			other := door.Open()
			conn, err := other.Conn(t.Context())
			if err == nil {
				_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
			}
			if err != nil {
				t.Fatal(err)
			}
			return func() { conn.Close(); other.Close() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				door := historytest.NewDoor(sqliteFile(t, "busy_timeout(100)", "journal_mode(memory)"))
				db := door.Open()
				db.SetMaxOpenConns(1)
				t.Cleanup(func() { db.Close() })
				h := newHistory(t, db, &strings.Builder{})
				h.Observe(started(0))
				flush(t, h)
				unblock := block(t, door, db)
				// One event alone is as safe as many.
				big := func(i int) signal.Event {
					e := visited(i)
					e.Kind, e.MetaData = signal.EventStarted, map[string]any{"text": strings.Repeat("x", 6000)}
					return e
				}
				h.Observe(big(1))
				time.Sleep(time.Minute)
				for i := range 19 {
					h.Observe(big(i + 2))
				}
				time.Sleep(10 * time.Minute)
				if stats := h.Stats(); stats.Dropped > 0 || stats.Written != 1 || stats.Failures == 0 {
					t.Errorf("before it works: %+v", stats)
				}
				unblock()
				flush(t, h)
				if stats := h.Stats(); stats.Dropped > 0 || stats.Written != 21 {
					t.Errorf("once it works: %+v", stats)
				}
			})
		})
	}
}

func TestAnEventThatTheDatabaseRefusesCostsItselfOnly(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		h := newHistory(t, db, &strings.Builder{})
		flush(t, h)
		h.Observe(started(0))
		flush(t, h)
		if _, err := db.Exec("CREATE TRIGGER no BEFORE INSERT ON qwelp_pages WHEN NEW.path = '/bad' BEGIN SELECT RAISE(ABORT, 'no'); END"); err != nil {
			t.Fatal(err)
		}
		bad := visited(1)
		bad.Path = "/bad"
		for _, e := range []signal.Event{visited(0), bad, visited(2)} {
			h.Observe(e)
		}
		flush(t, h)
		if stats := h.Stats(); stats.Dropped != 1 || stats.Written != 3 {
			t.Errorf("got %+v", stats)
		}
		if sessions := count(t, db, "qwelp_sessions"); sessions != 2 {
			t.Errorf("%d sessions are there", sessions)
		}
		h.Observe(bad)
		flush(t, h)
		if stats := h.Stats(); stats.Dropped != 2 {
			t.Errorf("alone: %+v", stats)
		}
	})
}

func TestCloseWaitsForNoRetention(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		first := newHistory(t, db, &strings.Builder{})
		const sessions = 2000
		for i := range sessions {
			e := started(i)
			e.Started = e.Started.AddDate(-1, 0, 0)
			e.Time = e.Started
			first.Observe(e)
			e.Kind = signal.EventEnded
			first.Observe(e)
		}
		flush(t, first)
		if stats := first.Stats(); stats.Dropped > 0 {
			t.Fatalf("got %+v", stats)
		}
		h := newHistory(t, db, &strings.Builder{})
		time.Sleep(250 * time.Millisecond)
		before := time.Now()
		if err := h.Close(t.Context()); err != nil || time.Since(before) > 10*time.Millisecond {
			t.Errorf("Close took %v, %v", time.Since(before), err)
		}
		if left := count(t, db, "qwelp_sessions"); left == 0 || left == sessions {
			t.Errorf("%d sessions are left", left)
		}
	})
}

func TestWhatCloseGivesUpIsCounted(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		door.Breaks(func(string) error { return errors.New("no database") })
		h := newHistory(t, db, &strings.Builder{})
		const events = 1000
		for i := range events {
			h.Observe(started(i))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := h.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		h.Observe(started(events))
		if stats := h.Stats(); stats.Dropped != events+1 || stats.Waiting != 0 {
			t.Errorf("got %+v", stats)
		}
	})
}

func TestWhoWritesNothingAnyMoreIsForgotten(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		gone, h := newHistory(t, db, &strings.Builder{}), newHistory(t, db, &strings.Builder{})
		gone.Observe(started(0))
		flush(t, gone)
		h.Observe(started(1))
		flush(t, h)
		if n := count(t, db, "qwelp_writers"); n != 2 {
			t.Errorf("%d writers are there", n)
		}
		time.Sleep(23 * time.Hour)
		h.Observe(started(2))
		time.Sleep(2 * time.Hour)
		if n := count(t, db, "qwelp_writers"); n != 1 {
			t.Errorf("%d writers are there after a day", n)
		}
	})
}

func TestAnswersThatStayAwayForLongCountOnce(t *testing.T) {
	inTime(t, func(t *testing.T, door *historytest.Door, db *sql.DB) {
		h := newHistory(t, db, &strings.Builder{})
		flush(t, h)
		back := time.Now().Add(10 * time.Minute)
		door.LosesAnswers(func([]string) error {
			if time.Now().Before(back) {
				return errors.New("the connection is reset")
			}
			return nil
		})
		for range 300 { // more than one batch
			h.Observe(visited(1))
		}
		time.Sleep(11 * time.Minute)
		flush(t, h)
		sessions, _, err := h.List(t.Context(), history.Filter{})
		if err != nil || len(sessions) != 1 || len(sessions[0].Pages) != 300 || sessions[0].Further != 0 {
			t.Errorf("got %d sessions, %v, %s", len(sessions), err, fmt.Sprintf("%.300v", sessions))
		}
	})
}
