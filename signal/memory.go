package signal

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// NewMemoryBroker returns a Broker for one process. Servers that are given the same one act as replicas of each other.
// It starts no goroutine but one for each subscription, and forgets everything when the process ends.
func NewMemoryBroker() Broker {
	return &memory{entries: map[string]*entry{}, topics: map[string][]*subscription{}}
}

type memory struct {
	mu      sync.Mutex
	entries map[string]*entry
	expiry  expiryHeap
	topics  map[string][]*subscription
}

type entry struct {
	key     string
	val     []byte
	expires time.Time // zero: never
	index   int       // in the heap; -1: not in it
}

func (m *memory) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.purge()
	e := m.entries[key]
	if (e == nil) != (old == nil) || e != nil && !bytes.Equal(e.val, old) {
		return false, nil
	}
	if e != nil {
		m.remove(e)
	}
	if val != nil {
		m.put(key, bytes.Clone(val), ttl)
	}
	return true, nil
}

func (m *memory) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.purge()
	if e := m.entries[key]; e != nil {
		return append([]byte{}, e.val...), nil
	}
	return nil, nil
}

func (m *memory) Incr(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.purge()
	e := m.entries[key]
	if e == nil {
		m.put(key, []byte("1"), ttl)
		return 1, nil
	}
	n, err := strconv.ParseInt(string(e.val), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("signal: memory broker: the value under %s is not a counter", key)
	}
	e.val = strconv.AppendInt(nil, n+1, 10)
	return n + 1, nil
}

func (m *memory) put(key string, val []byte, ttl time.Duration) {
	e := &entry{key: key, val: val, index: -1}
	if ttl > 0 {
		e.expires = time.Now().Add(ttl)
		heap.Push(&m.expiry, e)
	}
	m.entries[key] = e
}

func (m *memory) remove(e *entry) {
	delete(m.entries, e.key)
	if e.index >= 0 {
		heap.Remove(&m.expiry, e.index)
	}
}

// purge runs with every access, so that expired keys need neither a goroutine nor a timer.
func (m *memory) purge() {
	now := time.Now()
	for len(m.expiry) > 0 && !m.expiry[0].expires.After(now) {
		m.remove(m.expiry[0])
	}
}

// expiryHeap has the entry that expires first on top.
type expiryHeap []*entry

func (h expiryHeap) Len() int           { return len(h) }
func (h expiryHeap) Less(i, j int) bool { return h[i].expires.Before(h[j].expires) }
func (h expiryHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *expiryHeap) Push(x any) {
	e := x.(*entry)
	e.index = len(*h)
	*h = append(*h, e)
}

func (h *expiryHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	e.index = -1
	return e
}
