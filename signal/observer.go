package signal

import (
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Observer hears what happens to sessions, such as for a history: package signal/history has one.
type Observer interface {
	// Observe is called while members wait: it must return at once, never call the Server, and not change what is in the event. It must be safe
	// for concurrent use. A panic of it is logged and harms no session.
	Observe(e Event)
}

// EventKind says what has happened.
type EventKind string

// The kinds of events, with the fields that they have besides Kind, Time, Session and Started.
const (
	EventStarted EventKind = "started" // a customer has started a session: MetaData, Verified, Told (0)
	EventJoined  EventKind = "joined"  // an agent has joined: Member, Agent
	EventLeft    EventKind = "left"    // an agent is out for good while the session goes on: Member
	EventTold    EventKind = "told"    // there is other metaData: MetaData, Verified, each as it is now; Told
	EventVisited EventKind = "visited" // the customer is on another page: Path
	EventCarried EventKind = "carried" // how long the link with an agent was open since the last such event: Member, Relay, Channel
	EventAlive   EventKind = "alive"   // the customer's browser is connected; every 30 s or more often
	EventEnded   EventKind = "ended"   // it is over: Reason
)

// EndSignedOut is the reason of an EventEnded, beside those of package wire: Config.Agents no longer took the last agent for one. Browsers are told
// wire.EndAgent.
const EndSignedOut wire.EndReason = "signed-out"

// Event is one thing that has happened to a session. One replica tells of it, once. What happens on several replicas may be told in another order.
type Event struct {
	Kind    EventKind
	Time    time.Time
	Session string
	Started time.Time // when the session did

	Member   string         // id of an agent in this session
	Agent    Agent          // its Name is the one that the customer sees
	MetaData map[string]any // as the page says
	Verified map[string]any // as the app's server has signed it
	Told     int            // how often metaData has changed since the start, whatever clocks say: the larger is the newer
	Path     string         // without query, hash and what looks like an id: "/orders/:id"
	Relay    time.Duration  // over this server
	Channel  time.Duration  // over a data channel
	Reason   wire.EndReason
}

func eventOf(kind EventKind, s session) Event {
	return Event{Kind: kind, Time: time.Now(), Session: s.ID, Started: s.Created}
}

// observe tells the observer.
func (s *Server) observe(e Event) {
	if s.observer == nil {
		return
	}
	defer func() { s.panicked("observer", recover()) }()
	s.observer.Observe(e)
}

// observeChange tells of what a change of the record means.
func (s *Server) observeChange(before, after session) {
	if s.observer == nil {
		return
	}
	for _, m := range before.Members {
		if _, ok := after.member(m.ID); !ok && m.Role == wire.RoleAgent {
			e := eventOf(EventLeft, after)
			e.Member = m.ID
			s.observe(e)
		}
	}
	if after.Ended != "" && before.Ended == "" {
		e := eventOf(EventEnded, after)
		e.Reason = after.Ended
		s.observe(e)
	}
}

// ride is what a link of the sender's goes over, and for how long it did that has not been told yet.
type ride struct {
	path           wire.Path
	since          time.Time
	relay, channel time.Duration
}

// onto gives the ride as it goes on over another path, or the same.
func (r ride) onto(path wire.Path, now time.Time) ride {
	switch passed := now.Sub(r.since); r.path {
	case wire.PathRelay:
		r.relay += passed
	case wire.PathChannel:
		r.channel += passed
	}
	r.path, r.since = path, now
	return r
}

// tellRides tells how long the links of a seat were open, of those that keep leaves, which are over; nil: of all. It needs mu, unless nobody else has the seat.
func (c *conn) tellRides(place seat, keep func(member string) bool) {
	for member, r := range place.rides {
		if keep != nil && keep(member) {
			continue
		}
		r = r.onto(r.path, time.Now())
		if r.relay+r.channel > 0 {
			e := eventOf(EventCarried, place.record)
			e.Member, e.Relay, e.Channel = member, r.relay, r.channel
			c.server.observe(e)
		}
		if r.relay, r.channel = 0, 0; keep != nil {
			delete(place.rides, member)
		} else {
			place.rides[member] = r
		}
	}
}

// alive tells that the sender of a session is connected.
func (c *conn) alive() {
	if c.role != wire.RoleSender || c.server.observer == nil {
		return
	}
	c.mu.Lock()
	place := c.seat
	c.tellRides(place, nil)
	c.mu.Unlock()
	if place.record.ID != "" {
		c.server.observe(eventOf(EventAlive, place.record))
	}
}

// visit hears which page the sender is on.
func (c *conn) visit(m wire.Visit) {
	if c.server.observer == nil || !c.visits.admit(visitsPerSecond, visitBurst) {
		return
	}
	e := eventOf(EventVisited, c.seated().record)
	e.Path = redactPath(m.Path)
	if e.Session != "" && e.Path != c.visited {
		c.visited = e.Path
		c.server.observe(e)
	}
}
