package signal

import (
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// seat is a connection's place in a session: which member it is, and the newest record it knows, so that relaying needs no
// broker. The zero value is no place.
type seat struct {
	session string
	member  string
	record  session         // zero until the reply is out
	pending session         // newest record that came before the reply, or while a trunk is being opened; zero: none
	dialing bool            // a trunk is being opened to an agent whom the client is to hear of then
	missing int             // rounds of the keeper that found no record of it
	renewed time.Time       // when the record was last renewed from here
	regrant time.Time       // when credentials of the ICE servers are due; zero: never
	rides   map[string]ride // of the sender's links, by member; nil: none; mu guards the map too
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
	c.tellRides(place, nil)
	return place
}

func (c *conn) seated() seat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat
}

func (c *conn) isSeated() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat.member != ""
}

// reply takes the place that sit prepared: m, which tells the client of the session as s has it, goes out first, then what has
// changed since, then what others sent.
func (c *conn) reply(m wire.Message, s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat.record, c.seat.renewed = c.keepable(s), time.Now()
	news, code := c.catchUp(c.seat.pending)
	replies := [][]byte{c.encode(m)}
	for _, m := range news {
		replies = append(replies, c.encode(m))
	}
	c.out.release(replies, false)
	c.leaveWith(code)
}

// refuse answers with an error, and gives up the place that sit may have prepared.
func (c *conn) refuse(code wire.ErrorCode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seat = seat{}
	c.out.release([][]byte{c.encode(refusal(code))}, true)
}

// learn hears of a record, and tells the client what is new.
func (c *conn) learn(s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.seat.session != s.ID: // it has left that session
	case c.seat.record.ID != "" && (!c.seat.dialing || s.Ended != ""): // an end waits for no trunk
		if agents := c.server.trunks.lacking(c.seat.record, s, c.seat.member); len(agents) > 0 && s.follows(c.seat.record, c.seat.member) {
			c.seat.pending, c.seat.dialing = s, true
			place := c.seat
			c.server.keeper.Go(func() { c.learnOver(place, agents) })
			return
		}
		c.tellNews(s)
	case c.seat.pending.ID == "" || s.Version > c.seat.pending.Version:
		c.seat.pending = s
	}
}

// learnOver opens trunks to agents before the client hears of them, so that it is told at once whether the relay reaches them.
func (c *conn) learnOver(place seat, agents []member) {
	c.server.trunks.dial(c.server.ctx, c, place.session, place.member, agents)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.seat.dialing || c.seat.session != place.session || c.seat.member != place.member {
		return
	}
	news := c.seat.pending
	c.seat.pending, c.seat.dialing = session{}, false
	c.tellNews(news)
}

// tellNews tells the client what is new in a record. mu must be held, so that news leave in the order of the record's versions.
func (c *conn) tellNews(s session) {
	news, code := c.catchUp(s)
	for _, m := range news {
		c.send(m)
	}
	c.leaveWith(code)
}

// catchUp notes a record and gives what the client is to be told of it. mu must be held.
func (c *conn) catchUp(s session) (news []wire.Message, code int) {
	if s.ID == "" || !s.follows(c.seat.record, c.seat.member) {
		return nil, 0
	}
	news, code = difference(c.seat.record, s, c.seat.member, c.address(), c.server.view(c.seat.member))
	c.server.revoke(c.seat.record, s)
	c.tellRides(c.seat, func(member string) bool { _, ok := s.member(member); return ok })
	c.seat.record = c.keepable(s)
	for _, m := range s.Members {
		c.server.watch(s, m)
	}
	return news, code
}

// leaveWith gives up the place and closes the connection with code, unless that is 0. mu must be held.
func (c *conn) leaveWith(code int) {
	if code != 0 {
		c.tellRides(c.seat, nil)
		c.seat = seat{}
		c.close(code, closeTexts[code], false)
	}
}

// keepable gives a record as a connection keeps it. Only the sender's can be asked to restore the record, so only that one needs
// metaData, which does not travel with changes until it is changed itself.
func (c *conn) keepable(s session) session {
	if c.role != wire.RoleSender {
		s.facts = facts{}
	} else if s.Told == 0 && s.facts.equal(facts{}) {
		s.facts = c.seat.record.facts
	}
	return s
}

// finish ends the connection's part in a session that is over.
func (c *conn) finish(reason wire.EndReason) {
	place := c.stand()
	c.server.revoke(place.record, session{})
	if place.record.ID != "" {
		e := eventOf(EventEnded, place.record)
		e.Reason = reason
		c.server.observe(e)
	}
	c.send(wire.Ended{Reason: reason})
	c.close(wire.CloseEnded, closeTexts[wire.CloseEnded], false)
}

var closeTexts = map[int]string{
	wire.CloseReplaced:            "resumed on another connection",
	wire.CloseEnded:               "the session has ended",
	wire.CloseAuth:                "not an agent",
	websocket.CloseServiceRestart: "connect again",
}
