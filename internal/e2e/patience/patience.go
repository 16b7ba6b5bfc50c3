// Package patience decides when a test has waited in vain.
//
// A limit in seconds would assume that nothing else runs: what takes one second on a quiet machine takes a minute beside enough other work. So
// a wait ends when its time has passed and the processors have had time to spare meanwhile, which is what tells a condition that never comes
// from one whose turn has not come.
package patience

import (
	"context"
	"time"
)

// Enough is how long anything may take on a machine that has time to spare.
const Enough = 15 * time.Second

const (
	share = 5               // a fifth of a wait has to have been spare time, of every processor
	most  = 2 * time.Minute // that any wait takes, if its limit is not longer

	// Looking costs as much as what is waited for, so that it is done less and less often.
	firstPause = 10 * time.Millisecond
	lastPause  = 100 * time.Millisecond
)

// Wait is a wait that has begun. Safe for concurrent use.
type Wait struct {
	limit time.Duration
	begin time.Time
	spare time.Duration
}

// Begin begins a wait of limit, on a machine that has time to spare.
func Begin(limit time.Duration) Wait {
	return Wait{limit, time.Now(), spare()}
}

// InVain reports whether to give up.
func (w Wait) InVain() bool {
	waited := time.Since(w.begin)
	return waited >= w.limit && (waited >= most || spare()-w.spare >= w.limit/share)
}

// Holds waits for a condition, and reports whether it held before the wait was in vain.
func Holds(limit time.Duration, condition func() bool) bool {
	pause := firstPause
	for wait := Begin(limit); !condition(); pause = min(pause*3/2, lastPause) {
		if wait.InVain() {
			return false
		}
		<-time.After(pause)
	}
	return true
}

// Context returns a context that ends with its parent, when cancel is called, or when a wait of limit is in vain.
func Context(parent context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		for wait := Begin(limit); ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(limit / 10):
				if wait.InVain() {
					cancel(context.DeadlineExceeded)
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

var start = time.Now()

// always is spare where it is not known: then waits end by the clock.
func always() time.Duration { return time.Since(start) }
