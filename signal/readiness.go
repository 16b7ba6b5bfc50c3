package signal

import "time"

// Readiness says whether a balancer should send a replica clients. What is wrong with the Broker is no reason against it: all replicas have that, and what runs goes on.
type Readiness struct {
	Ready    bool   `json:"ready"`
	Because  string `json:"because,omitempty"`  // why not: "draining", or "stuck" when the replica no longer looks after its sessions
	Degraded string `json:"degraded,omitempty"` // "broker": it fails, so nothing new begins, and what runs goes on
}

// Readiness returns whether this replica should be sent clients. It asks nobody.
func (s *Server) Readiness() Readiness {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Readiness{Ready: true}
	if len(s.failing) > 0 {
		r.Degraded = "broker"
	}
	switch {
	case s.leaving || s.draining:
		r.Ready, r.Because = false, "draining"
	case r.Degraded == "" && !s.roundEnded.IsZero() && time.Since(s.roundEnded) > 3*s.keepInterval():
		r.Ready, r.Because = false, "stuck"
	}
	return r
}

// noteRound notes that the keeper has finished a round, or begun.
func (s *Server) noteRound() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roundEnded = time.Now()
}

// noteBroker notes how something that needs the broker went, and logs when it begins to fail, and when it is well again.
func (s *Server) noteBroker(while string, err error) {
	s.mu.Lock()
	failed := s.failing[while]
	if err != nil {
		s.failing[while] = true
	} else {
		delete(s.failing, while)
	}
	s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil:
	case err != nil && !failed:
		s.log.Warn("signal: broker failed", "while", while, "err", err)
	case err == nil && failed:
		s.log.Info("signal: broker works again", "while", while)
	}
}
