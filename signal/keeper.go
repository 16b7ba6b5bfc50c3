package signal

import (
	"context"
	"errors"
	mathrand "math/rand/v2"
	"sync"
	"time"
)

// keepInterval is how often the keeper looks after every member who is connected here.
func (s *Server) keepInterval() time.Duration {
	return min(max(s.store.resumeWindow/4, time.Second), 30*time.Second)
}

// soon is when to try again what the broker has just failed at: within a second and a half, and not with all other replicas at once.
func soon() time.Duration { return 500*time.Millisecond + mathrand.N(time.Second) }

// keep is the keeper: it renews what expires, and finds what this replica was not told, because a letter was lost, a replica died
// or the broker forgot.
func (s *Server) keep() {
	next := time.NewTimer(s.keepInterval())
	defer next.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-next.C:
		case <-s.kick:
		}
		pause, err := s.keepInterval(), s.round()
		if err != nil {
			s.unsettle()
			pause = soon()
		}
		s.noteBroker("keep", err)
		s.noteRound()
		next.Reset(pause)
	}
}

const (
	// tenders is how many places of a round are looked after at once: ten thousand take some seconds when each call of the broker takes 5 ms.
	tenders = 32

	// maxFailures is how many calls of the broker may fail in a round before it is given up: the next one comes soon, and a broker in trouble needs no crowd.
	maxFailures = 3
)

// round looks after every place here. Its error is that of the broker.
func (s *Server) round() error {
	defer func() { s.panicked("keep", recover()) }()
	defer s.times.round.since(time.Now())
	for _, c := range s.connections() {
		c.refreshServers() // before the broker, which this does not need
	}
	if err := s.renewLease(); err != nil {
		return err
	}
	ctx, cancel := s.patience()
	defer cancel()
	if err := s.refreshSecret(ctx); err != nil {
		return err
	}
	r := &round{Server: s, replicas: map[string]func() (bool, error){}}
	return r.tendAll(s.connections())
}

// round is what the tenders of one round of the keeper share.
type round struct {
	*Server
	mu       sync.Mutex
	failures []error
	replicas map[string]func() (bool, error) // whether they live, each asked once
}

func (r *round) tendAll(conns []*conn) error {
	work := make(chan *conn)
	var working sync.WaitGroup
	for range min(tenders, len(conns)) {
		working.Go(func() {
			for c := range work {
				r.note(c, r.tend(c))
			}
		})
	}
	for _, c := range conns {
		if r.givenUp() {
			break
		}
		work <- c
	}
	close(work)
	working.Wait()
	return errors.Join(r.failures...)
}

// note counts an error of the broker. What is wrong with one record concerns no other.
func (r *round) note(c *conn, err error) {
	switch {
	case err == nil:
	case errors.Is(err, errRecord), errors.Is(err, errConflict):
		r.log.Warn("signal: a session cannot be kept", "conn", c.id, "err", err)
	default:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failures = append(r.failures, err)
	}
}

func (r *round) givenUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.failures) >= maxFailures
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
