package signal

import (
	"github.com/qwelp/qwelp-go/signal/wire"
)

// seat is a connection's place in a session: which member it is, and the newest record it has seen, so that relaying needs no
// broker. The zero value is no place.
type seat struct {
	session string
	member  string
	record  session
}

func (c *conn) address() address { return address{Replica: c.server.replica, Conn: c.id} }

// sit makes the connection reachable as a member, and holds back what others send until reply.
func (c *conn) sit(session, member string) {
	c.out.hold()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat = seat{session: session, member: member}
}

// see notes a newer record.
func (c *conn) see(s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat.see(s, c.role)
}

func (p *seat) see(s session, role wire.Role) {
	if p.record.ID != "" && s.Version <= p.record.Version {
		return
	}
	metaData := p.record.MetaData
	p.record = s
	switch {
	case role != wire.RoleSender:
		p.record.MetaData = nil // only the sender's connection can be asked to restore the record
	case s.MetaData == nil:
		p.record.MetaData = metaData
	}
}

// stand gives up the place.
func (c *conn) stand() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat = seat{}
}

func (c *conn) seated() seat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat
}

// reply answers what sit prepared for: m goes before everything that was held back.
func (c *conn) reply(m wire.Message) { c.release(m, false) }

// refuse answers with an error, and gives up what sit prepared.
func (c *conn) refuse(code wire.ErrorCode) { c.release(refusal(code), true) }

func (c *conn) release(m wire.Message, drop bool) {
	msg, err := wire.Encode(m)
	if err != nil {
		panic(err) // everything that the server sends can be encoded
	}
	if drop {
		c.stand()
	}
	c.out.release(msg, drop)
}

// receive takes a letter for this connection. Letters of a session that it has left are stale.
func (c *conn) receive(l letter) {
	c.mu.Lock()
	if c.seat.session != l.session {
		c.mu.Unlock()
		return
	}
	if l.record != nil {
		c.seat.see(*l.record, c.role)
	}
	record := c.seat.record
	if l.close != 0 {
		c.seat = seat{}
	}
	c.mu.Unlock()
	if m, ok := l.message.(wire.MemberAway); ok {
		c.server.watch(record, m.Member)
	}
	switch {
	case l.body != nil:
		c.push(l.body)
	case l.message != nil:
		c.send(l.message)
	}
	if l.close != 0 {
		c.close(l.close, closeTexts[l.close], false)
	}
}

var closeTexts = map[int]string{
	wire.CloseReplaced: "resumed on another connection",
	wire.CloseEnded:    "the session has ended",
	wire.CloseAuth:     "not an agent",
}
