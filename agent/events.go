package agent

import (
	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// What the server says, and peer connections say about themselves.

func (s *Session) signal(c *connection, m wire.Message) {
	if c.sealing != nil {
		sealed, err := c.sealing.Seal(m)
		if err != nil {
			panic(err) // what peer connections say can be sealed
		}
		m = sealed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		s.socket.send(m)
	}
}

// pathChanged notes that a peer connection has opened, or gets nothing through any more. Then the network may have changed, of which the connection to the
// server may know nothing.
func (s *Session) pathChanged(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.linkOf(c) == nil {
		return
	}
	s.log.Debug("agent: peer connection changed", "link", c.name, "up", c.up())
	if c.open.Load() && !c.up() && s.socket != nil {
		s.socket.probe()
	}
	s.notify()
}

// admitted notes the answer to Join or Resume on a new connection.
func (s *Session) admitted(socket *socket, reply wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket = socket
	switch m := reply.(type) {
	case wire.Joined:
		s.token, s.members, s.servers, s.hides = m.Token, m.Members, m.ICEServers, m.Hidden
		s.metaData, s.verified = m.MetaData, m.Verified
		s.seated(m.Session, m.Member)
	case wire.Resumed:
		// The server learns that the new token has arrived, which ends the life of the one before.
		socket.send(wire.Pong{})
		s.token, s.members, s.servers, s.hides = m.Token, m.Members, m.ICEServers, m.Hidden
		s.metaData, s.verified = m.MetaData, m.Verified
		s.seated(m.Session, m.Member)
	}
	if s.options.ICEServers != nil {
		s.servers = s.options.ICEServers
	}
	if s.link != nil {
		s.link.stream.interrupt()
	}
	s.notify()
}

// received does what a message of the server asks.
func (s *Session) received(socket *socket, m wire.Message) {
	switch m := m.(type) {
	case wire.Ping:
		socket.send(wire.Pong{})
	case wire.Description:
		if s.unsealed(m) {
			s.offered(m, nil)
		}
	case wire.Candidate:
		if len(s.options.PrivateKeys) == 0 {
			s.candidate(m)
		}
	case wire.Sealed:
		s.unseal(m)
	case wire.Ended:
		s.finish(&EndedError{m.Reason})
	case wire.Error:
		s.log.Warn("agent: the server refuses", "code", string(m.Code))
	case wire.Told:
		s.mu.Lock()
		s.metaData, s.verified = m.MetaData, m.Verified
		s.notify()
		s.mu.Unlock()
	case wire.Credentials:
		if s.options.ICEServers == nil {
			s.mu.Lock()
			s.servers = m.ICEServers
			s.mu.Unlock()
		}
	case wire.MemberJoined, wire.MemberAway, wire.MemberBack, wire.MemberLeft:
		s.mu.Lock()
		gone := s.members
		s.members = membersAfter(s.members, m)
		if m, ok := m.(wire.MemberLeft); ok && isCustomer(gone, m.Member) && s.link != nil {
			s.drop(s.link)
		}
		s.notify()
		s.mu.Unlock()
	}
}

// offered answers an offer of the customer's, which sealing has opened unless it is nil. A link's newest peer connection is kept.
func (s *Session) offered(m wire.Description, sealing *seal.Link) {
	name, number, ok := connectionName(m.Link)
	s.mu.Lock()
	l := s.linkNamed(name)
	if !ok || m.Kind != wire.Offer || !isCustomer(s.members, m.From) || l == nil && s.isOver(name) {
		s.mu.Unlock()
		return
	}
	if l == nil {
		l = s.begin(name, m.From)
	}
	conn, config := l.conn, configuration(s.servers, s.hides)
	s.mu.Unlock()
	var err error
	switch {
	case (conn == nil || number > conn.number) && !s.mayConnect(l):
	case conn == nil || number > conn.number:
		err = s.connect(l, m, number, config, sealing)
	case number == conn.number:
		err = conn.answer(m)
	}
	if err != nil {
		s.log.Warn("agent: offer refused", "link", m.Link, "err", err)
	}
}

// mayConnect reports whether the customer's page may have another peer connection.
func (s *Session) mayConnect(l *link) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.charge(l, s.budget.connections, 1)
}

// isOver tells whether the link with that name has been and is used no more. s.mu is held.
func (s *Session) isOver(name string) bool {
	return name == s.before || s.sealed.relays[name] != nil
}

// connect gives a link a new peer connection.
func (s *Session) connect(l *link, offer wire.Description, number path, config webrtc.Configuration, sealing *seal.Link) error {
	conn, err := newConnection(offer, number, s.local, config, sealing, s)
	if err != nil {
		return err
	}
	s.mu.Lock()
	before := conn
	if s.uses(l) {
		before, l.conn = l.conn, conn
	}
	s.retireConnection(before)
	early := s.early
	s.early = nil
	s.mu.Unlock()
	if err := conn.answer(offer); err != nil {
		return err
	}
	for _, c := range early {
		if c.Link == conn.name {
			conn.add(c)
		}
	}
	return nil
}

func (s *Session) candidate(m wire.Candidate) {
	name, number, ok := connectionName(m.Link)
	s.mu.Lock()
	l := s.linkNamed(name)
	var conn *connection
	if l != nil && l.conn != nil && l.conn.number >= number {
		conn = l.conn
	} else if ok && isCustomer(s.members, m.From) && len(s.early) < maxCandidates && (l != nil || !s.isOver(name)) {
		s.early = append(s.early, m)
	}
	s.mu.Unlock()
	if conn != nil && conn.number == number && conn.member == m.From {
		conn.add(m)
	}
}
