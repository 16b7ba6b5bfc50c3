package signal

import "time"

// leaseLife is how long a replica that died still counts as alive.
func (s *Server) leaseLife() time.Duration { return 3 * s.keepInterval() }

// leaseInterval is how often a lease is renewed, however long a round of the keeper takes: never is less than two thirds of its life left.
func (s *Server) leaseInterval() time.Duration { return s.leaseLife() / 4 }

// keepLease says again and again that this replica lives.
func (s *Server) keepLease() {
	next := time.NewTimer(s.leaseInterval())
	defer next.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-next.C:
		}
		pause, err := s.leaseInterval(), s.renewLease()
		if err != nil {
			pause = min(pause, soon())
		}
		s.noteBroker("lease", err)
		next.Reset(pause)
	}
}

// renewLease renews the lease of this replica. One that is gone means that the broker has lost keys, or was away for long.
func (s *Server) renewLease() error {
	defer func() { s.panicked("lease", recover()) }()
	ctx, cancel := s.patience()
	defer cancel()
	kept, err := s.store.lease(ctx, s.replica, s.leaseLife())
	if err != nil || !kept {
		s.unsettle()
	}
	return err
}

// unsettle notes that the broker may have lost leases of replicas that live. All who live have renewed theirs after another interval.
func (s *Server) unsettle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsettled = time.Now().Add(s.leaseInterval() + 5*time.Second)
}

// settled reports whether a lease that is not there means that its replica is dead.
func (s *Server) settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().After(s.unsettled)
}
