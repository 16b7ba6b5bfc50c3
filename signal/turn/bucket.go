package turn

import (
	"sync"
	"time"
)

// bucket is a token bucket, full at first. Safe for concurrent use.
type bucket struct {
	rate, burst float64 // tokens a second, tokens at most

	mu    sync.Mutex
	spent float64
	last  time.Time
}

// take spends n tokens if there are as many.
func (b *bucket) take(n float64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.spent = max(0, b.spent-now.Sub(b.last).Seconds()*b.rate)
	b.last = now
	if b.spent+n > b.burst {
		return false
	}
	b.spent += n
	return true
}
