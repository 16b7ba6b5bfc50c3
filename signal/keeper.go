package signal

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"

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
func (s *Server) tend(c *conn) (err error) {
	defer func() { c.panicked(recover()) }()
	place := c.seated()
	if place.record.ID == "" {
		return nil
	}
	ctx, cancel := s.patience()
	defer cancel()
	record, raw, err := s.store.get(ctx, place.session)
	if errors.Is(err, errNoSession) {
		return s.miss(ctx, c, place)
	}
	if err != nil {
		return err
	}
	c.found()
	me, ok := record.member(place.member)
	switch {
	case record.Ended != "":
		c.receive(letter{session: record.ID, message: wire.Ended{Reason: record.Ended}, close: wire.CloseEnded})
		return nil
	case !ok || me.At != c.address():
		if fresh := c.seated(); fresh.member == place.member && record.Version >= fresh.record.Version {
			c.receive(letter{session: record.ID, close: wire.CloseReplaced})
		}
		return nil
	}
	c.see(record)
	if err := s.store.renew(ctx, record.ID, raw); err != nil {
		return err
	}
	if !record.Taken {
		return s.tendCode(ctx, record)
	}
	return s.tendOthers(ctx, record, me)
}

// maxMissing is how many rounds a record may be missing before its session is over: longer than the sender's replica
// needs to put it back.
const maxMissing = 5

// miss deals with a record that is not there. The sender's connection is the truth about a session, so it puts back what
// the broker forgot; without it the session is over.
func (s *Server) miss(ctx context.Context, c *conn, place seat) error {
	if c.role == wire.RoleSender {
		_, err := s.store.restore(ctx, place.record)
		return err
	}
	if c.missing() >= maxMissing {
		c.receive(letter{session: place.session, message: wire.Ended{Reason: wire.EndTimeout}, close: wire.CloseEnded})
	}
	return nil
}

// tendCode ends a session whose support code has expired on a replica that is no longer there to say so.
func (s *Server) tendCode(ctx context.Context, record session) error {
	id, err := s.store.find(ctx, record.Code)
	if err != nil || id == record.ID {
		return err
	}
	return ignoreUnchanged(s.endSession(ctx, record.ID, session.codeExpired))
}

// tendOthers finds members who are gone without a word, and sees to it that those who are away do not stay so for ever.
func (s *Server) tendOthers(ctx context.Context, record session, me member) error {
	for _, m := range record.Members {
		if m.ID == me.ID {
			continue
		}
		if m.At == (address{}) {
			s.watch(record, m.ID)
			continue
		}
		ok, err := s.reachable(ctx, record.ID, m)
		if err != nil {
			return err
		}
		if !ok {
			if err := s.setAway(ctx, record.ID, m.ID, m.At); err != nil {
				return err
			}
		}
	}
	return nil
}

// reachable reports whether a member's connection exists, as far as this replica can know.
func (s *Server) reachable(ctx context.Context, session string, m member) (bool, error) {
	if m.At.Replica != s.replica {
		return s.store.alive(ctx, m.At.Replica)
	}
	s.mu.Lock()
	c := s.conns[m.At.Conn]
	s.mu.Unlock()
	if c == nil {
		return false, nil
	}
	place := c.seated()
	return place.session == session && place.member == m.ID, nil
}

// leaveSeat tells the others that a connection is gone.
func (s *Server) leaveSeat(c *conn) {
	place := c.seated()
	if place.member == "" {
		return
	}
	c.stand()
	ctx, cancel := s.patience()
	defer cancel()
	defer func() { c.panicked(recover()) }()
	if err := s.setAway(ctx, place.session, place.member, c.address()); err != nil {
		s.log.Warn("signal: broker failed", "while", "away", "session", place.session, "err", err)
	}
}

func (s *Server) setAway(ctx context.Context, session, member string, at address) error {
	record, letters, err := s.store.change(ctx, session, func(r sessionRecord) (sessionRecord, []letter, error) { return r.away(member, at) })
	if err != nil {
		return ignoreUnchanged(err)
	}
	s.post(ctx, letters)
	s.watch(record, member)
	return nil
}

// endSession ends a session by a transition, and makes its support code unknown.
func (s *Server) endSession(ctx context.Context, id string, transition func(session) (session, []letter, error)) error {
	record, letters, err := s.store.change(ctx, id, transition)
	if err != nil {
		return err
	}
	s.post(ctx, letters)
	if record.Ended == "" {
		return nil
	}
	s.log.Info("signal: session ended", "session", id, "reason", string(record.Ended))
	if record.Taken {
		return nil
	}
	return s.store.forget(ctx, record)
}

// watch takes a member out who stays away for the whole resume window. Every replica that knows of it watches with its own clock;
// the first whose time is up changes the record.
func (s *Server) watch(record session, id string) {
	m, ok := record.member(id)
	if !ok || m.At != (address{}) || record.Ended != "" {
		return
	}
	s.later(fmt.Sprintf("away/%s/%s/%d", record.ID, id, m.Epoch), s.store.resumeWindow, func(ctx context.Context) error {
		return s.endSession(ctx, record.ID, func(r session) (session, []letter, error) { return r.expired(id, m.Epoch) })
	})
}

// watchCode ends a session whose support code nobody takes in time.
func (s *Server) watchCode(id string) {
	s.later("code/"+id, s.store.codeLifetime, func(ctx context.Context) error {
		return s.endSession(ctx, id, session.codeExpired)
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
		defer func() {
			if p := recover(); p != nil {
				s.logPanic("timer", p)
			}
		}()
		s.mu.Lock()
		delete(s.timers, key)
		s.mu.Unlock()
		ctx, cancel := s.patience()
		defer cancel()
		if err := ignoreUnchanged(f(ctx)); err != nil {
			s.log.Warn("signal: broker failed", "while", "timer", "err", err)
		}
	})
}

// ignoreUnchanged forgets the errors of a transition that came too late to matter.
func ignoreUnchanged(err error) error {
	if errors.Is(err, errUnchanged) || errors.Is(err, errNoSession) {
		return nil
	}
	return err
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

// reauthorize asks in the background whether an agent still is one, and takes it out of its session when not.
func (s *Server) reauthorize(c *conn) {
	if c.request == nil || !c.authorizing.CompareAndSwap(false, true) {
		return
	}
	s.running.Go(func() {
		defer c.authorizing.Store(false)
		defer func() { c.panicked(recover()) }()
		if agent, err := s.authorize(c); err == nil && agent.ID == c.agent.ID {
			return
		}
		s.log.Info("signal: agent is no longer one", "conn", c.id, "agent", c.agent.ID)
		ctx, cancel := s.patience()
		defer cancel()
		if place := c.seated(); place.member != "" {
			c.leave(ctx)
		}
		c.close(wire.CloseAuth, closeTexts[wire.CloseAuth], false)
	})
}

// authorizePatience is the time the app has to decide about an agent.
const authorizePatience = 10 * time.Second

func (s *Server) authorize(c *conn) (Agent, error) {
	ctx, cancel := context.WithTimeout(c.request.Context(), authorizePatience)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	return s.Authorize(c.request.WithContext(ctx))
}

func (s *Server) logPanic(where string, p any) {
	s.log.Error("signal: panic", "while", where, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

var _ = websocket.CloseGoingAway
