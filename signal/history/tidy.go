package history

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"
)

// How history keeps itself tidy.
const (
	tidyEvery   = 5 * time.Minute
	givenUp     = 15 * time.Minute // without a sign of life a session is over: its process was killed
	deleteBatch = 200              // sessions in one transaction
	betweenTwo  = 100 * time.Millisecond
	writersStay = 24 * time.Hour // after the last batch: far longer than any waits for its answer
)

// tidy ends sessions of which nothing is heard any more and deletes those that are kept no longer, until Close. Every replica does; twice does no harm.
func (h *History) tidy(ctx context.Context) {
	wait := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = tidyEvery/2 + rand.N(tidyEvery)
		if err := h.tidyOnce(ctx, time.Now()); err != nil && ctx.Err() == nil && h.mayWarn() {
			h.log.Error("history: the database failed; sessions go on", "while", "tidy", "err", err)
		}
	}
}

func (h *History) tidyOnce(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, tidyEvery)
	defer cancel()
	if _, err := h.GiveUp(ctx, now.Add(-givenUp)); err != nil {
		return err
	}
	if h.keep > 0 {
		if _, err := h.DeleteBefore(ctx, now.Add(-h.keep)); err != nil {
			return err
		}
	}
	return h.transact(ctx, func(t *sql.Tx) error {
		if _, err := t.ExecContext(ctx, h.lang.bind(`DELETE FROM qwelp_writers WHERE seen_at < ?`), ms(now.Add(-writersStay))); err != nil {
			return fmt.Errorf("history: tidy: %w", err)
		}
		return nil
	})
}

// GiveUp ends sessions, with the reason "unknown", of which nothing has been heard since a time, and tells how many: those of processes that were killed. History does so by
// itself after a quarter of an hour. A session that is heard of again goes on.
func (h *History) GiveUp(ctx context.Context, since time.Time) (n int64, err error) {
	err = h.transact(ctx, func(t *sql.Tx) error {
		result, err := t.ExecContext(ctx, h.lang.bind(`UPDATE qwelp_sessions SET ended_at = seen_at, reason = ? WHERE ended_at IS NULL AND seen_at < ?`), reasonUnknown, ms(since))
		if err != nil {
			return fmt.Errorf("history: give up: %w", err)
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}

// DeleteBefore deletes sessions that began before a time and have ended, and tells how many. It works in small steps, so that others can write meanwhile, and may be
// called again after an error. History does so by itself: Config.Keep.
func (h *History) DeleteBefore(ctx context.Context, before time.Time) (n int, err error) {
	return h.inBatches(ctx, `SELECT id FROM qwelp_sessions WHERE started_at < ? AND ended_at IS NOT NULL ORDER BY started_at, id LIMIT ?`,
		[]any{ms(before), deleteBatch}, h.deleteAll)
}

// Forget erases all that is kept of the customer of whom metaData says, or said, that the value under key is this, verified or not, and tells of how many sessions. Keys within
// others have dots in between: "cart.total". The error is ErrTooLong when the key has more than 200 characters, or the value more than 256: such values are forgotten by another one
// of the customer's. Of what was said before in a session, and changed since, the newest 5 000 unverified values count and the newest 20 000 verified ones.
//
// What remains of a session is that there was one, and when, until it is deleted; so a session that still runs brings nothing back. What another replica has heard before
// and not yet written may come after: while the database is well, that is a moment.
func (h *History) Forget(ctx context.Context, key, value string) (n int, err error) {
	if err := findable(key, value); err != nil {
		return 0, err
	}
	if err := h.Flush(ctx); err != nil {
		return 0, err
	}
	return h.inBatches(ctx, `SELECT DISTINCT session_id FROM qwelp_facts WHERE fact = ? AND value = ? LIMIT ?`,
		[]any{clean(key, maxFactKey), clean(value, maxFactValue), deleteBatch}, h.blank)
}

// deleteAll deletes sessions with all that belongs to them.
func (h *History) deleteAll(ctx context.Context, t *sql.Tx, ids []any) error {
	return h.execEach(ctx, t, ids, `DELETE FROM qwelp_pages WHERE session_id IN (%s)`, `DELETE FROM qwelp_agents WHERE session_id IN (%s)`,
		`DELETE FROM qwelp_facts WHERE session_id IN (%s)`, `DELETE FROM qwelp_notes WHERE session_id IN (%s)`, `DELETE FROM qwelp_sessions WHERE id IN (%s)`)
}

// blank leaves of sessions that they were. Their rows come first: whoever writes to them meanwhile waits, and then finds them forgotten.
func (h *History) blank(ctx context.Context, t *sql.Tx, ids []any) error {
	return h.execEach(ctx, t, ids, `UPDATE qwelp_sessions SET forgotten = 1, metadata = '', verified = '' WHERE id IN (%s)`,
		`DELETE FROM qwelp_pages WHERE session_id IN (%s)`, `DELETE FROM qwelp_agents WHERE session_id IN (%s)`, `DELETE FROM qwelp_facts WHERE session_id IN (%s)`,
		`DELETE FROM qwelp_notes WHERE session_id IN (%s)`)
}

// execEach executes statements, in which %s stands for ids.
func (h *History) execEach(ctx context.Context, t *sql.Tx, ids []any, statements ...string) error {
	for _, statement := range statements {
		if _, err := t.ExecContext(ctx, h.lang.bind(fmt.Sprintf(statement, marks(len(ids)))), ids...); err != nil {
			return fmt.Errorf("history: delete: %w", err)
		}
	}
	return nil
}

// inBatches does something to the sessions that a query finds, until it finds none.
func (h *History) inBatches(ctx context.Context, query string, args []any, do func(ctx context.Context, t *sql.Tx, ids []any) error) (n int, err error) {
	for {
		var ids []any
		err := h.transact(ctx, func(t *sql.Tx) (err error) {
			if h.lang == SQLite { // the lock to write, before reading: others may have written in between else
				if _, err := t.ExecContext(ctx, "DELETE FROM qwelp_history WHERE version < 0"); err != nil {
					return fmt.Errorf("history: lock: %w", err)
				}
			}
			ids, err = column(ctx, t, h.lang.bind(query), args)
			if err != nil || len(ids) == 0 {
				return err
			}
			return do(ctx, t, ids)
		})
		if err != nil {
			return n, err
		}
		n += len(ids)
		if len(ids) < deleteBatch {
			return n, nil
		}
		select {
		case <-time.After(betweenTwo):
		case <-ctx.Done():
			return n, ctx.Err()
		}
	}
}

// column gives the one column of what a query finds.
func column(ctx context.Context, t *sql.Tx, query string, args []any) (values []any, err error) {
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("history: read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, fmt.Errorf("history: read: %w", err)
		}
		values = append(values, v)
	}
	return values, rows.Err()
}
