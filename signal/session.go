package signal

import (
	"errors"
	"slices"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// session is the record that replicas share about one session: a value that only the functions of this file change. Each gives
// the next value; whoever calls them puts it into the broker by compare-and-set and sends it to the members when that succeeded.
// What a member's client is told is the difference to what it knew (difference.go).
type session struct {
	Schema  int    `json:"schema,omitempty"` // recordSchema
	ID      string `json:"id"`
	Version int    `json:"version"` // grows by one with every change
	Code    string `json:"code"`    // hidden support code
	Taken   bool   `json:"taken,omitempty"`
	facts
	Told    int            `json:"told,omitempty"` // how often facts have changed since the start
	Created time.Time      `json:"created"`
	Ended   wire.EndReason `json:"ended,omitempty"`
	Parted  wire.EndReason `json:"parted,omitempty"` // why the last agent is out
	Members []member       `json:"members"`
	unknown
}

// member is one participant in the record.
type member struct {
	ID     string    `json:"id"`
	Role   wire.Role `json:"role"`
	Name   string    `json:"name,omitempty"`
	Agent  string    `json:"agent,omitempty"` // Agent.ID
	Key    string    `json:"key,omitempty"`   // wire.Member.Key
	At     address   `json:"at,omitzero"`     // zero while away
	Epoch  int       `json:"epoch"`
	Token  string    `json:"token"`            // hash of the resume token
	Sealed []byte    `json:"sealed,omitempty"` // the support code, for the sender's next page

	// The token before, until the member has shown that the one after reached it: a page may be gone before its answer comes.
	Last       string `json:"last,omitempty"`
	LastSealed []byte `json:"lastSealed,omitempty"`

	unknown
}

// address is where a member's connection is.
type address struct {
	Replica string `json:"replica"`
	Conn    string `json:"conn"`
}

// What a transition may refuse.
var (
	errNoSession = errors.New("signal: no such session")
	errTaken     = errors.New("signal: the support code is used")
	errGone      = errors.New("signal: the resume token is used or unknown")
	errEnded     = errors.New("signal: the session has ended")
	errUnchanged = errors.New("signal: nothing to change")
)

// startSession gives the record of a new session with its sender.
func startSession(id, code string, known facts, now time.Time, sender member) session {
	return session{ID: id, Code: code, facts: known, Created: now.UTC(), Members: []member{sender}}
}

// joined adds the agent that takes the support code.
func (s session) joined(m member) (session, error) {
	if s.Ended != "" || s.Taken {
		return s, errTaken
	}
	s.Taken = true
	s.Members = append(slices.Clone(s.Members), m)
	return s, nil
}

// resumed moves the member who holds token to a new connection, with the next token and the key of its page. A foreign role or
// agent gets what an unknown token gets.
func (s session) resumed(token, next resumeToken, role wire.Role, agent, key string, at address) (session, error) {
	i := s.index(token.member)
	if i < 0 || s.Members[i].Role != role || s.Members[i].Agent != agent {
		return s, errGone
	}
	m := s.Members[i]
	switch {
	case token.matches(m.Token):
		m.Last, m.LastSealed = m.Token, m.Sealed
	case m.Last == "" || !token.matches(m.Last):
		return s, errGone
	}
	if s.Ended != "" {
		return s, errEnded
	}
	m.At, m.Key, m.Token, m.Epoch = at, key, next.hash(), m.Epoch+1
	if m.LastSealed != nil {
		code, err := token.open(m.LastSealed)
		if err != nil {
			return s, errGone
		}
		m.Sealed = next.seal(code)
	}
	s.Members = slices.Clone(s.Members)
	s.Members[i] = m
	return s, nil
}

// confirmed ends the life of a member's token before, once the one after is known to have reached the connection at the address.
func (s session) confirmed(id string, at address) (session, error) {
	i := s.index(id)
	if i < 0 || s.Members[i].At != at || s.Members[i].Last == "" {
		return s, errUnchanged
	}
	s.Members = slices.Clone(s.Members)
	s.Members[i].Last, s.Members[i].LastSealed = "", nil
	return s, nil
}

// away notes that the connection at the address is gone. It changes nothing when the member is somewhere else by now.
func (s session) away(id string, at address) (session, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" || s.Members[i].At != at || at == (address{}) {
		return s, errUnchanged
	}
	s.Members = slices.Clone(s.Members)
	s.Members[i].At = address{}
	return s, nil
}

// told changes what is known of the customer.
func (s session) told(news facts) (session, error) {
	next := s.facts.with(news)
	if s.Ended != "" || next.equal(s.facts) {
		return s, errUnchanged
	}
	s.facts, s.Told = next, s.Told+1
	return s, nil
}

// expired takes out a member who has been away since that epoch. Without its sender the session ends.
func (s session) expired(id string, epoch int) (session, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" || s.Members[i].At != (address{}) || s.Members[i].Epoch != epoch {
		return s, errUnchanged
	}
	if s.Members[i].Role == wire.RoleSender {
		return s.ended(wire.EndTimeout)
	}
	return s.parted(id, wire.EndTimeout)
}

// codeExpired ends a session whose support code nobody took.
func (s session) codeExpired() (session, error) {
	if s.Taken {
		return s, errUnchanged
	}
	return s.ended(wire.EndTimeout)
}

// left takes out an agent who goes.
func (s session) left(id string) (session, error) { return s.parted(id, wire.EndAgent) }

// declined takes out an agent whom the customer does not let see the page.
func (s session) declined(id string) (session, error) {
	if i := s.index(id); i < 0 || s.Members[i].Role != wire.RoleAgent {
		return s, errUnchanged
	}
	return s.parted(id, wire.EndDeclined)
}

// unreturned takes out a member who has not been back since that epoch.
func (s session) unreturned(id string, epoch int, reason wire.EndReason) (session, error) {
	if m, _ := s.member(id); m.Epoch != epoch {
		return s, errUnchanged
	}
	return s.parted(id, reason)
}

// parted takes out a member for a reason, which is that of the end if nobody is left.
func (s session) parted(id string, reason wire.EndReason) (session, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" {
		return s, errUnchanged
	}
	s.Members = slices.Delete(slices.Clone(s.Members), i, i+1)
	s.Parted = reason
	return s, nil
}

// endedBy ends the session because a member of that role says so; passed is whose end it passes on, if not its own. A sender ends by itself when its last
// agent is out: then the reason is that.
func (s session) endedBy(role wire.Role, passed wire.EndReason) (session, error) {
	isAgent := func(m member) bool { return m.Role == wire.RoleAgent }
	switch {
	case role == wire.RoleAgent:
		return s.ended(wire.EndAgent)
	case s.Parted != "" && !slices.ContainsFunc(s.Members, isAgent):
		return s.ended(s.Parted)
	case passed == wire.EndAgent && slices.ContainsFunc(s.Members, isAgent):
		return s.ended(wire.EndAgent)
	case passed == wire.EndDeclined:
		return s.ended(wire.EndDeclined)
	}
	return s.ended(wire.EndCustomer)
}

// ended ends the session for all. The members stay in the record, so that their tokens tell them that it has ended.
func (s session) ended(reason wire.EndReason) (session, error) {
	if s.Ended != "" {
		return s, errUnchanged
	}
	s.Ended = reason
	s.facts = facts{}
	s.Members = slices.Clone(s.Members)
	for i := range s.Members {
		s.Members[i].At = address{}
	}
	return s, nil
}

func (s session) index(id string) int {
	return slices.IndexFunc(s.Members, func(m member) bool { return m.ID == id })
}

func (s session) member(id string) (member, bool) {
	if i := s.index(id); i >= 0 {
		return s.Members[i], true
	}
	return member{}, false
}

// others gives what a member, who is told by v's replica, hears of the rest.
func (s session) others(id string, v view) []wire.Member {
	others := []wire.Member{}
	for _, m := range s.Members {
		if m.ID != id {
			others = append(others, v.of(s, m))
		}
	}
	return others
}

// view is how a replica shows members to one who is connected to it.
type view struct {
	replica      string
	relay        wire.Relay // what it relays; empty: nothing
	resumeWindow time.Duration
	me           string
	reaches      func(session string, me, other member) bool // whom other replicas relay to; nil: nobody
}

func (v view) of(s session, m member) wire.Member {
	public := wire.Member{ID: m.ID, Role: m.Role, Name: m.Name, Away: m.At == (address{}), Key: m.Key}
	me, _ := s.member(v.me)
	if m.At.Replica == v.replica || !public.Away && v.reaches != nil && v.reaches(s.ID, me, m) {
		public.Relay = v.relay
	}
	return public
}
