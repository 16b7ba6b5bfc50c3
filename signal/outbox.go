package signal

import "sync"

// What may wait for a client that does not read.
const (
	maxQueued      = 128 // messages in all; the server's own find room when there is none for letters any more
	maxQueuedBytes = 512 << 10

	maxLetters     = 64 // messages, before letters of other members wait
	maxLetterBytes = 256 << 10

	maxPacketBytes = 512 << 10 // of relayed packets
	packetCost     = 64        // bytes that a packet counts beside its own
)

// outbox is what waits to be written to one client: the server's messages, letters of other members among them, and relayed packets,
// which all messages overtake. Anybody puts something in; the connection's writer takes it out. Safe for concurrent use.
type outbox struct {
	mu     sync.Mutex
	queue  [][]byte
	later  [][]byte // pushed while held
	held   bool     // until release brings the reply
	bytes  int      // in queue and later
	ending *ending
	pinged bool          // a ping is due
	wake   chan struct{} // holds one token while there is something to do

	forLetters vacancy

	packets     [][]byte
	packetBytes int
	forPackets  vacancy
}

// vacancy is what those wait for who found no room in an outbox. Its mutex guards it.
type vacancy struct {
	room  chan struct{} // closed when something has been taken; nil while nobody waits
	stuck bool          // somebody has waited in vain, and nothing has been taken since
}

// await gives a channel that is closed as soon as there may be room, nil where to wait would be in vain.
func (v *vacancy) await() <-chan struct{} {
	if v.stuck {
		return nil
	}
	if v.room == nil {
		v.room = make(chan struct{})
	}
	return v.room
}

// open lets those who wait look again.
func (v *vacancy) open() {
	v.stuck = false
	if v.room != nil {
		close(v.room)
		v.room = nil
	}
}

// ending is how a connection is to be closed.
type ending struct {
	code int // 0: without a close frame, because there is nobody to read it
	text string
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// push queues a message of the server's. It reports false when the queue is full; after an ending it drops the message.
func (o *outbox) push(msg []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending != nil {
		return true
	}
	if len(o.queue)+len(o.later) >= maxQueued || o.bytes+len(msg) > maxQueuedBytes {
		return false
	}
	o.put(msg)
	return true
}

// offerLetter queues a message of another member. When there is no room it gives a channel that is closed as soon as there may be; nil if
// the letter is lost, because the connection ends or has kept others waiting in vain.
func (o *outbox) offerLetter(msg []byte) (taken bool, room <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.ending != nil:
		return false, nil
	case len(o.queue)+len(o.later) >= maxLetters || o.bytes+len(msg) > maxLetterBytes:
		return false, o.forLetters.await()
	}
	o.put(msg)
	return true, nil
}

func (o *outbox) put(msg []byte) {
	o.bytes += len(msg)
	if o.held {
		o.later = append(o.later, msg)
		return
	}
	o.queue = append(o.queue, msg)
	o.signal()
}

// end has the connection closed, after what is queued, or with drop instead of it. The first call counts.
func (o *outbox) end(e ending, drop bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending != nil {
		return
	}
	o.ending = &e
	o.packets, o.packetBytes = nil, 0
	o.forLetters.open()
	o.forPackets.open()
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
		o.forLetters.open()
	}
	for _, msg := range replies {
		o.bytes += len(msg)
	}
	o.queue = append(append(o.queue, replies...), o.later...)
	o.later, o.held = nil, false
	o.signal()
}

// offer queues a packet. When there is no room it gives a channel that is closed as soon as there may be; nil if the packet is lost,
// because the connection ends or has kept others waiting in vain.
func (o *outbox) offer(packet []byte) (taken bool, room <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	cost := len(packet) + packetCost
	switch {
	case o.ending != nil:
		return false, nil
	case o.packetBytes+cost <= maxPacketBytes:
		o.packets = append(o.packets, packet)
		o.packetBytes += cost
		o.signal()
		return true, nil
	}
	return false, o.forPackets.await()
}

// giveUp notes that somebody has waited in vain for room for a packet, and giveUpLetter for a letter: until there is some, nobody else
// needs to.
func (o *outbox) giveUp() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forPackets.stuck = o.packetBytes > 0
}

func (o *outbox) giveUpLetter() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forLetters.stuck = o.bytes > 0
}

// ping asks for a ping.
func (o *outbox) ping() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pinged = true
	o.signal()
}

// takePing reports whether a ping is due.
func (o *outbox) takePing() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	due := o.pinged
	o.pinged = false
	return due
}

// take empties the queue, and gives the first packet, nil when there is none. The ending is nil while the connection stays open.
func (o *outbox) take() (queue [][]byte, packet []byte, end *ending) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue = o.queue
	o.queue, o.bytes = nil, 0
	for _, msg := range o.later {
		o.bytes += len(msg)
	}
	o.forLetters.open()
	if o.held {
		return queue, nil, nil
	}
	return queue, o.takePacket(), o.ending
}

// keptPackets is for how many packets an empty outbox keeps the memory.
const keptPackets = 16

func (o *outbox) takePacket() (packet []byte) {
	if len(o.packets) == 0 {
		return nil
	}
	packet, o.packets[0] = o.packets[0], nil
	o.packets = o.packets[1:]
	o.packetBytes -= len(packet) + packetCost
	o.forPackets.open()
	switch {
	case len(o.packets) > 0:
		o.signal()
	case cap(o.packets) > keptPackets:
		o.packets = nil
	}
	return packet
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
