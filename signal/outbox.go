package signal

import "sync"

// What may wait for a client that does not read.
const (
	maxQueued      = 64
	maxQueuedBytes = 256 << 10
)

// outbox is what waits to be written to one client. Anybody puts messages in; the connection's writer takes them out. Safe for
// concurrent use.
type outbox struct {
	mu     sync.Mutex
	queue  [][]byte
	later  [][]byte // pushed while held
	held   bool     // until release brings the reply
	bytes  int      // in queue and later
	ending *ending
	wake   chan struct{} // holds one token while there is something to do
}

// ending is how a connection is to be closed.
type ending struct {
	code int // 0: without a close frame, because there is nobody to read it
	text string
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// push queues a message. It reports false when the queue is full; after an ending it drops the message.
func (o *outbox) push(msg []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending != nil {
		return true
	}
	if len(o.queue)+len(o.later) >= maxQueued || o.bytes+len(msg) > maxQueuedBytes {
		return false
	}
	o.bytes += len(msg)
	if o.held {
		o.later = append(o.later, msg)
		return true
	}
	o.queue = append(o.queue, msg)
	o.signal()
	return true
}

// end has the connection closed, after what is queued, or with drop instead of it. The first call counts.
func (o *outbox) end(e ending, drop bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending != nil {
		return
	}
	o.ending = &e
	if drop {
		o.queue, o.later, o.bytes, o.held = nil, nil, 0, false
	}
	o.signal()
}

// hold keeps back what is pushed from now on. A member is reachable before it has its reply; what others send it in
// between must not overtake the reply.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = true
}

// release sends replies and then what was held back; with drop, only the replies.
func (o *outbox) release(replies [][]byte, drop bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if drop {
		for _, msg := range o.later {
			o.bytes -= len(msg)
		}
		o.later = nil
	}
	for _, msg := range replies {
		o.bytes += len(msg)
	}
	o.queue = append(append(o.queue, replies...), o.later...)
	o.later, o.held = nil, false
	o.signal()
}

// take empties the queue. The ending is nil while the connection stays open.
func (o *outbox) take() ([][]byte, *ending) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.queue
	o.queue, o.bytes = nil, 0
	for _, msg := range o.later {
		o.bytes += len(msg)
	}
	if o.held {
		return queue, nil
	}
	return queue, o.ending
}

// ended reports whether the connection is to be closed.
func (o *outbox) ended() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ending != nil
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}
