// Package lab is a small internet for tests of what networks do to a session: hosts with an address each, in network namespaces of their
// own, and between them a router in this process, which delays, loses and forbids packets as it is told. It needs Linux, root and
// /dev/net/tun; nothing of it outlives the process.
package lab

import (
	"container/heap"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// ErrUnsupported tells that namespaces cannot be made here.
var ErrUnsupported = errors.New("lab: no network namespaces here")

// Network joins hosts. Its methods are safe for concurrent use.
type Network struct {
	mu      sync.Mutex
	hosts   map[netip.Addr]*Host
	imposed map[int][]Rule
	rules   []Rule // of imposed
	next    int
	random  *rand.Rand
	open    map[Flow]Packet // TCP connections by their first segment
	traffic map[Road]int
	waiting queue
	count   int
	wake    chan struct{}
	done    chan struct{}
	running sync.WaitGroup
}

// Road is a way that bytes take: from which host to which, by what protocol, and the lower of the two ports, or 0 when neither is below
// 10000.
type Road struct {
	From, To string
	Protocol byte
	Port     uint16
}

// New makes a network without hosts. The same seed loses the same packets of the same traffic.
func New(seed uint64) *Network {
	n := &Network{
		hosts: map[netip.Addr]*Host{}, imposed: map[int][]Rule{}, open: map[Flow]Packet{}, traffic: map[Road]int{},
		random: rand.New(rand.NewPCG(seed, 0)), wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	n.running.Go(n.deliver)
	return n
}

// Close takes the network down with its hosts. Processes on them go on without a network.
func (n *Network) Close() {
	n.mu.Lock()
	hosts := n.hosts
	n.hosts = map[netip.Addr]*Host{}
	n.mu.Unlock()
	for _, h := range hosts {
		h.close()
	}
	close(n.done)
	n.running.Wait()
}

// Impose has rules hold until lift is called.
func (n *Network) Impose(rules ...Rule) (lift func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.next++
	id := n.next
	n.imposed[id] = rules
	n.gather()
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.imposed, id)
		n.gather()
	}
}

// ImposeFor has rules hold for d. The channel tells when they have been lifted.
func (n *Network) ImposeFor(d time.Duration, rules ...Rule) (lifted <-chan time.Time) {
	c := make(chan time.Time, 1)
	lift := n.Impose(rules...)
	time.AfterFunc(d, func() {
		lift()
		c <- time.Now()
	})
	return c
}

// gather makes rules of imposed, in the order in which they were. n.mu is held.
func (n *Network) gather() {
	n.rules = nil
	for id := range n.next + 1 {
		n.rules = append(n.rules, n.imposed[id]...)
	}
}

// Open gives the TCP connections between two hosts that are open now, to a port of either of them.
func (n *Network) Open(a, b string, port uint16) (flows []Flow) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for flow, p := range n.open {
		if (Rule{Between: [2]string{a, b}}).matches(p) && slices.ContainsFunc(flow.Ends[:], func(end netip.AddrPort) bool { return end.Port() == port }) {
			flows = append(flows, flow)
		}
	}
	return flows
}

// Traffic gives how many bytes have arrived on which roads so far.
func (n *Network) Traffic() map[Road]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.traffic)
}

// route takes a packet that a host has sent.
func (n *Network) route(from *Host, data []byte) {
	p, ok := parse(data)
	if !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	to := n.hosts[p.Dst.Addr()]
	if n.hosts[p.Src.Addr()] != from || to == nil {
		return // from an address it has no longer, or to nobody
	}
	p.From, p.To = from.name, to.name
	delay, arrives := verdict(n.rules, p, n.random.Float64)
	if !arrives {
		return
	}
	n.note(p)
	n.count++
	heap.Push(&n.waiting, parcel{time.Now().Add(delay), n.count, to, append([]byte(nil), data...)})
	if n.waiting[0].count == n.count {
		select {
		case n.wake <- struct{}{}:
		default:
		}
	}
}

// note counts a packet that arrives. n.mu is held.
func (n *Network) note(p Packet) {
	if p.Protocol == TCP && p.Opens {
		n.open[p.Flow()] = p
	} else if p.Closes {
		delete(n.open, p.Flow())
	}
	port := min(p.Src.Port(), p.Dst.Port())
	if port >= 10000 {
		port = 0
	}
	n.traffic[Road{p.From, p.To, p.Protocol, port}] += p.Bytes
}

// deliver gives packets to their hosts when they are due.
func (n *Network) deliver() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n.mu.Lock()
		now := time.Now()
		var due []parcel
		for len(n.waiting) > 0 && !n.waiting[0].due.After(now) {
			due = append(due, heap.Pop(&n.waiting).(parcel))
		}
		wait := time.Hour
		if len(n.waiting) > 0 {
			wait = n.waiting[0].due.Sub(now)
		}
		n.mu.Unlock()
		for _, p := range due {
			_, _ = p.to.device.Write(p.data) // what a host does not take is lost, as anywhere
		}
		timer.Reset(wait)
		select {
		case <-n.wake:
		case <-timer.C:
		case <-n.done:
			return
		}
	}
}

// listen takes what a host sends, until its device is closed.
func (n *Network) listen(h *Host) {
	buffer := make([]byte, 1<<16)
	for {
		size, err := h.device.Read(buffer)
		if err != nil {
			return
		}
		n.route(h, buffer[:size])
	}
}

// Host is a machine on the network.
type Host struct {
	network *Network
	name    string
	device  io.ReadWriteCloser // the network's end of its only interface
	space   *namespace
	addr    netip.Addr
}

// attach gives a host an address, in place of the one it had; the zero Addr: none.
func (n *Network) attach(h *Host, addr netip.Addr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.hosts, h.addr)
	if h.addr = addr; addr.IsValid() {
		n.hosts[addr] = h
	}
}

type parcel struct {
	due   time.Time
	count int
	to    *Host
	data  []byte
}

// queue is a heap of parcels, the next one first; those due at the same time in the order in which they were sent.
type queue []parcel

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if c := q[i].due.Compare(q[j].due); c != 0 {
		return c < 0
	}
	return q[i].count < q[j].count
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(p any)   { *q = append(*q, p.(parcel)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
