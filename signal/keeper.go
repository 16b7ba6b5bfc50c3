package signal

import (
	"context"
	"errors"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// keepInterval is how often the keeper looks after every member who is connected here.
func (s *Server) keepInterval() time.Duration {
	return min(max(s.store.resumeWindow/4, time.Second), 30*time.Second)
}

// leaseLife is how long a replica that died still counts as alive.
func (s *Server) leaseLife() time.Duration { return 3 * s.keepInterval() }

// keep is the keeper: it renews what expires, and finds what this replica was not told, because a letter was lost, a replica died
// or the broker forgot.
func (s *Server) keep() {
	ticker := time.NewTicker(s.keepInterval())
	defer ticker.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		case <-s.kick:
		}
		if err := s.round(); err != nil && s.ctx.Err() == nil {
			s.log.Warn("signal: broker failed", "while", "keep", "err", err)
		}
	}
}

// round gives up with the first error of the broker: the next round comes soon, and a broker in trouble needs no crowd.
func (s *Server) round() error {
	defer func() { s.panicked("keep", recover()) }()
	defer s.times.round.since(time.Now())
	for _, c := range s.connections() {
		c.refreshServers() // before the broker, which this does not need
	}
	ctx, cancel := s.patience()
	defer cancel()
	if err := s.store.lease(ctx, s.replica, s.leaseLife()); err != nil {
		return err
	}
	if err := s.refreshSecret(ctx); err != nil {
		return err
	}
	for _, c := range s.connections() {
		if err := s.tend(c); err != nil {
			return err
		}
	}
	return nil
}

// tend looks after one connection's place.
func (s *Server) tend(c *conn) error {
	defer func() { c.panicked(recover()) }()
	place := c.seated()
	if place.record.ID == "" {
		return nil
	}
	c.alive()
	ctx, cancel := s.patience()
	defer cancel()
	record, raw, err := s.store.get(ctx, place.session)
	if errors.Is(err, errNoSession) {
		return s.tendMissing(ctx, c, place)
	}
	if err != nil {
		return err
	}
	c.learn(record)
	if c.seated().record.ID == "" { // it has learned that its place is gone
		return nil
	}
	if err := s.store.renew(ctx, record.ID, raw); err != nil {
		return err
	}
	if !record.Taken {
		return s.tendCode(ctx, record)
	}
	return s.tendOthers(ctx, record, place.member)
}

// maxMissing is how many rounds a record may be missing before its session is over: more than the sender's replica
// needs to put it back.
const maxMissing = 5

// tendMissing deals with a record that is not there. The sender's connection is the truth about a session, so it puts back what
// the broker forgot; without it the session is over.
func (s *Server) tendMissing(ctx context.Context, c *conn, place seat) error {
	if c.role == wire.RoleSender {
		_, err := s.store.restore(ctx, place.record)
		return err
	}
	c.mu.Lock()
	c.seat.missing++
	over := c.seat.missing >= maxMissing
	c.mu.Unlock()
	if over {
		c.finish(wire.EndTimeout)
	}
	return nil
}

// tendCode ends a session whose support code expired after its replica died, or was forgotten by the broker.
func (s *Server) tendCode(ctx context.Context, record session) error {
	id, err := s.store.find(ctx, record.Code)
	if err != nil || id == record.ID {
		return err
	}
	_, err = s.change(ctx, record.ID, address{}, session.codeExpired)
	return ignoreLate(err)
}

// tendOthers finds members who are gone without a word, and sees to it that those who are away do not stay so for ever.
func (s *Server) tendOthers(ctx context.Context, record session, me string) error {
	for _, m := range record.Members {
		if m.ID == me {
			continue
		}
		if m.At == (address{}) {
			s.watch(record, m)
			continue
		}
		ok, err := s.reachable(ctx, record.ID, m)
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		if err := s.setAway(ctx, record.ID, m.ID, m.At); err != nil {
			return err
		}
	}
	return nil
}

// reachable reports whether a member's connection exists, as far as this replica can know.
func (s *Server) reachable(ctx context.Context, session string, m member) (bool, error) {
	if m.At.Replica != s.replica {
		return s.store.alive(ctx, m.At.Replica)
	}
	c := s.connection(m.At.Conn)
	if c == nil {
		return false, nil
	}
	place := c.seated()
	return place.session == session && place.member == m.ID, nil
}

// sharedSecret gives what all replicas hide support codes with.
func (s *Server) sharedSecret(ctx context.Context) (secret, error) {
	s.mu.Lock()
	key := s.key
	s.mu.Unlock()
	if key != nil {
		return key, nil
	}
	if err := s.refreshSecret(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key, nil
}

func (s *Server) refreshSecret(ctx context.Context) error {
	s.mu.Lock()
	known := s.key
	s.mu.Unlock()
	key, err := s.store.secret(ctx, known)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
	return nil
}
