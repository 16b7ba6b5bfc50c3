package signal

import (
	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// seat is a connection's place in a session: which member it is, and the newest record it knows, so that relaying needs no
// broker. The zero value is no place.
type seat struct {
	session string
	member  string
	record  session // zero until the reply is out
	pending session // newest record that came before the reply; zero: none
	missing int     // rounds of the keeper that found no record
}

func (c *conn) address() address { return address{Replica: c.server.replica, Conn: c.id} }

// sit makes the connection reachable as a member, and holds back what others send it until reply or refuse.
func (c *conn) sit(session, member string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.hold()
	c.seat = seat{session: session, member: member}
}

// stand gives up the place, and gives what it was.
func (c *conn) stand() seat {
	c.mu.Lock()
	defer c.mu.Unlock()
	place := c.seat
	c.seat = seat{}
	return place
}

func (c *conn) seated() seat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat
}

// reply takes the place that sit prepared: m, which tells the client of the session as s has it, goes out first, then what was
// held back.
func (c *conn) reply(m wire.Message, s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.release(c.encode(m), false)
	c.seat.record = c.keepable(s)
	if c.seat.pending.ID != "" {
		c.catchUp(c.seat.pending)
	}
}

// refuse answers with an error, and gives up the place that sit may have prepared.
func (c *conn) refuse(code wire.ErrorCode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat = seat{}
	c.out.release(c.encode(refusal(code)), true)
}

// learn hears of a record, and tells the client what is new.
func (c *conn) learn(s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.seat.session != s.ID: // it has left that session
	case c.seat.record.ID != "":
		c.catchUp(s)
	case c.seat.pending.ID == "" || s.Version > c.seat.pending.Version:
		c.seat.pending = s
	}
}

// catchUp must be called with mu held, so that news leave in the order of the record's versions.
func (c *conn) catchUp(s session) {
	if s.Version <= c.seat.record.Version {
		return
	}
	news, code := difference(c.seat.record, s, c.seat.member, c.address())
	c.seat.record = c.keepable(s)
	for _, m := range news {
		c.send(m)
	}
	for _, m := range s.Members {
		c.server.watch(s, m)
	}
	if code != 0 {
		c.seat = seat{}
		c.close(code, closeTexts[code], false)
	}
}

// keepable gives a record as a connection keeps it. Only the sender's can be asked to restore the record, so only that one needs
// metaData, which does not travel with changes.
func (c *conn) keepable(s session) session {
	if c.role != wire.RoleSender {
		s.MetaData = nil
	} else if s.MetaData == nil {
		s.MetaData = c.seat.record.MetaData
	}
	return s
}

// finish ends the connection's part in a session that is over.
func (c *conn) finish(reason wire.EndReason) {
	c.stand()
	c.send(wire.Ended{Reason: reason})
	c.close(wire.CloseEnded, closeTexts[wire.CloseEnded], false)
}

var closeTexts = map[int]string{
	wire.CloseReplaced:            "resumed on another connection",
	wire.CloseEnded:               "the session has ended",
	wire.CloseAuth:                "not an agent",
	websocket.CloseServiceRestart: "connect again",
}
