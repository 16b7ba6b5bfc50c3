package history

import (
	"context"
	"database/sql"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// write writes what is queued, until Close and all that was queued then.
func (h *History) write() {
	defer h.finish()
	ticker := time.NewTicker(aliveEvery)
	defer ticker.Stop()
	var signs []signal.Event  // of life, which go one part after the other
	var asked []chan struct{} // who waits for that, too
	take := func(first item) {
		events, done := h.batch(first)
		h.put(events, h.applyAll)
		if len(done) > 0 {
			asked = append(asked, done...)
			signs = append(signs, h.signsOfLife()...)
		}
	}
	for h.ctx.Err() == nil {
		if len(signs) > 0 { // between two parts of them, what is queued has its turn
			n := min(batchSize, len(signs))
			h.put(signs[:n], h.applySigns)
			signs = signs[n:]
			select {
			case first := <-h.queue:
				take(first)
			default:
			}
			continue
		}
		for _, done := range asked {
			close(done)
		}
		asked = nil
		select {
		case first := <-h.queue:
			take(first)
		case <-ticker.C:
			signs = h.signsOfLife()
		case <-h.closing:
			if len(h.queue) > 0 {
				take(<-h.queue)
			} else if signs = h.signsOfLife(); len(signs) == 0 {
				return
			}
		}
	}
	h.lose(len(signs))
}

// finish says that nothing is written any more, and counts what is left.
func (h *History) finish() {
	close(h.finished)
	h.leave()
}

// leave counts what is in the queue as lost. Whoever puts something there once nothing is written any more calls it too.
func (h *History) leave() {
	for {
		select {
		case i := <-h.queue:
			if i.done == nil {
				h.lose(1)
			}
		default:
			return
		}
	}
}

// batch gives the events of an item and of what else waits, and who wants to know when they are written.
func (h *History) batch(next item) (events []signal.Event, done []chan struct{}) {
	values := 0
	add := func(i item) {
		values += countValues(i.event.MetaData) + countValues(i.event.Verified)
		if i.done != nil {
			done = append(done, i.done)
		} else {
			events = append(events, i.event)
		}
	}
	add(next)
	for len(events) < batchSize && values < batchValues {
		select {
		case i := <-h.queue:
			add(i)
		default:
			return events, done
		}
	}
	return events, done
}

// applier writes events in a transaction.
type applier func(ctx context.Context, t *sql.Tx, events []signal.Event) error

// put writes events in order, in one transaction; when the database takes all but some, it does without those.
func (h *History) put(events []signal.Event, write applier) {
	if len(events) > 1 && h.tryAll(events, write, refusalsOfMany) {
		return
	}
	for i := range events {
		if h.ctx.Err() != nil {
			h.lose(len(events) - i)
			return
		}
		if !h.tryAll(events[i:i+1], write, refusalsOfOne) {
			h.lose(1)
		}
	}
}
