package signal

import (
	"net/netip"
	"slices"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// TURN is a STUN and TURN server that signalling hands out, as *turn.Server of package signal/turn is. Its methods must be
// safe for concurrent use, and fast.
type TURN interface {
	// Grant lets a member use the server, and gives what to tell it and after how long to grant anew; 0 is never. client is the address the member
	// signals from, zero when that is unknown. While a member stays it is granted again and again.
	Grant(session, member string, role wire.Role, client netip.Addr) (servers []wire.ICEServer, again time.Duration)

	// Revoke ends what was granted to a member, who is out of the session.
	Revoke(session, member string)
}

// servers gives the ICE servers for the member whom sit prepared the connection for.
func (c *conn) servers() []wire.ICEServer {
	if c.server.turn == nil {
		return c.server.iceServers
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.grant()
}

// grant has the member's credentials made, and notes when they are due again. mu must be held.
func (c *conn) grant() []wire.ICEServer {
	servers, again := c.server.turn.Grant(c.seat.session, c.seat.member, c.role, c.remoteAddr)
	c.seat.regrant = time.Time{}
	if again > 0 {
		c.seat.regrant = time.Now().Add(again)
	}
	return slices.Concat(c.server.iceServers, servers)
}

// refreshServers tells the member new credentials when they are due.
func (c *conn) refreshServers() {
	defer func() { c.panicked(recover()) }()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seat.record.ID == "" || c.seat.regrant.IsZero() || time.Now().Before(c.seat.regrant) {
		return
	}
	c.send(wire.Credentials{ICEServers: c.grant()})
}

// revoke ends the grants of those who were members before and are not after.
func (s *Server) revoke(before, after session) {
	if s.turn == nil {
		return
	}
	for _, m := range before.Members {
		if _, ok := after.member(m.ID); !ok || after.Ended != "" {
			s.turn.Revoke(before.ID, m.ID)
		}
	}
}
