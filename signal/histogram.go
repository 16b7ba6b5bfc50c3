package signal

import (
	"sync/atomic"
	"time"
)

// bounds are the upper ends of a histogram's buckets in seconds: from a call within a machine to the patience of a client.
var bounds = [...]float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// histogram counts durations. The zero value is ready. Safe for concurrent use.
type histogram struct {
	buckets [len(bounds) + 1]atomic.Uint64 // by the first bound that is not below; the last is for what is above all
	sum     atomic.Int64                   // ns
}

func (h *histogram) observe(d time.Duration) {
	i := 0
	for s := d.Seconds(); i < len(bounds) && s > bounds[i]; {
		i++
	}
	h.buckets[i].Add(1)
	h.sum.Add(int64(d))
}

// since observes how long ago a time was.
func (h *histogram) since(begin time.Time) { h.observe(time.Since(begin)) }
