package signal

import (
	"context"
	"sync/atomic"
	"time"
)

// brokerOps are the calls of a Broker whose durations are counted.
var brokerOps = [...]string{"get", "incr", "publish", "set", "subscribe"}

const (
	opGet = iota
	opIncr
	opPublish
	opSet
	opSubscribe
)

// brokerTimes are how long the calls of a Broker take, and how many fail, by their op.
type brokerTimes [len(brokerOps)]struct {
	histogram
	failed atomic.Uint64
}

// timedBroker is a Broker whose calls are counted.
type timedBroker struct {
	Broker
	times *brokerTimes
}

func (b timedBroker) note(op int, begin time.Time, err error) {
	b.times[op].since(begin)
	if err != nil {
		b.times[op].failed.Add(1)
	}
}

func (b timedBroker) Publish(ctx context.Context, topic string, msg []byte) (err error) {
	defer func(begin time.Time) { b.note(opPublish, begin, err) }(time.Now())
	return b.Broker.Publish(ctx, topic, msg)
}

func (b timedBroker) Subscribe(ctx context.Context, topic string, fn func([]byte), lost func()) (stop func(), err error) {
	defer func(begin time.Time) { b.note(opSubscribe, begin, err) }(time.Now())
	return b.Broker.Subscribe(ctx, topic, fn, lost)
}

func (b timedBroker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (ok bool, err error) {
	defer func(begin time.Time) { b.note(opSet, begin, err) }(time.Now())
	return b.Broker.Set(ctx, key, old, val, ttl)
}

func (b timedBroker) Get(ctx context.Context, key string) (val []byte, err error) {
	defer func(begin time.Time) { b.note(opGet, begin, err) }(time.Now())
	return b.Broker.Get(ctx, key)
}

func (b timedBroker) Incr(ctx context.Context, key string, ttl time.Duration) (n int64, err error) {
	defer func(begin time.Time) { b.note(opIncr, begin, err) }(time.Now())
	return b.Broker.Incr(ctx, key, ttl)
}
