package signal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// change applies a transition, sends the new record to the members and makes the support code of an ended session unknown.
func (s *Server) change(ctx context.Context, id string, except address, apply transition) (session, error) {
	before, after, err := s.store.change(ctx, id, apply)
	if err != nil {
		return session{}, err
	}
	s.announce(before, after, except)
	s.observeChange(before, after)
	for _, m := range after.Members {
		s.watch(after, m)
	}
	if after.Ended == "" {
		return after, nil
	}
	s.log.Info("signal: session ended", "session", id, "reason", string(after.Ended))
	if after.Taken {
		return after, nil
	}
	return after, s.store.forget(ctx, after)
}

// setAway tells everybody that the connection of a member is gone.
func (s *Server) setAway(ctx context.Context, id, member string, at address) error {
	_, err := s.change(ctx, id, at, func(r session) (session, error) { return r.away(member, at) })
	return ignoreLate(err)
}

// watch takes out a member who stays away for the whole resume window. Every replica that hears of it watches with its own
// clock; the first whose time is up changes the record. A session that waits for an agent ends with its support code: customers leave the browser to call.
func (s *Server) watch(record session, m member) {
	if m.At != (address{}) || record.Ended != "" || !record.Taken {
		return
	}
	s.later(fmt.Sprintf("away/%s/%s/%d", record.ID, m.ID, m.Epoch), s.store.resumeWindow, func(ctx context.Context) error {
		_, err := s.change(ctx, record.ID, address{}, func(r session) (session, error) { return r.expired(m.ID, m.Epoch) })
		return err
	})
}

// watchCode ends a session whose support code nobody takes in time.
func (s *Server) watchCode(id string) {
	s.later("code/"+id, s.store.codeLifetime, func(ctx context.Context) error {
		_, err := s.change(ctx, id, address{}, session.codeExpired)
		return err
	})
}

// later runs f after d, unless the server drains before. A second call with the same key does nothing while the first waits.
func (s *Server) later(key string, d time.Duration, f func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || s.timers[key] != nil {
		return
	}
	s.running.Add(1)
	s.timers[key] = time.AfterFunc(d, func() {
		defer s.running.Done()
		defer func() { s.panicked("timer", recover()) }()
		s.mu.Lock()
		delete(s.timers, key)
		s.mu.Unlock()
		ctx, cancel := s.patience()
		defer cancel()
		if err := ignoreLate(f(ctx)); err != nil {
			s.log.Warn("signal: broker failed", "while", "timer", "err", err)
		}
	})
}

// ignoreLate forgets the errors of a transition that came too late to matter.
func ignoreLate(err error) error {
	if errors.Is(err, errUnchanged) || errors.Is(err, errNoSession) {
		return nil
	}
	return err
}
