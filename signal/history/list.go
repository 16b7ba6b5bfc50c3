package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Session is what is kept of one session.
type Session struct {
	ID       string
	Started  time.Time
	Ended    time.Time      // zero while it runs
	Reason   wire.EndReason // empty while it runs; "unknown" when its process was killed
	MetaData map[string]any // as the page said last, unverified
	Verified map[string]any // as the app's server signed it last
	Agents   []Agent        // in the order in which they joined
	Pages    []Visit        // in the order in which they were visited, at most 500
	Further  int            // pages that were visited besides
	Notes    []Note         // of agents, the oldest first
}

// Agent is an agent's part in a session.
type Agent struct {
	ID      string // signal.Agent.ID
	Name    string // as the customer saw it
	Joined  time.Time
	Left    time.Time     // zero while in the session
	Relay   time.Duration // how long the link went over the app's server
	Channel time.Duration // how long over a data channel
}

// Visit is a page that the customer was on.
type Visit struct {
	At   time.Time
	Path string // "/orders/:id"
}

// Duration is how long the session lasted, or runs at that time.
func (s Session) Duration(now time.Time) time.Duration {
	if !s.Ended.IsZero() {
		now = s.Ended
	}
	return max(0, now.Sub(s.Started))
}

// Filter says which sessions are wanted. The zero value wants all. All that is set must hold.
type Filter struct {
	Key, Value string         // metaData has, or had, that value, under that key, with dots for keys within others; without Key, under any. Text in full, up to 256 characters, keys up to 200; numbers, true, false and null as in JSON
	Text       string         // some value of metaData holds that text, whatever its case
	Verified   bool           // for Key, Value and Text, only what is verified counts; without them, something is verified, or was
	Session    string         // it has that ID
	Agent      string         // an agent with that ID, or exactly that name, was there
	AgentID    string         // an agent with that ID was there, whatever others call themselves
	Reason     wire.EndReason // it ended for that reason
	Running    bool           // it has not ended
	From       time.Time      // it began then or later
	Until      time.Time      // it began before

	Limit  int    // how many at most: 1 to 500. Default: 50
	Cursor string // of the list before; empty: the newest sessions
}

// List gives sessions, the newest first, and the cursor of those that follow, empty when there are none. The error wraps ErrCursor when the filter's cursor is none, and
// ErrTooLong when its Key, Value or Text is longer than what can be found.
func (h *History) List(ctx context.Context, f Filter) (sessions []Session, next string, err error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	query, args, err := f.query()
	if err != nil {
		return nil, "", err
	}
	err = h.transact(ctx, func(t *sql.Tx) (err error) {
		if sessions, err = h.sessions(ctx, t, query, args); err != nil {
			return err
		}
		if len(sessions) > f.Limit {
			sessions = sessions[:f.Limit]
			next = cursorAfter(sessions[f.Limit-1])
		}
		return h.fill(ctx, t, sessions)
	})
	if err != nil {
		return nil, "", err
	}
	return sessions, next, nil
}

// query gives the statement that finds one session more than wanted. Whatever somebody may have typed is a parameter.
func (f Filter) query() (query string, args []any, err error) {
	if err := findable(f.Key, f.Value, f.Text); err != nil {
		return "", nil, err
	}
	where := []string{"forgotten = 0"}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Key != "" || f.Value != "" || f.Text != "" {
		var conditions []string
		var values []any
		for _, c := range []struct{ set, condition, value string }{
			{f.Key, "fact = ?", clean(f.Key, maxFactKey)},
			{f.Value, "value = ?", clean(f.Value, maxFactValue)},
			{f.Text, `folded LIKE ? ESCAPE '!'`, "%" + literal.Replace(fold(clean(f.Text, maxFactValue))) + "%"},
		} {
			if c.set != "" {
				conditions, values = append(conditions, c.condition), append(values, c.value)
			}
		}
		if f.Verified {
			conditions = append(conditions, "verified = 1")
		}
		add("id IN (SELECT session_id FROM qwelp_facts WHERE "+strings.Join(conditions, " AND ")+")", values...)
	} else if f.Verified {
		add("EXISTS (SELECT 1 FROM qwelp_facts WHERE session_id = qwelp_sessions.id AND verified = 1)")
	}
	if f.Agent != "" {
		agent := clean(f.Agent, 256)
		add("id IN (SELECT session_id FROM qwelp_agents WHERE agent_id = ? OR name = ?)", agent, agent)
	}
	if f.AgentID != "" {
		add("id IN (SELECT session_id FROM qwelp_agents WHERE agent_id = ?)", clean(f.AgentID, 256))
	}
	if f.Session != "" {
		add("id = ?", clean(f.Session, 64))
	}
	if f.Running {
		add("ended_at IS NULL")
	}
	if f.Reason != "" {
		add("reason = ?", clean(string(f.Reason), 32))
	}
	if !f.From.IsZero() {
		add("started_at >= ?", ms(f.From))
	}
	if !f.Until.IsZero() {
		add("started_at < ?", ms(f.Until))
	}
	if f.Cursor != "" {
		started, id, err := parseCursor(f.Cursor)
		if err != nil {
			return "", nil, err
		}
		add("(started_at, id) < (?, ?)", started, id)
	}
	return `SELECT id, started_at, ended_at, reason, metadata, verified, pages FROM qwelp_sessions WHERE ` + strings.Join(where, " AND ") +
		` ORDER BY started_at DESC, id DESC LIMIT ?`, append(args, f.Limit+1), nil
}

// literal takes their meaning from the characters that LIKE knows.
var literal = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func (h *History) sessions(ctx context.Context, t *sql.Tx, query string, args []any) (sessions []Session, err error) {
	err = h.each(ctx, t, query, args, func(rows *sql.Rows) error {
		var s Session
		var started int64
		var ended sql.NullInt64
		var reason, metaData, verified string
		err := rows.Scan(&s.ID, &started, &ended, &reason, &metaData, &verified, &s.Further)
		s.Started, s.Ended, s.Reason = timeOf(started), timeOf(ended.Int64), wire.EndReason(reason)
		s.MetaData, s.Verified = objectOf(metaData), objectOf(verified)
		sessions = append(sessions, s)
		return err
	})
	return sessions, err
}

// fill adds the agents, notes and pages of sessions.
func (h *History) fill(ctx context.Context, t *sql.Tx, sessions []Session) error {
	if len(sessions) == 0 {
		return nil
	}
	byID, ids := map[string]*Session{}, make([]any, len(sessions))
	for i := range sessions {
		byID[sessions[i].ID], ids[i] = &sessions[i], sessions[i].ID
	}
	err := h.each(ctx, t, `SELECT session_id, agent_id, name, joined_at, left_at, relay_ms, channel_ms FROM qwelp_agents
		WHERE session_id IN (`+marks(len(ids))+`) ORDER BY joined_at, member`, ids, func(rows *sql.Rows) error {
		var id string
		var a Agent
		var joined, relay, channel int64
		var left sql.NullInt64
		err := rows.Scan(&id, &a.ID, &a.Name, &joined, &left, &relay, &channel)
		a.Joined, a.Left = timeOf(joined), timeOf(left.Int64)
		a.Relay, a.Channel = time.Duration(relay)*time.Millisecond, time.Duration(channel)*time.Millisecond
		if s := byID[id]; s != nil {
			if a.Left.IsZero() {
				a.Left = s.Ended
			}
			s.Agents = append(s.Agents, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := h.fillNotes(ctx, t, byID, ids); err != nil {
		return err
	}
	return h.each(ctx, t, `SELECT session_id, visited_at, path FROM qwelp_pages WHERE session_id IN (`+marks(len(ids))+`) ORDER BY visited_at, number`, ids, func(rows *sql.Rows) error {
		var id, path string
		var at int64
		err := rows.Scan(&id, &at, &path)
		if s := byID[id]; s != nil {
			s.Pages = append(s.Pages, Visit{timeOf(at), path})
			s.Further = max(0, s.Further-1)
		}
		return err
	})
}

// each calls read for every row that a query finds.
func (h *History) each(ctx context.Context, t *sql.Tx, query string, args []any, read func(*sql.Rows) error) error {
	rows, err := t.QueryContext(ctx, h.lang.bind(query), args...)
	if err != nil {
		return fmt.Errorf("history: read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return fmt.Errorf("history: read: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("history: read: %w", err)
	}
	return nil
}

func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func objectOf(text string) (m map[string]any) {
	if text == "" || json.Unmarshal([]byte(text), &m) != nil {
		return nil // only text gives it
	}
	return m
}
