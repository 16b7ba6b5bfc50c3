package turn

import (
	"errors"
	"net"
	"net/netip"
)

// datagrams is one UDP socket. Anybody can put any address on a datagram, so that unknown addresses are answered only where
// the answer is not larger than the question.
type datagrams struct {
	net.PacketConn
	server *Server
	failed int
}

func (d *datagrams) isStream() bool { return false }

// largestAnswer is how long an answer can be to a question that is no longer, and not authenticated.
const largestAnswer = 128

// maxFailures is how many reads in a row may fail before a socket counts as broken.
const maxFailures = 100

// ReadFrom gives the next datagram that may be answered.
func (d *datagrams) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		n, from, err := d.PacketConn.ReadFrom(p)
		if err != nil {
			if d.failed++; d.failed < maxFailures && !errors.Is(err, net.ErrClosed) {
				continue
			}
			if !d.server.isClosed() {
				d.server.log.Error("turn: UDP socket failed", "err", err)
			}
			d.server.running.Done()
			return n, from, err
		}
		d.failed = 0
		if d.server.admit(addrPort(from).Addr(), p[:n]) {
			return n, from, nil
		}
	}
}

// admit reports whether a datagram from an address is looked at.
func (s *Server) admit(from netip.Addr, datagram []byte) bool {
	s.mu.RLock()
	n := s.networks[networkOf(from)]
	known := n != nil && n.members > 0
	s.mu.RUnlock()
	switch {
	case len(datagram) == 0:
		return false
	case known:
		return !isQuestion(datagram) || n.asked.Take(1)
	}
	return isQuestion(datagram) && len(datagram) >= largestAnswer && s.strangers.Take(1)
}

// isQuestion reports whether a message may be a STUN request (RFC 8489 section 5), neither an indication nor data of a channel.
func isQuestion(message []byte) bool {
	return message[0] < 0x40 && (len(message) < 2 || message[0]&0x01 == 0 && message[1]&0x10 == 0)
}
