package signal

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/trunk"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Server is the signalling endpoint: an http.Handler for one route. All its methods are safe for concurrent use.
type Server struct {
	agents      Authorizer
	origins     []origin
	sites       []site
	trusted     []netip.Prefix
	iceServers  []wire.ICEServer
	hideAgents  bool
	alone       bool // without a Broker that others share
	places      []wire.Place
	turn        TURN // nil: none
	log         *slog.Logger
	store       store
	budgets     *budgets
	replica     string
	metaDataKey []byte
	identities  vouch.Keys
	observer    Observer   // nil: none
	relay       wire.Relay // what goes over this server; empty: nothing
	settings    map[string]string
	replicas    replicas
	trunks      trunks
	counts      counts
	times       times
	drainDelay  time.Duration
	linger      time.Duration // lingerTimeout, but in a test of who is slower

	ctx    context.Context // ends when nothing may run any more
	cancel context.CancelFunc

	starting sync.Mutex    // guards what the first connection starts
	tried    chan struct{} // closed once the broker has been tried; nil before the first connection
	kick     chan struct{} // asks the keeper for a round now
	keeper   sync.WaitGroup

	mu          sync.Mutex
	draining    bool
	conns       map[string]*conn
	networks    map[string]int                // connections by the networks that they come from
	slots       [pingSlots]map[*conn]struct{} // connections by when they are pinged
	slot        int                           // that was pinged last
	crowds      dropping                      // lines of the log about networks with too many
	timers      map[string]*time.Timer
	key         secret
	failing     map[string]bool // what the broker last failed at
	roundEnded  time.Time       // when the keeper last finished a round
	leaving     bool            // Drain has begun
	unsettled   time.Time       // until when leases that are not there mean nothing
	unsubscribe func()          // from the inbox; nil before

	running  sync.WaitGroup // requests, connections and timers
	shut     chan struct{}  // closed by Shutdown
	shutOnce sync.Once

	warnForwarded sync.Once
	warnUpgrade   sync.Once
	warnMiss      sync.Once
	foreign       loggedOrigins
}

// New returns a Server. The error joins one error for every bad field of cfg, each with
// its path, such as signal.allowedOrigins[0]. What is more likely a mistake than meant, it logs. Nothing runs before the first connection comes.
func New(cfg Config) (*Server, error) {
	alone := cfg.Broker == nil
	cfg = cfg.withDefaults()
	origins, sites, err := cfg.validate()
	if err != nil {
		return nil, err
	}
	s := &Server{
		linger: lingerTimeout, alone: alone,
		agents: cfg.Agents, origins: origins, sites: sites, identities: vouch.Keys{Secret: cfg.IdentitySecret, Public: cfg.IdentityKeys}, trusted: cfg.TrustedProxies, iceServers: cfg.ICEServers, hideAgents: cfg.HideAgents, places: cfg.Places, turn: cfg.TURN, log: cfg.Logger,
		store:   store{broker: cfg.Broker, codeLifetime: cfg.CodeLifetime, resumeWindow: cfg.ResumeWindow},
		budgets: newBudgets(cfg.Broker, cfg.Logger),
		replica: newID(),
		relay:   cfg.Relay.told(),

		drainDelay: cfg.DrainDelay,

		metaDataKey: cfg.MetaDataKey, observer: cfg.Observer,

		kick:     make(chan struct{}, 1),
		conns:    map[string]*conn{},
		networks: map[string]int{},
		timers:   map[string]*time.Timer{},
		failing:  map[string]bool{},
		shut:     make(chan struct{}),
	}
	s.settings = cfg.sharedSettings()
	s.store.broker = timedBroker{cfg.Broker, &s.times.broker}
	s.trunks = trunks{server: s, open: map[trunk.Pair]*ownTrunk{}, next: map[trunk.Pair]time.Time{}}
	for _, doubt := range cfg.doubts() {
		s.log.Warn("signal: " + doubt)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if t, ok := cfg.Agents.(*tokenAgents); ok {
		t.configure(cfg, origins, s.sharedSecret)
	}
	if err := s.listen(cfg.Peer); err != nil {
		return nil, err
	}
	return s, nil
}

// view is how members are shown to a member who is connected here.
func (s *Server) view(me string) view {
	return view{s.replica, s.relay, s.store.resumeWindow, me, s.trunks.reaches}
}

// newID gives an identifier that cannot be guessed.
func newID() string { return rand.Text() }

// patience bounds what a client waits for.
func (s *Server) patience() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, brokerPatience)
}

// admit counts a request in, unless the server is draining. A request that is admitted must be counted out.
func (s *Server) admit() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.running.Add(1)
	return true
}

// What one network may have open. An office, or the customers of a provider behind one address, should never get there; beyond it only agents get in, whom
// customers must not keep out.
const (
	connsOfNetwork  = 500
	agentsOfNetwork = 2000 // with all others
)

// enter counts a connection of a network in. One that is let in must be counted out.
func (s *Server) enter(network string, r *http.Request) bool {
	if s.enterBelow(network, connsOfNetwork) {
		return true
	}
	if _, err := s.Authorize(r); err == nil && s.enterBelow(network, agentsOfNetwork) {
		return true
	}
	s.mu.Lock()
	news := s.crowds.admit(1.0/60, 1)
	s.mu.Unlock()
	if news {
		s.log.Warn("signal: too many connections of one network; behind a proxy, TrustedProxies tells its clients apart", "network", network)
	}
	return false
}

func (s *Server) enterBelow(network string, limit int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.networks[network] >= limit {
		return false
	}
	s.networks[network]++
	return true
}

func (s *Server) exit(network string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.networks[network]--; s.networks[network] <= 0 {
		delete(s.networks, network)
	}
}

// add makes a connection reachable.
func (s *Server) add(c *conn) {
	s.mu.Lock()
	s.conns[c.id] = c
	s.schedule(c)
	draining := s.draining
	s.mu.Unlock()
	if draining {
		c.sayDraining(retrySpread)
		c.closeForRestart()
	}
}

func (s *Server) remove(c *conn) {
	s.mu.Lock()
	delete(s.conns, c.id)
	delete(s.slots[c.slot], c)
	s.mu.Unlock()
	s.trunks.leave(c)
}

// connection gives a connection by its id, nil when it is not there.
func (s *Server) connection(id string) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns[id]
}

func (s *Server) connections() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*conn, 0, len(s.conns))
	for _, c := range s.conns {
		list = append(list, c)
	}
	return list
}

// Clients come back after a restart spread over a time, so that they do not come all at once: so many a second, within these bounds.
const (
	returnsPerSecond = 500
	retrySpread      = 5 * time.Second
	maxRetrySpread   = time.Minute
)

// spreadOf gives the time over which n clients come back.
func spreadOf(n int) time.Duration {
	return min(max(retrySpread, time.Duration(n)*time.Second/returnsPerSecond), maxRetrySpread)
}

func (c *conn) sayDraining(spread time.Duration) {
	c.send(wire.Draining{RetryAfter: int(mathrand.N(spread).Milliseconds())})
}

func (c *conn) closeForRestart() {
	c.close(websocket.CloseServiceRestart, "the server restarts", false)
}

// Shutdown refuses new connections with 503, tells every client to come back within five seconds (of more than 2 500, 500 a second; within a minute at most), closes the connections (1012)
// and waits until all is done. Sessions are not ended: what their members show each other goes on without this server, and with
// a shared Broker they resume on another replica. When ctx ends first, Shutdown cuts everything off and returns ctx's error.
// Further calls wait like the first. Where other replicas run on, Drain before it lets clients move to them first.
func (s *Server) Shutdown(ctx context.Context) error {
	s.shutOnce.Do(func() { close(s.shut) })
	s.mu.Lock()
	s.draining = true
	for key, t := range s.timers {
		if t.Stop() {
			s.running.Done()
		}
		delete(s.timers, key)
	}
	s.mu.Unlock()
	conns := s.connections()
	spread := spreadOf(len(conns))
	for _, c := range conns {
		c.sayDraining(spread) // all before the first closes, or the others would hear of that
	}
	for _, c := range conns {
		c.closeForRestart()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.running.Wait()
		s.stop()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	s.cancel()
	for _, c := range s.connections() {
		c.out.end(ending{}, true)
		c.socket.Close()
	}
	select {
	case <-done:
	case <-time.After(hardStop): // an Authorizer or Broker that does not obey its context
	}
	return ctx.Err()
}

// EndSessions ends, with the reason shutdown, every session whose customer is connected here: for an operator who closes support or takes
// it out of the app for good, before Shutdown. Customers and agents are told at once, and none of these sessions can be resumed.
// It does not refuse new ones. The error joins those of the Broker; the sessions behind them go on.
func (s *Server) EndSessions(ctx context.Context) error {
	var errs []error
	for _, c := range s.connections() {
		place := c.seated()
		if place.record.ID == "" || c.role != wire.RoleSender {
			continue
		}
		_, err := s.change(ctx, place.session, address{}, func(r session) (session, error) { return r.ended(wire.EndShutdown) })
		if errors.Is(err, errNoSession) { // the broker has forgotten it
			c.finish(wire.EndShutdown)
		}
		errs = append(errs, ignoreLate(err))
	}
	return errors.Join(errs...)
}

// hardStop is how long Shutdown still waits for goroutines after it has cut everything off.
const hardStop = time.Second
