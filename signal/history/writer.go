package history

import (
	"context"
	"database/sql"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// How long to wait before a transaction is tried again, when the database answers; while it does not, the last.
var retryWaits = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second, 3 * time.Second}

// write writes what is queued, until Close and all that was queued then.
func (h *History) write() {
	defer close(h.finished)
	ticker := time.NewTicker(aliveEvery)
	defer ticker.Stop()
	for {
		select {
		case first := <-h.queue:
			h.take(first)
		case <-h.closing:
			for len(h.queue) > 0 && h.ctx.Err() == nil {
				h.take(<-h.queue)
			}
			h.put(h.signsOfLife())
			return
		case <-ticker.C:
			h.put(h.signsOfLife())
		}
	}
}

// take writes an item, and with it what else waits.
func (h *History) take(next item) {
	var events []signal.Event
	var done []chan struct{}
	add := func(i item) {
		if i.done != nil {
			done = append(done, i.done)
		} else {
			events = append(events, i.event)
		}
	}
	add(next)
	for more := true; more && len(events) < batchSize; {
		select {
		case i := <-h.queue:
			add(i)
		default:
			more = false
		}
	}
	if len(done) > 0 {
		events = append(events, h.signsOfLife()...)
	}
	h.put(events)
	for _, d := range done {
		close(d)
	}
}

// signsOfLife takes what has been heard of sessions since the last time.
func (h *History) signsOfLife() []signal.Event {
	h.aliveMu.Lock()
	defer h.aliveMu.Unlock()
	events := make([]signal.Event, 0, len(h.alive))
	for _, e := range h.alive {
		events = append(events, e)
	}
	clear(h.alive)
	return events
}

// put writes events in order, in one transaction; when the database takes all but some, it does without those.
func (h *History) put(events []signal.Event) {
	if len(events) == 0 {
		return
	}
	if len(events) > 1 && h.tryAll(events, len(retryWaits)) {
		return
	}
	for i, e := range events {
		if h.ctx.Err() != nil {
			h.lose(len(events) - i)
			return
		}
		if !h.tryAll([]signal.Event{e}, 2) {
			h.lose(1)
		}
	}
}

// tryAll writes events in one transaction, or tells that it will not work: the database is there and has refused them that often. While it is not there, it waits.
func (h *History) tryAll(events []signal.Event, tries int) bool {
	for try := 0; ; try++ {
		err := h.attempt(events)
		if err == nil {
			h.written.Add(uint64(len(events)))
			return true
		}
		h.failures.Add(1)
		if h.ctx.Err() != nil {
			return false
		}
		if h.mayWarn() {
			h.log.Error("history: the database failed; sessions go on", "err", err, "waiting", len(h.queue))
		}
		if try+1 >= tries && h.answers() {
			return false
		}
		select {
		case <-time.After(retryWaits[min(try, len(retryWaits)-1)]):
		case <-h.ctx.Done():
			return false
		}
	}
}

func (h *History) attempt(events []signal.Event) error {
	ctx, cancel := context.WithTimeout(h.ctx, writePatience)
	defer cancel()
	return h.transact(ctx, func(t *sql.Tx) error {
		for _, e := range events {
			if err := h.apply(ctx, t, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// answers tells whether the database is there.
func (h *History) answers() bool {
	ctx, cancel := context.WithTimeout(h.ctx, writePatience)
	defer cancel()
	return h.guard(func() error {
		var one int
		return h.db.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	}) == nil
}
