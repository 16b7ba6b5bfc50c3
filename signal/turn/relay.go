package turn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
)

// relay is a member's relayed transport address: the socket that speaks for it. Whatever has been permitted by address, it exchanges
// datagrams with exactly the other side of the session.
type relay struct {
	net.PacketConn
	server    *Server
	transport *transport
	member    *member
	client    netip.AddrPort
	addr      netip.AddrPort // that others reach it under
	held      atomic.Int32   // permissions and channels
	closing   sync.Once
	closed    error

	mu  sync.Mutex
	met map[netip.AddrPort]bool // relays of other replicas that the client has sent to
}

// mayOpen reports whether a member may open one more relay. mu must be held.
func (s *Server) mayOpen(m *member, client netip.Prefix) bool {
	n := s.networks[client]
	return !s.alone(m) && m.session.relays < s.cfg.MaxPerSession && len(s.relays) < s.cfg.MaxRelays && (n == nil || n.uses < s.cfg.MaxPerAddress)
}

// relayAddr gives the relay address of the same family as addr; zero when there is none.
func (s *Server) relayAddr(addr netip.Addr) netip.Addr {
	for _, a := range s.cfg.RelayAddrs {
		if a.Is4() == addr.Is4() {
			return a
		}
	}
	return netip.Addr{}
}

// openRelay opens a relay for the member whose question the transport answers.
func (s *Server) openRelay(t *transport, network string) (*relay, error) {
	family := netip.IPv4Unspecified()
	if network == "udp6" {
		family = netip.IPv6Unspecified()
	}
	public := s.relayAddr(family)
	if !public.IsValid() {
		return nil, fmt.Errorf("%w: no %s address", errRefused, network)
	}
	local := public
	if !public.IsLoopback() && !slices.Contains(s.policy.own, public) {
		local = family
	}
	socket, err := s.listen(network, local)
	if err != nil {
		return nil, err
	}
	r := &relay{
		PacketConn: socket, server: s, transport: t, member: t.asker, client: t.from,
		addr: netip.AddrPortFrom(public, addrPort(socket.LocalAddr()).Port()),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := networkOf(r.client.Addr())
	if s.members[r.member.tag] != r.member || !s.mayOpen(r.member, n) {
		socket.Close()
		return nil, errFull
	}
	s.relays[r.addr] = r
	s.network(n).uses++
	r.member.relays[r] = true
	r.member.session.relays++
	s.running.Add(1)
	return r, nil
}

// portTries is how many ports are tried before there is none.
const portTries = 32

func (s *Server) listen(network string, local netip.Addr) (socket *net.UDPConn, err error) {
	low, high := int(s.cfg.MinRelayPort), int(s.cfg.MaxRelayPort)
	for range portTries {
		port := uint16(low + rand.IntN(high-low+1))
		socket, err = net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, port)))
		if err == nil {
			return socket, nil
		}
	}
	return nil, fmt.Errorf("turn: open a relay: %w", err)
}

// Close closes the relay. Further calls do nothing.
func (r *relay) Close() error {
	r.closing.Do(func() {
		s := r.server
		s.mu.Lock()
		n := networkOf(r.client.Addr())
		delete(s.relays, r.addr)
		delete(r.member.relays, r)
		r.member.session.relays--
		s.network(n).uses--
		s.tidy(n)
		s.mu.Unlock()
		r.closed = r.PacketConn.Close()
		if c, ok := r.transport.socket.(*stream); ok {
			c.release()
		}
		s.running.Done()
	})
	return r.closed
}

// minEndPort keeps datagrams away from the well-known services of a session's end.
const minEndPort = 1024

// WriteTo sends a datagram of the client's on. What may not be sent, or exceeds what the session may pass on, is dropped, as the network
// might.
func (r *relay) WriteTo(p []byte, to net.Addr) (int, error) {
	target, ok := r.route(addrPort(to))
	if !ok || !r.member.session.bytes.Take(float64(len(p))) {
		return len(p), nil
	}
	return r.PacketConn.WriteTo(p, net.UDPAddrFromAddrPort(target))
}

// route gives where a datagram for a peer goes.
func (r *relay) route(to netip.AddrPort) (netip.AddrPort, bool) {
	s := r.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	if slices.Contains(s.cfg.RelayAddrs, to.Addr()) {
		other := s.relays[to]
		if !r.faces(other) {
			return netip.AddrPort{}, false
		}
		return other.inside(), true
	}
	return to, s.mayMeet(r.member, to) && (!s.isElsewhere(to) || r.meet(to))
}

// isElsewhere reports whether a peer is a relay of another replica.
func (s *Server) isElsewhere(at netip.AddrPort) bool {
	return slices.Contains(s.cfg.OtherRelays, at.Addr())
}

// meet lets a relay of another replica in from now on, unless there are too many. This replica does not know of which session it is; the client has
// it from the other end, and whose relay it is not gets nothing in and costs the session nothing.
func (r *relay) meet(other netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.met[other] && len(r.met) >= maxHeld {
		return false
	}
	if r.met == nil {
		r.met = map[netip.AddrPort]bool{}
	}
	r.met[other] = true
	return true
}

func (r *relay) hasMet(other netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.met[other]
}

// mayMeet is mayReach for the very port of a peer that is no relay here. mu must be held.
func (s *Server) mayMeet(m *member, at netip.AddrPort) bool {
	low, high := uint16(minEndPort), uint16(math.MaxUint16)
	if s.isElsewhere(at) {
		low, high = s.cfg.MinRelayPort, s.cfg.MaxRelayPort
	}
	return low <= at.Port() && at.Port() <= high && s.mayReach(m, at.Addr())
}

// faces reports whether another relay is the other side of the same session's.
func (r *relay) faces(other *relay) bool {
	return other != nil && other.member.session == r.member.session && other.member.role != r.member.role
}

// inside is where other relays of this server reach it, whatever stands between its socket and the address others know.
func (r *relay) inside() netip.AddrPort {
	at := addrPort(r.LocalAddr())
	switch {
	case !at.Addr().IsUnspecified():
		return at
	case r.addr.Addr().Is4():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port())
	}
	return netip.AddrPortFrom(netip.IPv6Loopback(), at.Port())
}

// ReadFrom gives the next datagram from the other side of the session.
func (r *relay) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := r.PacketConn.ReadFrom(p)
		if err != nil {
			return n, from, err
		}
		if peer, ok := r.sender(addrPort(from), n); ok {
			return n, net.UDPAddrFromAddrPort(peer), nil
		}
	}
}

// sender gives the peer that a datagram of n bytes is from, as clients know it; false when it is not let in. What another relay sends
// has been counted there.
func (r *relay) sender(from netip.AddrPort, n int) (netip.AddrPort, bool) {
	s := r.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	at := netip.AddrPortFrom(s.relayAddr(from.Addr()), from.Port())
	if other := s.relays[at]; other != nil && other.inside() == from {
		return at, r.faces(other)
	}
	return from, s.mayMeet(r.member, from) && (!s.isElsewhere(from) || r.hasMet(from)) && r.member.session.bytes.Take(float64(n))
}

// count notes n more permissions or channels of the relay with that address.
func (s *Server) count(at net.Addr, n int32) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r := s.relays[addrPort(at)]; r != nil {
		r.held.Add(n)
	}
}
