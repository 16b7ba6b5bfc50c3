package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// mostPages is how many visits are kept of one session.
const mostPages = 500

// reasonUnknown is why a session ended of which nothing was heard any more.
const reasonUnknown = "unknown"

func ms(t time.Time) int64 { return t.UnixMilli() }

// applyAll writes events, one after the other.
func (h *History) applyAll(ctx context.Context, t *sql.Tx, events []signal.Event) error {
	for _, e := range events {
		if err := h.apply(ctx, t, e); err != nil {
			return err
		}
	}
	return nil
}

// apply writes an event that is no sign of life. The row of its session is locked from then on, and made when it is the first that is heard of it: of two replicas the later may
// be first.
func (h *History) apply(ctx context.Context, t *sql.Tx, e signal.Event) error {
	var forgotten bool
	var pages, told int
	err := t.QueryRowContext(ctx, h.lang.bind(`INSERT INTO qwelp_sessions (id, started_at, seen_at, reason, told, metadata, verified, pages, forgotten)
		VALUES (?, ?, ?, '', 0, '', '', 0, 0)
		ON CONFLICT (id) DO UPDATE SET seen_at = CASE WHEN qwelp_sessions.seen_at < excluded.seen_at THEN excluded.seen_at ELSE qwelp_sessions.seen_at END
		RETURNING forgotten, pages, told`), clean(e.Session, 64), ms(e.Started), ms(e.Time)).Scan(&forgotten, &pages, &told)
	if err != nil {
		return fmt.Errorf("history: write %s: %w", e.Kind, err)
	}
	exec := func(query string, args ...any) {
		if err == nil {
			_, err = t.ExecContext(ctx, h.lang.bind(query), args...)
		}
	}
	id, at := clean(e.Session, 64), ms(e.Time)
	if e.Kind == signal.EventEnded {
		exec(`UPDATE qwelp_sessions SET ended_at = ?, reason = ? WHERE id = ? AND (ended_at IS NULL OR reason = ?)`, at, clean(string(e.Reason), 32), id, reasonUnknown)
	} else if forgotten {
		return nil
	}
	switch e.Kind {
	case signal.EventStarted, signal.EventTold:
		// By the count of the record that replicas share: their clocks may be apart.
		exec(`UPDATE qwelp_sessions SET told = ?, metadata = ?, verified = ? WHERE id = ? AND told <= ?`, e.Told, text(e.MetaData), text(e.Verified), id, e.Told)
		for verified, said := range []map[string]any{e.MetaData, e.Verified} {
			if err == nil {
				err = h.keepFacts(ctx, t, id, verified, factsOf(said, mostFacts), e.Told, max(told, e.Told))
			}
		}
	case signal.EventJoined:
		exec(`INSERT INTO qwelp_agents (session_id, member, agent_id, name, joined_at, relay_ms, channel_ms) VALUES (?, ?, ?, ?, ?, 0, 0)
			ON CONFLICT (session_id, member) DO UPDATE SET agent_id = excluded.agent_id, name = excluded.name, joined_at = excluded.joined_at`,
			id, clean(e.Member, 64), clean(e.Agent.ID, 256), clean(e.Agent.Name, 256), at)
	case signal.EventLeft:
		exec(`INSERT INTO qwelp_agents (session_id, member, agent_id, name, joined_at, left_at, relay_ms, channel_ms) VALUES (?, ?, '', '', ?, ?, 0, 0)
			ON CONFLICT (session_id, member) DO UPDATE SET left_at = excluded.left_at`, id, clean(e.Member, 64), at, at)
	case signal.EventCarried:
		exec(`INSERT INTO qwelp_agents (session_id, member, agent_id, name, joined_at, relay_ms, channel_ms) VALUES (?, ?, '', '', ?, ?, ?)
			ON CONFLICT (session_id, member) DO UPDATE SET relay_ms = qwelp_agents.relay_ms + excluded.relay_ms,
			channel_ms = qwelp_agents.channel_ms + excluded.channel_ms`, id, clean(e.Member, 64), at, e.Relay.Milliseconds(), e.Channel.Milliseconds())
	case signal.EventVisited:
		exec(`UPDATE qwelp_sessions SET pages = pages + 1 WHERE id = ?`, id)
		if pages < mostPages {
			exec(`INSERT INTO qwelp_pages (session_id, number, visited_at, path) VALUES (?, ?, ?, ?)`, id, pages, at, clean(e.Path, 300))
		}
	}
	if err != nil {
		return fmt.Errorf("history: write %s: %w", e.Kind, err)
	}
	return nil
}

// text gives metaData as JSON, "" when there is none.
func text(m map[string]any) string {
	if len(m) == 0 {
		return ""
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return "" // it came out of JSON
	}
	return string(raw)
}
