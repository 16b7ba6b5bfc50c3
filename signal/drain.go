package signal

import (
	"context"
	"time"
)

// moveTime is how long a client may take to be on another replica, beyond when it was asked to go.
const moveTime = 3 * time.Second

// Drain moves the clients of this replica to others that share its Broker, before Shutdown. Readiness is "draining" from the beginning; connections are still taken
// for Config.DrainDelay, in which balancers hear of that. Then new ones are refused with 503, and every client is asked to come back elsewhere within five
// seconds (of more than 2 500, 500 a second; within a minute at most): until it goes, its connection works as before. Drain returns when all have gone, or nil as
// well when some have not though their time is over, and ctx's error when ctx ends first. Shutdown closes what is left.
func (s *Server) Drain(ctx context.Context) error {
	s.mu.Lock()
	s.leaving = true
	s.mu.Unlock()
	if err := s.untilGone(ctx, s.drainDelay); err != nil {
		return err
	}
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	conns := s.connections()
	spread := spreadOf(len(conns))
	for _, c := range conns {
		c.sayDraining(spread)
	}
	return s.untilGone(ctx, spread+moveTime)
}

// untilGone waits until no connection is left, or patience is over.
func (s *Server) untilGone(ctx context.Context, patience time.Duration) error {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); len(s.connections()) > 0 && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.shut:
			return nil
		case <-look.C:
		}
	}
	return ctx.Err()
}

// awaitMove gives a client that has left a draining replica the time to be on another, so that those it is in a session with are not told that it is away.
func (s *Server) awaitMove() {
	s.mu.Lock()
	draining := s.draining
	s.mu.Unlock()
	if !draining {
		return
	}
	select {
	case <-time.After(moveTime):
	case <-s.shut:
	}
}
