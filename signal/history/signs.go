package history

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/qwelp/qwelp-go/signal"
)

// hearSign remembers the newest sign of life of a session.
func (h *History) hearSign(e signal.Event) {
	e.Session = clean(e.Session, 64)
	h.aliveMu.Lock()
	defer h.aliveMu.Unlock()
	if _, known := h.alive[e.Session]; known || len(h.alive) < mostAlive {
		h.alive[e.Session] = e
	}
}

// signsOfLife takes what has been heard of sessions since the last time, in order of their ids: replicas that lock the same rows do so in the same order.
func (h *History) signsOfLife() []signal.Event {
	h.aliveMu.Lock()
	defer h.aliveMu.Unlock()
	events := make([]signal.Event, 0, len(h.alive))
	for _, id := range slices.Sorted(maps.Keys(h.alive)) {
		events = append(events, h.alive[id])
	}
	clear(h.alive)
	return events
}

// applySigns writes signs of life of as many sessions, in one statement. Whoever was given up is back.
func (h *History) applySigns(ctx context.Context, t *sql.Tx, signs []signal.Event) error {
	var args []any
	for _, e := range signs {
		args = append(args, e.Session, ms(e.Started), ms(e.Time))
	}
	_, err := t.ExecContext(ctx, h.lang.bind(`INSERT INTO qwelp_sessions (id, started_at, seen_at, reason, told, metadata, verified, pages, forgotten)
		VALUES `+rowsOf(len(signs), "(?, ?, ?, '', 0, '', '', 0, 0)")+`
		ON CONFLICT (id) DO UPDATE SET seen_at = CASE WHEN qwelp_sessions.seen_at < excluded.seen_at THEN excluded.seen_at ELSE qwelp_sessions.seen_at END,
		ended_at = CASE WHEN qwelp_sessions.reason = '`+reasonUnknown+`' THEN NULL ELSE qwelp_sessions.ended_at END,
		reason = CASE WHEN qwelp_sessions.reason = '`+reasonUnknown+`' THEN '' ELSE qwelp_sessions.reason END`), args...)
	if err != nil {
		return fmt.Errorf("history: write signs of life: %w", err)
	}
	return nil
}
