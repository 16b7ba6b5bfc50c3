package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

func TestWhatAServerMissedWhileItWasDeadIsWrittenWhenItIsBack(t *testing.T) {
	s := startServer(t)
	db := s.open(t, "pgx", s.fresh(t))
	h, err := history.New(history.Config{DB: db, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	observe := func(n int) {
		for range n {
			now := time.Now()
			h.Observe(signal.Event{Kind: signal.EventStarted, Session: rand.Text(), Started: now, Time: now, MetaData: map[string]any{"text": "x\x00y"}})
		}
	}
	observe(50)
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	s.end()
	observe(50)
	if _, _, err := h.List(ctx, history.Filter{}); err == nil {
		t.Error("a dead server is read from")
	}
	for h.Stats().Failures == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	program, err := find("postgres")
	if err != nil {
		t.Fatal(err)
	}
	s.start(program)
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	sessions, _, err := h.List(ctx, history.Filter{Limit: 500})
	if got := fmt.Sprintf("%d sessions, %v, %d lost", len(sessions), err, h.Stats().Dropped); got != "100 sessions, <nil>, 0 lost" {
		t.Errorf("got %s", got)
	}
	if err := h.Close(ctx); err != nil {
		t.Error(err)
	}
}
