package history

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// How long to wait before a transaction is tried again; in the end, the last.
var retryWaits = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second, 3 * time.Second}

// How often in a row the database must refuse events while it takes others, before they are taken for what it cannot take.
const (
	refusalsOfMany = 4
	refusalsOfOne  = 3
)

// tryAll writes events in one transaction, or tells that it will not work: the database has refused them that often, and taken another each time. While it takes
// nothing, such as behind somebody's lock, on a full disk, or on a server that only reads, tryAll waits.
func (h *History) tryAll(events []signal.Event, write applier, refusals int) bool {
	h.batches++
	number := h.batches
	for try, refused := 0, 0; ; try++ {
		err := h.attempt(number, events, write)
		if err == nil {
			h.written.Add(uint64(len(events)))
			return true
		}
		h.failures.Add(1)
		if h.ctx.Err() == nil && h.mayWarn() {
			h.log.Error("history: the database failed; sessions go on", "err", err, "waiting", len(h.queue))
		}
		switch written, err := h.probe(number); {
		case written:
			h.written.Add(uint64(len(events)))
			return true
		case err != nil:
			refused = 0
		default:
			refused++
		}
		if refused >= refusals {
			return false
		}
		select {
		case <-time.After(retryWaits[min(try, len(retryWaits)-1)]):
		case <-h.ctx.Done():
			return false
		}
	}
}

// attempt writes a batch, unless it is there already: the answer to a commit may be lost.
func (h *History) attempt(number int64, events []signal.Event, write applier) error {
	ctx, cancel := context.WithTimeout(h.ctx, writePatience)
	defer cancel()
	return h.transact(ctx, func(t *sql.Tx) error {
		last, err := h.lastBatch(ctx, t)
		if err != nil || last >= number {
			return err
		}
		if err := write(ctx, t, events); err != nil {
			return err
		}
		if _, err = t.ExecContext(ctx, h.lang.bind(`UPDATE qwelp_writers SET batch = ? WHERE writer = ?`), number, h.writer); err != nil {
			return fmt.Errorf("history: write: %w", err)
		}
		return nil
	})
}

// lastBatch gives the number of the last batch of this History's that is in the database. A transaction of ours that may still run there, after its
// connection broke, is waited for by the lock on the row.
func (h *History) lastBatch(ctx context.Context, t *sql.Tx) (last int64, err error) {
	err = t.QueryRowContext(ctx, h.lang.bind(`INSERT INTO qwelp_writers (writer, batch, seen_at) VALUES (?, 0, ?)
		ON CONFLICT (writer) DO UPDATE SET seen_at = excluded.seen_at RETURNING batch`), h.writer, ms(time.Now())).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("history: write: %w", err)
	}
	return last, nil
}

// ballast makes a probe as large as events are at most: a disk that is all but full must not take it when it takes nothing else.
var ballast = strings.Repeat("-", 8<<10)

// probe tells whether a batch is in the database in spite of an error. If it is not, and there is no error, the database takes events at this time: it has been given one, of
// no session, which is deleted in the same transaction. To read something would not tell.
func (h *History) probe(number int64) (written bool, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, writePatience)
	defer cancel()
	err = h.transact(ctx, func(t *sql.Tx) error {
		last, err := h.lastBatch(ctx, t)
		if written = last >= number; err != nil || written {
			return err
		}
		now := time.Now()
		e := signal.Event{Kind: signal.EventStarted, Session: h.writer, Started: now, Time: now, MetaData: map[string]any{"probe": ballast}}
		if err := h.apply(ctx, t, e); err != nil {
			return err
		}
		return h.deleteAll(ctx, t, []any{h.writer})
	})
	return written && err == nil, err
}
