package turn

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"
)

// realm is short because every refusal carries it.
const realm = "qwelp"

// socket is what a transport reads: the datagrams of one UDP socket, or one stream.
type socket interface {
	net.PacketConn
	// isStream reports whether the other end has shown that it has its address.
	isStream() bool
}

// transport answers on one socket. Each has a pion server of its own, whose single reader calls everything here, so that what one
// call learns of a question is there for the next.
type transport struct {
	server *Server
	socket socket
	method stun.Method
	asker  *member // named by the question; verified once authenticated has run
	from   netip.AddrPort
}

// serve answers on a socket until it fails.
func (s *Server) serve(socket socket) error {
	t := &transport{server: s, socket: socket}
	cfg := pion.ServerConfig{
		Realm:               realm,
		LoggerFactory:       &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}, // it names users
		StrictAddressFamily: len(s.cfg.RelayAddrs) > 0 && s.relayAddr(netip.IPv4Unspecified()).IsValid(),
		PacketConnConfigs:   []pion.PacketConnConfig{{PacketConn: socket, RelayAddressGenerator: t, PermissionHandler: t.permit}},
		QuotaHandler:        t.quota,
		EventHandler: pion.EventHandler{
			OnAuth:              t.authenticated,
			OnChannelCreated:    func(_, _ net.Addr, _, _, _ string, at, _ net.Addr, _ uint16) { s.count(at, 1) },
			OnChannelDeleted:    func(_, _ net.Addr, _, _, _ string, at, _ net.Addr, _ uint16) { s.count(at, -1) },
			OnPermissionCreated: func(_, _ net.Addr, _, _, _ string, at net.Addr, _ net.IP) { s.count(at, 1) },
			OnPermissionDeleted: func(_, _ net.Addr, _, _, _ string, at net.Addr, _ net.IP) { s.count(at, -1) },
		},
	}
	if len(s.cfg.RelayAddrs) > 0 {
		cfg.AuthHandler = t.authorise
	}
	_, err := pion.NewServer(cfg)
	return err
}

// authorise finds the member whose credential a question names. A credential that is over opens no relay any more, but keeps those there are.
// Over UDP, where the address may be forged, a relay is for the member's own addresses only.
func (t *transport) authorise(question *pion.RequestAttributes) (string, []byte, bool) {
	t.asker, t.method, t.from = nil, question.Method, addrPort(question.SrcAddr)
	tag, expires, ok := parseUsername(question.Username)
	if !ok {
		return "", nil, false
	}
	s := t.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	m := s.members[tag]
	if m == nil {
		return "", nil, false
	}
	if t.method == stun.MethodAllocate && (!time.Now().Before(expires) || !t.socket.isStream() && !within(m.networks, t.from.Addr())) {
		return "", nil, false
	}
	t.asker = m
	return tag, pion.GenerateAuthKey(question.Username, realm, s.secret.password(question.Username)), true
}

// authenticated hears whether the question was signed with the password. Who does so on a stream shows where it is.
func (t *transport) authenticated(_, _ net.Addr, _, _, _, _ string, verdict bool) {
	if !verdict {
		t.asker = nil
		return
	}
	if !t.socket.isStream() {
		return
	}
	t.server.mu.Lock()
	defer t.server.mu.Unlock()
	if m := t.asker; m != nil && t.server.members[m.tag] == m {
		t.server.learn(m, t.from.Addr())
	}
}

func (t *transport) quota(string, string, net.Addr) bool {
	t.server.mu.RLock()
	defer t.server.mu.RUnlock()
	if t.asker != nil && t.server.mayOpen(t.asker, networkOf(t.from.Addr())) {
		return true
	}
	t.server.log.Warn("turn: relay refused: nobody to relay to, or too many are open", "open", len(t.server.relays))
	return false
}

// maxHeld is how many permissions and channels one relay may have: one of each for as many candidates as two links have.
const maxHeld = 128

func (t *transport) permit(_ net.Addr, ip net.IP) bool {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok || t.asker == nil {
		return false
	}
	s := t.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	for r := range t.asker.relays {
		if r.transport == t && r.client == t.from && r.held.Load() >= maxHeld {
			return false
		}
	}
	return s.mayReach(t.asker, addr.Unmap())
}

// Validate is part of pion's RelayAddressGenerator, as what follows is.
func (t *transport) Validate() error { return nil }

var errRefused = errors.New("turn: refused")

// AllocatePacketConn opens a relay for the member whose question is being answered. The port is never the client's choice.
func (t *transport) AllocatePacketConn(c pion.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	if t.asker == nil || c.UserID != t.asker.tag || c.RequestedPort != 0 {
		return nil, nil, errRefused
	}
	r, err := t.server.openRelay(t, c.Network)
	if err != nil {
		t.server.log.Warn("turn: no relay", "err", err)
		return nil, nil, err
	}
	return r, net.UDPAddrFromAddrPort(r.addr), nil
}

// AllocateListener refuses relays for TCP peers (RFC 6062), which would reach web servers.
func (t *transport) AllocateListener(pion.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errRefused
}

// AllocateConn refuses connections to TCP peers.
func (t *transport) AllocateConn(pion.AllocateConnConfig) (net.Conn, error) { return nil, errRefused }
