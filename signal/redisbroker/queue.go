package redisbroker

import "sync"

// entry is a message, or the mark of a gap.
type entry struct {
	msg []byte
	gap bool
}

// queue lies between the connection, which nothing may hold up, and one subscriber. What is too much is dropped, and a mark is left where
// it is missing, so that the subscriber hears nothing older after the mark, and nothing newer before it.
type queue struct {
	max, maxBytes int
	wake          chan struct{} // holds one token while there is something to do

	mu      sync.Mutex
	entries []entry
	bytes   int
}

func newQueue(l limits) *queue {
	return &queue{max: l.queue, maxBytes: l.queueBytes, wake: make(chan struct{}, 1)}
}

func (q *queue) push(msg string) {
	q.mu.Lock()
	if len(q.entries) >= q.max || len(q.entries) > 0 && q.bytes+len(msg) > q.maxBytes {
		q.mark()
	} else {
		q.entries = append(q.entries, entry{msg: []byte(msg)})
		q.bytes += len(msg)
	}
	q.mu.Unlock()
	q.signal()
}

func (q *queue) gap() {
	q.mu.Lock()
	q.mark()
	q.mu.Unlock()
	q.signal()
}

// mark adds a mark, unless the newest entry is one. q.mu is held.
func (q *queue) mark() {
	if n := len(q.entries); n == 0 || !q.entries[n-1].gap {
		q.entries = append(q.entries, entry{gap: true})
	}
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pop returns the oldest entry.
func (q *queue) pop() (e entry, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.entries) == 0 {
		q.entries = nil // a burst's memory is not kept
		return entry{}, false
	}
	e, q.entries[0] = q.entries[0], entry{}
	q.entries = q.entries[1:]
	q.bytes -= len(e.msg)
	return e, true
}

// subscription calls the functions of one subscriber, one at a time.
type subscription struct {
	*queue
	fn   func([]byte)
	lost func()
	once sync.Once // of quit
	quit chan struct{}
	done chan struct{}
}

func newSubscription(l limits, fn func([]byte), lost func()) *subscription {
	s := &subscription{queue: newQueue(l), fn: fn, lost: lost, quit: make(chan struct{}), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *subscription) run() {
	defer close(s.done)
	for {
		select {
		case <-s.quit:
			return
		case <-s.wake:
		}
		for e, ok := s.pop(); ok; e, ok = s.pop() {
			select {
			case <-s.quit:
				return
			default:
			}
			if e.gap {
				s.lost()
			} else {
				s.fn(e.msg)
			}
		}
	}
}

// end waits for a running call. Close of the broker and its subscriber may both ask for it.
func (s *subscription) end() {
	s.once.Do(func() { close(s.quit) })
	<-s.done
}
