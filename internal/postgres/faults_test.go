package postgres

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/historytest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

// waitFor asks until it is so, a minute long.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// While a standby takes over, a server answers but takes nothing.
func TestAServerThatOnlyReadsIsWaitedFor(t *testing.T) {
	s := startServer(t)
	admin, db := s.open(t, "pgx", "postgres"), s.open(t, "pgx", s.fresh(t))
	db.SetMaxOpenConns(1) // so that what the test sees set is set for History too: each connection learns it by itself
	h, err := history.New(history.Config{DB: db, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	defer h.Close(ctx)
	observe := func(id string) {
		h.Observe(signal.Event{Kind: signal.EventStarted, Session: id, Started: time.Now(), Time: time.Now()})
	}
	observe("a")
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	readOnly := func(statement, want string) {
		t.Helper()
		for _, q := range []string{statement, "SELECT pg_reload_conf()"} {
			if _, err := admin.ExecContext(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		waitFor(t, statement, func() bool {
			var now string
			return db.QueryRowContext(ctx, "SHOW default_transaction_read_only").Scan(&now) == nil && now == want
		})
	}
	readOnly("ALTER SYSTEM SET default_transaction_read_only = on", "on")
	observe("b")
	waitFor(t, "failures", func() bool { return h.Stats().Failures >= 3 || h.Stats().Dropped > 0 })
	readOnly("ALTER SYSTEM RESET default_transaction_read_only", "off")
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if stats := h.Stats(); stats.Written != 2 || stats.Dropped != 0 {
		t.Errorf("got %+v", stats)
	}
}

// Whoever looks at the list first may go away while the tables are made.
func TestWhoGivesUpWhileTablesAreMadeLeavesNoTransactionOpen(t *testing.T) {
	s := startServer(t)
	for name := range drivers {
		t.Run(name, func(t *testing.T) {
			database := s.fresh(t)
			door := historytest.NewDoor(s.connector(t, name, database))
			other, db := s.open(t, "pgx", database), door.Open()
			t.Cleanup(func() { db.Close() })
			ctx, cancel := context.WithCancel(t.Context())
			var asked atomic.Int32
			door.Breaks(func(query string) error {
				if !strings.Contains(query, "pg_advisory_xact_lock") {
					return nil
				}
				if asked.Add(1) > 1 { // the first is History itself, tidying up
					cancel()
				}
				return errors.New("not now")
			})
			h, err := history.New(history.Config{DB: db, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close(t.Context())
			waitFor(t, "the first try", func() bool { return asked.Load() == 1 && db.Stats().InUse == 0 })
			if _, _, err := h.List(ctx, history.Filter{}); err == nil || ctx.Err() == nil {
				t.Errorf("got %v, %v", err, ctx.Err())
			}
			var open int
			err = other.QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'", database).Scan(&open)
			if err != nil || open != 0 {
				t.Errorf("%d connections of the pool are in a transaction, %v", open, err)
			}
		})
	}
}
