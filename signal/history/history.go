// Package history keeps what happened in sessions in the app's own database: when they began and ended and why, who was there, which pages were visited, and
// what was known about the customer, verified or not. Never what a page showed.
//
//	h, err := history.New(history.Config{DB: db})
//	…
//	q, err := middleware.New(middleware.Options{Signal: signal.Config{Observer: h, Agents: …}})
//	…
//	q.Shutdown(ctx)
//	h.Close(ctx)
//
// Agents find it in the console; History.List reads it in Go. SQLite and Postgres will do, with whatever driver the app uses; this package brings none. Several replicas
// write to one database.
//
// No session waits for the database. What happens is queued and written behind, once, whatever becomes of connections; while the database is slow, away or takes nothing the queue
// fills, and when it is full what is new is lost, counted in Stats.
package history

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// Config configures a History.
type Config struct {
	// DB is the database, with its driver. History makes tables there whose names begin with "qwelp_". The app closes it, after Close.
	DB *sql.DB

	// Dialect of the database. Default: found out by the type of the driver.
	Dialect Dialect

	// Keep is how long a session is kept after its start. Older ones are deleted by themselves, a few at a time. Negative: for ever. Default: 90 days.
	Keep time.Duration

	// OwnOnly has the page in the console show agents only sessions in which they were, by their signal.Agent.ID: all agents of AgentToken are one. An agent without an ID is shown none. List is not
	// bounded by it. Default: false, every agent sees all.
	OwnOnly bool

	// Logger receives what an operator should know. Default: slog.Default().
	Logger *slog.Logger
}

// KeepForever is a Config.Keep that deletes nothing.
const KeepForever time.Duration = -1

// Stats is what an operator may want to see. It names nobody.
type Stats struct {
	Written  uint64 `json:"written"`  // events that are in the database
	Dropped  uint64 `json:"dropped"`  // events that were lost, because the queue was full, the database refused them, or Close gave up
	Failures uint64 `json:"failures"` // tries that failed; most were repeated
	Waiting  int    `json:"waiting"`  // events in the queue
}

// The queue, and how it is written.
const (
	queueSize     = 4096
	batchSize     = 200              // events in a transaction
	batchValues   = 1000             // of metaData in their tellings, or one telling's: a transaction has to end in time
	mostAlive     = 100_000          // sessions whose signs of life wait
	aliveEvery    = 30 * time.Second // between writing signs of life
	writePatience = 10 * time.Second // for one transaction
	warnEvery     = time.Minute      // between lines in the log about the same
)

// History is a signal.Observer that keeps what it hears, and an http.Handler that shows it. All its methods are safe for concurrent use.
type History struct {
	db     *sql.DB
	lang   Dialect
	keep   time.Duration
	own    bool // agents see their own sessions only
	log    *slog.Logger
	ctx    context.Context // ends when nothing may run any more
	cancel context.CancelFunc

	writer  string // of this History's batches; unique
	batches int64  // how many there were; only write has it

	queue    chan item
	closing  chan struct{} // closed by Close
	finished chan struct{} // closed when nothing is written any more
	once     sync.Once
	running  sync.WaitGroup
	untidy   context.CancelFunc // ends what tidies up

	aliveMu sync.Mutex
	alive   map[string]signal.Event // the newest sign of life of a session

	migrating chan struct{} // holds one while tables are made
	migrated  atomic.Bool

	written, dropped, failures atomic.Uint64
	warned                     atomic.Int64 // when a line was written, in ns since 1970
}

// item is an event, or somebody who wants to know when all before it is written.
type item struct {
	event signal.Event
	done  chan struct{}
}

// New returns a History and begins to write what it hears. It does not wait for the database: tables are made once that answers.
func New(cfg Config) (*History, error) {
	if cfg.DB == nil {
		return nil, errors.New("history: DB: missing")
	}
	if cfg.Dialect == "" {
		cfg.Dialect = dialectOf(cfg.DB.Driver())
	}
	if cfg.Dialect != SQLite && cfg.Dialect != Postgres {
		return nil, errors.New("history: Dialect: neither SQLite nor Postgres, and the driver does not tell")
	}
	if cfg.Keep == 0 {
		cfg.Keep = 90 * 24 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Keep > 0 && cfg.Keep < time.Hour {
		cfg.Logger.Warn("history: Keep is so short that sessions are deleted at once; is a unit missing, as in 90*24*time.Hour?", "keep", cfg.Keep)
	}
	h := &History{
		db: cfg.DB, lang: cfg.Dialect, keep: cfg.Keep, own: cfg.OwnOnly, log: cfg.Logger,
		writer: rand.Text(), queue: make(chan item, queueSize), closing: make(chan struct{}), finished: make(chan struct{}), alive: map[string]signal.Event{}, migrating: make(chan struct{}, 1),
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.running.Go(h.write)
	tidying, cancel := context.WithCancel(h.ctx)
	h.untidy = cancel
	h.running.Go(func() { h.tidy(tidying) })
	return h, nil
}

// Observe queues an event. It never waits: see signal.Observer.
func (h *History) Observe(e signal.Event) {
	if e.Kind == signal.EventAlive {
		h.hearSign(e)
		return
	}
	if !h.over() {
		select {
		case h.queue <- item{event: e}:
			select {
			case <-h.finished: // Close was quicker
				h.leave()
			default:
			}
			return
		default:
		}
	}
	h.lose(1)
}

// Flush waits until what this History has heard before is in the database, or lost. It returns ctx's error when that ends first.
func (h *History) Flush(ctx context.Context) error {
	done := make(chan struct{})
	select {
	case h.queue <- item{done: done}:
	case <-h.finished:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
	case <-h.finished:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Close writes what is queued, and ends; what is old and not yet deleted is left to the next start. Call it after the Shutdown of who is observed. When ctx ends first, the rest is
// lost, and counted in Stats, and Close returns ctx's error.
func (h *History) Close(ctx context.Context) error {
	h.once.Do(func() {
		close(h.closing)
		h.untidy()
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.running.Wait()
		h.cancel()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		h.cancel()
		return ctx.Err()
	}
}

// over tells whether Close has been called.
func (h *History) over() bool {
	select {
	case <-h.closing:
		return true
	default:
		return false
	}
}

// Stats gives the figures of this History.
func (h *History) Stats() Stats {
	return Stats{Written: h.written.Load(), Dropped: h.dropped.Load(), Failures: h.failures.Load(), Waiting: len(h.queue)}
}

// lose counts events that are lost.
func (h *History) lose(n int) {
	total := h.dropped.Add(uint64(n))
	if h.mayWarn() {
		h.log.Error("history: events are lost", "lost", total, "waiting", len(h.queue))
	}
}

// mayWarn keeps a database in trouble from filling the log.
func (h *History) mayWarn() bool {
	now := time.Now().UnixNano()
	last := h.warned.Load()
	return now-last >= int64(warnEvery) && h.warned.CompareAndSwap(last, now)
}
