package signal

import (
	"context"
	"errors"
	"time"
)

// start begins, once, what runs beside the connections. It waits until the broker has been tried, and no longer than ctx: a replica whose broker is away takes
// connections, answers "unavailable" to what needs the broker, and finds it later.
func (s *Server) start(ctx context.Context) {
	s.starting.Lock()
	if s.tried == nil {
		s.tried = make(chan struct{})
		s.noteRound()
		for _, run := range []func(){s.openInbox, s.keep, s.keepLease, s.ping, s.announceReplica} {
			s.keeper.Go(run)
		}
	}
	tried := s.tried
	s.starting.Unlock()
	select {
	case <-tried:
	case <-ctx.Done():
	}
}

// openInbox subscribes to what other replicas send this one, as soon as the broker lets it.
func (s *Server) openInbox() {
	for first := true; ; first = false {
		err := s.subscribe()
		s.noteBroker("start", err)
		if first {
			close(s.tried)
		}
		if err == nil {
			if !first {
				s.lost() // what others sent meanwhile
			}
			return
		}
		s.unsettle()
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(soon()):
		}
	}
}

var errBrokerPanic = errors.New("signal: the Broker panicked")

func (s *Server) subscribe() (err error) {
	defer func() {
		if s.panicked("start", recover()) {
			err = errBrokerPanic
		}
	}()
	ctx, cancel := s.patience()
	defer cancel()
	if _, err := s.store.lease(ctx, s.replica, s.leaseLife()); err != nil {
		return err
	}
	stop, err := s.store.broker.Subscribe(ctx, inboxTopic(s.replica), s.receive, s.lost)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.unsubscribe = stop
	s.mu.Unlock()
	return nil
}

// stop ends what start began.
func (s *Server) stop() {
	s.starting.Lock()
	defer s.starting.Unlock()
	if s.tried != nil && s.ctx.Err() == nil {
		ctx, cancel := s.patience()
		if err := s.store.unlease(ctx, s.replica); err != nil {
			s.log.Warn("signal: broker failed", "while", "shutdown", "err", err)
		}
		cancel()
	}
	s.cancel()
	if s.trunks.node != nil {
		s.trunks.node.Close()
	}
	s.keeper.Wait()
	s.mu.Lock()
	unsubscribe := s.unsubscribe
	s.unsubscribe = nil
	s.mu.Unlock()
	if unsubscribe != nil {
		unsubscribe()
	}
}
