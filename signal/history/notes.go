package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// MaxNote is how many bytes a note may have.
const MaxNote = 4 << 10

// ErrNoteTooLong says that a note has more than MaxNote bytes.
var ErrNoteTooLong = errors.New("history: a note may have 4096 bytes")

// Note is what an agent has noted about a session.
type Note struct {
	Agent string // signal.Agent.ID
	Name  string // of the agent, as the customer saw it
	Text  string // with lines
	At    time.Time
}

// Note keeps what an agent has noted about a session, in place of what the same agent had noted before; an empty text erases that. The error wraps signal.ErrNotInSession when the
// agent was not in the session, or nothing is kept of it, and is ErrNoteTooLong when the text has more than MaxNote bytes. All agents of AgentToken are one, so they have one note together.
func (h *History) Note(ctx context.Context, session string, agent signal.Agent, text string) error {
	text = strings.TrimSpace(strings.ReplaceAll(clean(text, MaxNote+1), "\r\n", "\n"))
	if len(text) > MaxNote {
		return ErrNoteTooLong
	}
	if err := h.Flush(ctx); err != nil { // that the agent has joined may still be in the queue
		return err
	}
	id, by := clean(session, 64), clean(agent.ID, 256)
	return h.transact(ctx, func(t *sql.Tx) error {
		// The session's row comes first, as for all that writes: a customer who is forgotten meanwhile stays so.
		locked, err := t.ExecContext(ctx, h.lang.bind(`UPDATE qwelp_sessions SET seen_at = seen_at WHERE id = ? AND forgotten = 0`), id)
		if err != nil {
			return fmt.Errorf("history: write note: %w", err)
		}
		var name string
		err = t.QueryRowContext(ctx, h.lang.bind(`SELECT name FROM qwelp_agents WHERE session_id = ? AND agent_id = ? ORDER BY joined_at DESC LIMIT 1`), id, by).Scan(&name)
		if n, countErr := locked.RowsAffected(); errors.Is(err, sql.ErrNoRows) || countErr == nil && n == 0 || by == "" {
			return fmt.Errorf("history: write note: %w", signal.ErrNotInSession)
		}
		if err != nil {
			return fmt.Errorf("history: write note: %w", err)
		}
		if text == "" {
			_, err = t.ExecContext(ctx, h.lang.bind(`DELETE FROM qwelp_notes WHERE session_id = ? AND agent_id = ?`), id, by)
		} else {
			_, err = t.ExecContext(ctx, h.lang.bind(`INSERT INTO qwelp_notes (session_id, agent_id, name, note, noted_at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (session_id, agent_id) DO UPDATE SET name = excluded.name, note = excluded.note, noted_at = excluded.noted_at`), id, by, name, text, ms(time.Now()))
		}
		if err != nil {
			return fmt.Errorf("history: write note: %w", err)
		}
		return nil
	})
}

// fillNotes adds the notes of sessions.
func (h *History) fillNotes(ctx context.Context, t *sql.Tx, byID map[string]*Session, ids []any) error {
	return h.each(ctx, t, `SELECT session_id, agent_id, name, note, noted_at FROM qwelp_notes WHERE session_id IN (`+marks(len(ids))+`) ORDER BY noted_at, agent_id`, ids, func(rows *sql.Rows) error {
		var id string
		var n Note
		var at int64
		err := rows.Scan(&id, &n.Agent, &n.Name, &n.Text, &at)
		n.At = timeOf(at)
		if s := byID[id]; s != nil {
			s.Notes = append(s.Notes, n)
		}
		return err
	})
}
