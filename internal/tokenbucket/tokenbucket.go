// Package tokenbucket bounds how often something may happen.
package tokenbucket

import (
	"sync"
	"time"
)

// Bucket is a token bucket, full at first. Safe for concurrent use.
type Bucket struct {
	rate, burst float64

	mu    sync.Mutex
	spent float64
	last  time.Time
}

// New returns a bucket that refills by rate tokens a second and holds burst at most.
func New(rate, burst float64) *Bucket { return &Bucket{rate: rate, burst: burst} }

// Take spends n tokens and reports true if there are as many; else it spends none.
func (b *Bucket) Take(n float64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	if b.spent+n > b.burst {
		return false
	}
	b.spent += n
	return true
}

// Spent returns how many tokens are missing.
func (b *Bucket) Spent() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	return b.spent
}

func (b *Bucket) refill() {
	now := time.Now()
	b.spent = max(0, b.spent-now.Sub(b.last).Seconds()*b.rate)
	b.last = now
}
