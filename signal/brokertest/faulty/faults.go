// Package faulty puts a signal.Broker behind faults: calls that are slow, fail, do nothing, or fail although they were applied, as those to an engine over a
// network are now and then. It is for tests of what has to live with that. It does not import package signal, whose own tests use it.
//
//	broker := faulty.New(signal.NewMemoryBroker())
//	mend := broker.Add(faulty.Fault{Call: faulty.Set, Key: "session/", Err: faulty.ErrDown})
//	…
//	mend()
package faulty

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// Inner is what is behind the faults: a signal.Broker.
type Inner interface {
	Publish(ctx context.Context, topic string, msg []byte) error
	Subscribe(ctx context.Context, topic string, fn func(msg []byte), lost func()) (stop func(), err error)
	Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (ok bool, err error)
	Get(ctx context.Context, key string) ([]byte, error)
	Incr(ctx context.Context, key string, ttl time.Duration) (int64, error)
}

// Call is a method of a broker.
type Call string

// The calls.
const (
	Publish   Call = "publish"
	Subscribe Call = "subscribe"
	Set       Call = "set"
	Get       Call = "get"
	Incr      Call = "incr"
)

// ErrDown is an error for faults that need no other.
var ErrDown = errors.New("faulty: the broker is down")

// Fault is what becomes of some calls. The zero value is every call, to which nothing happens.
type Fault struct {
	Call  Call   // which calls; empty: all
	Key   string // those whose key or topic begins so; empty: all
	Times int    // only the next so many of these; 0: until the fault is taken away

	Delay   time.Duration // how long a call takes before anything else happens, or until its ctx ends, which is then its error
	Drop    bool          // a call does nothing and says that it was done: messages are not heard, values not stored, and every key is absent
	Err     error         // what a call returns without being passed on
	Applied bool          // a call with Err is passed on nevertheless, as when an answer is lost
}

// Broker is a broker behind faults. It is safe for concurrent use if what is behind it is.
type Broker struct {
	inner Inner

	mu     sync.Mutex
	faults []*fault
	calls  int
}

type fault struct {
	Fault
	left int
}

// New returns a broker without faults.
func New(inner Inner) *Broker { return &Broker{inner: inner} }

// Add adds a fault. Of several that concern a call, their delays add up, and the first with Err or Drop decides. mend takes the fault away; it may be
// called more than once. Calls that wait already wait on.
func (b *Broker) Add(f Fault) (mend func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	added := &fault{f, f.Times}
	b.faults = append(b.faults, added)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.faults = slices.DeleteFunc(b.faults, func(f *fault) bool { return f == added })
	}
}

// Calls returns how many calls there have been.
func (b *Broker) Calls() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls
}

// meets counts a call and gives the sum of the faults that concern it.
func (b *Broker) meets(call Call, key string) (sum Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	b.faults = slices.DeleteFunc(b.faults, func(f *fault) bool {
		if f.Call != "" && f.Call != call || !strings.HasPrefix(key, f.Key) {
			return false
		}
		sum.Delay += f.Delay
		if sum.Err == nil && !sum.Drop {
			sum.Err, sum.Drop, sum.Applied = f.Err, f.Drop, f.Applied
		}
		f.left--
		return f.left == 0
	})
	return sum
}

// through makes a call with its faults; do passes it on.
func (b *Broker) through(ctx context.Context, call Call, key string, do func() error) error {
	f := b.meets(call, key)
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch {
	case f.Err != nil && f.Applied:
		_ = do()
		return f.Err
	case f.Err != nil:
		return f.Err
	case f.Drop:
		return nil
	}
	return do()
}

// Publish is that of the broker behind, with the faults.
func (b *Broker) Publish(ctx context.Context, topic string, msg []byte) error {
	return b.through(ctx, Publish, topic, func() error { return b.inner.Publish(ctx, topic, msg) })
}

// Subscribe is that of the broker behind, with the faults. One that is dropped hears nothing, and one that fails is not left behind.
func (b *Broker) Subscribe(ctx context.Context, topic string, fn func(msg []byte), lost func()) (stop func(), err error) {
	err = b.through(ctx, Subscribe, topic, func() (err error) {
		stop, err = b.inner.Subscribe(ctx, topic, fn, lost)
		return err
	})
	if err != nil && stop != nil {
		stop()
		return nil, err
	}
	if err == nil && stop == nil {
		stop = func() {}
	}
	return stop, err
}

// Set is that of the broker behind, with the faults.
func (b *Broker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (ok bool, err error) {
	ok = true
	err = b.through(ctx, Set, key, func() (err error) {
		ok, err = b.inner.Set(ctx, key, old, val, ttl)
		return err
	})
	return ok && err == nil, err
}

// Get is that of the broker behind, with the faults.
func (b *Broker) Get(ctx context.Context, key string) (val []byte, err error) {
	err = b.through(ctx, Get, key, func() (err error) {
		val, err = b.inner.Get(ctx, key)
		return err
	})
	if err != nil {
		return nil, err
	}
	return val, nil
}

// Incr is that of the broker behind, with the faults. One that is dropped gives 1.
func (b *Broker) Incr(ctx context.Context, key string, ttl time.Duration) (n int64, err error) {
	n = 1
	err = b.through(ctx, Incr, key, func() (err error) {
		n, err = b.inner.Incr(ctx, key, ttl)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
