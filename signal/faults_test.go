package signal

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// spyBroker remembers everything that was ever put into it.
type spyBroker struct {
	Broker
	mu   sync.Mutex
	text []byte
}

func (s *spyBroker) note(parts ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range parts {
		s.text = append(append(s.text, p...), '\n')
	}
}

func (s *spyBroker) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

func (s *spyBroker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	s.note([]byte(key), val)
	return s.Broker.Set(ctx, key, old, val, ttl)
}

func (s *spyBroker) Incr(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	s.note([]byte(key))
	return s.Broker.Incr(ctx, key, ttl)
}

func (s *spyBroker) Publish(ctx context.Context, topic string, msg []byte) error {
	s.note([]byte(topic), msg)
	return s.Broker.Publish(ctx, topic, msg)
}

// callsBroker notes what it is asked for, without what is hidden in the keys.
type callsBroker struct {
	Broker
	mu    sync.Mutex
	calls []string
}

func (c *callsBroker) note(call, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call+" "+key[:max(strings.LastIndex(key, "/"), 0)])
}

// take gives what has been asked for since the last time.
func (c *callsBroker) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	return calls
}

func (c *callsBroker) Get(ctx context.Context, key string) ([]byte, error) {
	c.note("get", key)
	return c.Broker.Get(ctx, key)
}

func (c *callsBroker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	c.note("set", key)
	return c.Broker.Set(ctx, key, old, val, ttl)
}

func (c *callsBroker) Incr(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	c.note("incr", key)
	return c.Broker.Incr(ctx, key, ttl)
}

// faultyBroker fails while it is down, and drops what is published while it is deaf.
type faultyBroker struct {
	Broker
	down, deaf atomic.Bool
}

var errDown = errors.New("the broker is down")

func (f *faultyBroker) Publish(ctx context.Context, topic string, msg []byte) error {
	switch {
	case f.down.Load():
		return errDown
	case f.deaf.Load():
		return nil
	}
	return f.Broker.Publish(ctx, topic, msg)
}

func (f *faultyBroker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	if f.down.Load() {
		return false, errDown
	}
	return f.Broker.Set(ctx, key, old, val, ttl)
}

func (f *faultyBroker) Get(ctx context.Context, key string) ([]byte, error) {
	if f.down.Load() {
		return nil, errDown
	}
	return f.Broker.Get(ctx, key)
}

func (f *faultyBroker) Incr(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	if f.down.Load() {
		return 0, errDown
	}
	return f.Broker.Incr(ctx, key, ttl)
}

// inMemory is the memory broker that is behind what tests and the server have put around it.
func inMemory(b Broker) *memory {
	for {
		switch around := b.(type) {
		case timedBroker:
			b = around.Broker
		case *faultyBroker:
			b = around.Broker
		default:
			return b.(*memory)
		}
	}
}

// forget empties a memory broker, as a restart of an engine without persistence does.
func forget(b Broker) {
	m := inMemory(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries, m.expiry = map[string]*entry{}, nil
}

// panickyBroker panics while it is armed.
type panickyBroker struct {
	Broker
	armed atomic.Bool
}

func (p *panickyBroker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	if p.armed.Load() {
		panic("a bug in the broker")
	}
	return p.Broker.Set(ctx, key, old, val, ttl)
}
