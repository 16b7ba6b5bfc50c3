package agent

import (
	"context"
	"crypto/ecdh"
	"log/slog"
	"slices"
	"sync"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Session is a session that this agent has joined. All its methods are safe for concurrent use.
type Session struct {
	options Options
	log     *slog.Logger
	ctx     context.Context // ends when the session is over
	cancel  context.CancelFunc
	done    chan struct{}
	local   bool             // the app is on this machine
	key     *ecdh.PrivateKey // of this Session alone: a sender that sees it again has kept the link

	framing sync.Mutex // held while packets of frames are taken, so that they never overlap; around mu
	closing sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something changes
	socket   *socket       // nil while there is none
	token    string
	rejoin   string // the code to join with, which the customer handed over; "": none
	sealed   sealed
	members  []wire.Member
	metaData map[string]any
	verified map[string]any
	servers  []wire.ICEServer
	hides    bool             // the customer must not learn our addresses
	link     *link            // what is shown comes from it; nil: none has begun, or it has ended
	next     *link            // the one that is to replace it, for which the sender has not chosen a path yet
	before   string           // the name of the link before
	early    []wire.Candidate // of peer connections not offered yet
	mirror   mirror
	picture  *Page // what mirror shows; nil: to be made anew
	leaving  bool  // the customer is on the way to the next page
	hidden   bool
	paused   bool
	pointed  wire.PointerMove
	budget   budget
	// overloaded: the customer's page has sent more than it may, and nothing more is taken.
	overloaded bool
	over       bool
	err        error
}

func newSession(o Options) *Session {
	s := &Session{mirror: mirror{contents: &contents{}}, budget: newBudget(), options: o, log: o.Logger, done: make(chan struct{}), changed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		panic(err) // of nil, randomness does not fail
	}
	s.key = key
	return s
}

// notify wakes those who wait for a change. s.mu is held.
func (s *Session) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Page gives what the customer's page shows now. It is never nil and stays readable after the session.
func (s *Session) Page() *Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page()
}

// page is Page with s.mu held.
func (s *Session) page() *Page {
	if s.picture == nil {
		s.picture = s.mirror.shown.snapshot()
	}
	p := *s.picture
	p.Loading = s.leaving || s.mirror.lost || !s.mirror.fresh || !s.reached()
	p.Hidden = s.hidden
	p.Paused = s.paused
	p.Pointer = Point{s.pointed.X, s.pointed.Y}
	return &p
}

// WaitFor waits until ok holds for the page, which is asked now and after changes; ok gets every page at most once. It returns
// ctx's error when that ends first, and Err, or ErrEnded, when the session is over.
func (s *Session) WaitFor(ctx context.Context, ok func(*Page) bool) error {
	for {
		s.mu.Lock()
		page, changed := s.page(), s.changed
		s.mu.Unlock()
		if ok(page) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			if err := s.Err(); err != nil {
				return err
			}
			return ErrEnded
		}
	}
}

// Members gives the other members of the session: the customer and, maybe, further agents.
func (s *Session) Members() []wire.Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.members)
}

// MetaData gives what the customer's page tells about the customer now, which nobody has verified, without what is in Verified too. Nobody may
// change it.
func (s *Session) MetaData() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.metaData
}

// Verified gives what the app's server tells about the customer now, such as from the login. Nobody may change it.
func (s *Session) Verified() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.verified
}

// Done is closed when the session is over for this agent and nothing of it runs any more.
func (s *Session) Done() <-chan struct{} { return s.done }

// Err tells why the session is over: nil while it is not and after Leave, otherwise an *EndedError, ErrLost, ErrReplaced,
// ErrNotAgent, ErrNoKey, ErrUnsealed, or an error that wraps ErrRefused.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Leave takes this agent out of the session, which goes on without it, and waits until nothing of it runs any more or ctx ends.
// After the session it does nothing.
func (s *Session) Leave(ctx context.Context) error {
	s.mu.Lock()
	if s.socket != nil && !s.over {
		s.socket.send(wire.Leave{})
	}
	s.mu.Unlock()
	s.finish(nil)
	return s.wait(ctx)
}

// End ends the session for all and waits until that is done. While the server cannot be reached it tells the customer directly;
// while neither can, it waits. It returns ctx's error when that ends first; the session may then go on. After the session it does
// nothing.
func (s *Session) End(ctx context.Context) error {
	var asked *socket
	for {
		s.mu.Lock()
		socket, l, changed, over := s.socket, s.link, s.changed, s.over
		linked := l.linked()
		s.mu.Unlock()
		switch {
		case over:
			return s.wait(ctx)
		case socket != nil && socket != asked:
			socket.send(wire.End{})
			asked = socket
		case socket == nil && linked:
			s.bye(l)
			s.finish(&EndedError{wire.EndAgent})
			return s.wait(ctx)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// bye tells the customer's page over the peer connection that the session is over.
func (s *Session) bye(l *link) {
	s.mu.Lock()
	s.say(l, wire.Bye{Reason: wire.EndAgent})
	s.flush(l)
	conn := l.conn
	s.mu.Unlock()
	conn.flush()
}

func (s *Session) wait(ctx context.Context) error {
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish makes the session over; the first reason stays.
func (s *Session) finish(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.over, s.err = true, err
	s.notify()
	s.cancel()
}
