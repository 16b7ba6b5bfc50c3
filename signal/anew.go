package signal

import (
	"context"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// anewWithin is how long an agent may take to connect again with what its browser has by now.
const anewWithin = 5 * time.Second

// askAnew has an agent connect again at once, because the request that opened its connection is refused: apps whose sessions slide give browsers other cookies in
// time, which only a new request has. Whoever is not back soon, since the app refuses that as well, is out of the session.
func (s *Server) askAnew(c *conn, err error) {
	s.log.Info("signal: agent is asked to connect again", "conn", c.id, "agent", c.agent.ID, "session", c.seated().session, "err", err)
	c.asked.Store(true)
	c.send(wire.Draining{}) // with no time to wait
	c.closeForRestart()
}

// awaitAnew waits for an agent who was asked to connect again, and takes out one who has not.
func (c *conn) awaitAnew() {
	place := c.stand()
	me, ok := place.record.member(place.member)
	if !ok {
		return
	}
	transition := func(s session) (session, error) { return s.unreturned(me.ID, me.Epoch, EndSignedOut) }
	select {
	case <-time.After(anewWithin):
	case <-c.server.shut: // the agent is away until it is back, on another replica
		transition = func(s session) (session, error) { return s.away(me.ID, c.address()) }
	}
	ctx, cancel := c.server.patience()
	defer cancel()
	if err := c.server.takeOut(ctx, place, transition); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "leave", "session", place.session, "err", err)
	}
}

// takeOut applies a transition that may take a member out of its session, and its place on the TURN server with it.
func (s *Server) takeOut(ctx context.Context, place seat, t transition) error {
	after, err := s.change(ctx, place.session, address{}, t)
	if _, in := after.member(place.member); err == nil && !in && s.turn != nil {
		s.turn.Revoke(place.session, place.member)
	}
	return ignoreLate(err)
}
