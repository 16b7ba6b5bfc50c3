package agent

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// The waits between tries to connect again.
const (
	firstWait   = 250 * time.Millisecond
	longestWait = 4 * time.Second
)

// backoff gives how long to wait before the try with that number, counted from 0: exponential with full jitter, random from 0
// to 1.
func backoff(try int, random float64) time.Duration {
	most := longestWait
	if try < 10 {
		most = min(most, firstWait<<(try+1))
	}
	return firstWait + time.Duration(random*float64(most-firstWait))
}

// draining tells that the server is about to go.
type draining struct{ after time.Duration }

func (d draining) Error() string { return "agent: the server is about to go" }

// start runs the session until it is over.
func (s *Session) start(d *dialer, socket *socket) {
	go func() {
		for socket != nil {
			socket = s.reconnect(d, s.serve(socket))
		}
		s.release()
	}()
}

// serve does what the server says until the connection is over, and tells why it is.
func (s *Session) serve(socket *socket) error {
	stop := context.AfterFunc(s.ctx, socket.leave)
	s.closing.Go(func() { socket.watch(s.relayed) })
	defer func() {
		s.mu.Lock()
		s.socket = nil
		s.notify()
		s.mu.Unlock()
		stop()
		socket.close()
	}()
	for {
		m, err := socket.read()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case relayed:
			s.openRelayed(m)
		case wire.Draining:
			return draining{time.Duration(max(0, m.RetryAfter)) * time.Millisecond}
		case wire.Message:
			s.received(socket, m)
		}
	}
}

// final tells whether the server does not want to see this agent again.
func final(err error) bool {
	return errors.Is(err, ErrEnded) || errors.Is(err, ErrNotAgent) || errors.Is(err, ErrReplaced) || errors.Is(err, ErrRefused)
}

// reconnect connects again after an error and takes up the session, by its token or by the code that the customer hands over
// when the server forgot it. It gives nil when the session is over.
func (s *Session) reconnect(d *dialer, err error) *socket {
	tried := ""
	for try := 0; ; try++ {
		if final(err) {
			s.finish(err)
		}
		if errors.Is(err, ErrLost) || errors.Is(err, ErrUnknownCode) {
			if !s.awaitRejoin() {
				s.finish(ErrLost)
				return nil
			}
		} else if !s.pause(retryDelay(err, try), tried) {
			return nil
		}
		code, ask := s.question()
		tried = code
		s.log.Debug("agent: connects again", "try", try, "rejoin", code != "")
		var socket *socket
		var reply wire.Message
		socket, reply, err = d.open(s.ctx, ask, redialTimeout)
		if err == nil || errors.Is(err, ErrUnknownCode) {
			s.answered(code)
		}
		if err == nil {
			s.admitted(socket, reply)
			return socket
		}
	}
}

// question gives what to ask the server, and the code in it, if any.
func (s *Session) question() (code string, ask wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejoin != "" {
		return s.rejoin, s.join(s.rejoin)
	}
	return "", wire.Resume{Token: s.token, Key: seal.FormatPublic(s.key.PublicKey())}
}

func (s *Session) join(code string) wire.Join {
	return wire.Join{Code: code, Name: s.options.Name, Key: seal.FormatPublic(s.key.PublicKey())}
}

// answered forgets a code that the server has judged, unless a newer one has come.
func (s *Session) answered(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejoin == code {
		s.rejoin = ""
	}
}

func retryDelay(err error, try int) time.Duration {
	var drain draining
	var refusal *ServerError
	switch {
	case errors.As(err, &drain):
		return drain.after
	case errors.As(err, &refusal) && refusal.RetryAfter > 0:
		return time.Duration(refusal.RetryAfter) * time.Millisecond
	}
	return backoff(try, rand.Float64())
}

// pause waits; a code to join with that has not been tried ends the wait. False: the session is over.
func (s *Session) pause(d time.Duration, tried string) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		s.mu.Lock()
		rejoin, changed := s.rejoin, s.changed
		s.mu.Unlock()
		if rejoin != "" && rejoin != tried {
			return s.ctx.Err() == nil
		}
		select {
		case <-timer.C:
			return s.ctx.Err() == nil
		case <-changed:
		case <-s.ctx.Done():
			return false
		}
	}
}

// awaitRejoin waits for the customer to hand over a new code, as long as there is an open peer connection. False: that will not come.
func (s *Session) awaitRejoin() bool {
	for {
		s.mu.Lock()
		linked, rejoin, changed := s.link.linked(), s.rejoin, s.changed
		s.mu.Unlock()
		if rejoin != "" {
			return s.ctx.Err() == nil
		}
		if !linked {
			return false
		}
		select {
		case <-changed:
		case <-s.ctx.Done():
			return false
		}
	}
}

// release closes what is still open.
func (s *Session) release() {
	s.mu.Lock()
	s.retire(s.link)
	s.retire(s.next)
	s.mu.Unlock()
	s.closing.Wait()
	s.mu.Lock()
	s.notify()
	s.mu.Unlock()
	close(s.done)
}
