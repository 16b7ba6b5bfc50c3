package signal

import (
	"bytes"
	"context"
	"slices"
	"sync"
)

// memoryBacklog is how many messages wait for a slow subscriber of the memory broker before they are dropped.
const memoryBacklog = 4096

type subscription struct {
	mu    sync.Mutex
	queue [][]byte
	gap   bool          // messages were dropped since the last call of lost
	wake  chan struct{} // holds one token while there is something to do
	quit  chan struct{}
	done  chan struct{}
}

func (m *memory) Publish(ctx context.Context, topic string, msg []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock() // held while queueing, so that every subscriber sees one order
	for _, s := range m.topics[topic] {
		s.offer(bytes.Clone(msg))
	}
	return nil
}

func (m *memory) Subscribe(ctx context.Context, topic string, fn func(msg []byte), lost func()) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &subscription{wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	m.mu.Lock()
	m.topics[topic] = append(m.topics[topic], s)
	m.mu.Unlock()
	go s.run(fn, lost)
	stop := func() {
		m.mu.Lock()
		m.topics[topic] = slices.DeleteFunc(m.topics[topic], func(other *subscription) bool { return other == s })
		if len(m.topics[topic]) == 0 {
			delete(m.topics, topic)
		}
		m.mu.Unlock()
		close(s.quit)
		<-s.done
	}
	return sync.OnceFunc(stop), nil
}

func (s *subscription) offer(msg []byte) {
	s.mu.Lock()
	if len(s.queue) < memoryBacklog {
		s.queue = append(s.queue, msg)
	} else {
		s.gap = true
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *subscription) run(fn func([]byte), lost func()) {
	defer close(s.done)
	for {
		select {
		case <-s.quit:
			return
		case <-s.wake:
		}
		s.mu.Lock()
		queue, gap := s.queue, s.gap
		s.queue, s.gap = nil, false
		s.mu.Unlock()
		for _, msg := range queue {
			select {
			case <-s.quit:
				return
			default:
				fn(msg)
			}
		}
		if gap {
			lost()
		}
	}
}
