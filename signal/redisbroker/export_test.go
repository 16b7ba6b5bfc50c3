package redisbroker

import (
	"context"
	"time"
)

// OpenProbing is New with an interval of probes for tests.
func OpenProbing(ctx context.Context, o Options, probe time.Duration) (*Broker, error) {
	l := defaultLimits
	l.probe = probe
	return open(ctx, o, l)
}

// OpenNarrow is New with room for so few messages.
func OpenNarrow(ctx context.Context, o Options, queue, bytes int) (*Broker, error) {
	l := defaultLimits
	l.queue, l.queueBytes = queue, bytes
	return open(ctx, o, l)
}

// Rights is what Check asks for.
func (b *Broker) Rights() string { return b.rights() }

var Judge = judge
