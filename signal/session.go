package signal

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// session is the record that replicas share about one session: a value that only the functions of this file change. Each gives
// the next value and the letters that tell the members of it; whoever calls them puts the value into the broker by
// compare-and-set and posts the letters when that succeeded.
type session struct {
	ID       string          `json:"id"`
	Version  int             `json:"version"` // grows by one with every change
	Code     string          `json:"code"`    // hidden support code
	Taken    bool            `json:"taken,omitempty"`
	MetaData json.RawMessage `json:"metaData,omitempty"`
	Created  time.Time       `json:"created"`
	Ended    wire.EndReason  `json:"ended,omitempty"`
	Members  []member        `json:"members"`
}

// member is one participant in the record.
type member struct {
	ID     string    `json:"id"`
	Role   wire.Role `json:"role"`
	Name   string    `json:"name,omitempty"`
	Agent  string    `json:"agent,omitempty"` // Agent.ID
	At     address   `json:"at,omitzero"`     // zero while away
	Epoch  int       `json:"epoch"`
	Token  string    `json:"token"`            // hash of the resume token
	Sealed []byte    `json:"sealed,omitempty"` // the support code, for the sender's next page
}

// address is where a member's connection is.
type address struct {
	Replica string `json:"replica"`
	Conn    string `json:"conn"`
}

// letter is something for one connection.
type letter struct {
	to      address
	session string
	message wire.Message // nil: nothing to send
	body    []byte       // message encoded, if it is already
	close   int          // after the message, close the connection with this code; 0: leave it open
	record  *session     // the record after the change; nil: it did not change
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
func startSession(id, code string, metaData json.RawMessage, now time.Time, sender member) session {
	return session{ID: id, Code: code, MetaData: metaData, Created: now.UTC(), Members: []member{sender}}
}

// joined adds the agent that takes the support code.
func (s session) joined(m member) (session, []letter, error) {
	switch {
	case s.Ended != "" || s.Taken:
		return s, nil, errTaken
	}
	s.Taken = true
	s.Members = append(slices.Clone(s.Members), m)
	return s, s.tell(m.ID, wire.MemberJoined{Member: m.public()}), nil
}

// resumed moves the member who holds token to a new connection, with the next token. A foreign role or agent gets what an
// unknown token gets.
func (s session) resumed(token, next resumeToken, role wire.Role, agent string, at address) (session, []letter, error) {
	i := s.index(token.member)
	if i < 0 || !token.matches(s.Members[i].Token) || s.Members[i].Role != role || s.Members[i].Agent != agent {
		return s, nil, errGone
	}
	if s.Ended != "" {
		return s, nil, errEnded
	}
	before := s.Members[i]
	m := before
	m.At, m.Token, m.Epoch = at, next.hash(), m.Epoch+1
	if m.Sealed != nil {
		code, err := token.open(m.Sealed)
		if err != nil {
			return s, nil, errGone
		}
		m.Sealed = next.seal(code)
	}
	s.Members = slices.Clone(s.Members)
	s.Members[i] = m
	var letters []letter
	if before.At != (address{}) {
		letters = append(letters, letter{to: before.At, session: s.ID, close: wire.CloseReplaced})
	}
	return s, append(letters, s.tell(m.ID, wire.MemberBack{Member: m.public(), Epoch: m.Epoch})...), nil
}

// away notes that the connection at the address is gone. It changes nothing when the member is somewhere else by now.
func (s session) away(id string, at address) (session, []letter, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" || s.Members[i].At != at || at == (address{}) {
		return s, nil, errUnchanged
	}
	s.Members = slices.Clone(s.Members)
	s.Members[i].At = address{}
	return s, s.tell(id, wire.MemberAway{Member: id}), nil
}

// expired takes out a member who has been away since that epoch. Without its sender the session ends.
func (s session) expired(id string, epoch int) (session, []letter, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" || s.Members[i].At != (address{}) || s.Members[i].Epoch != epoch {
		return s, nil, errUnchanged
	}
	if s.Members[i].Role == wire.RoleSender {
		return s.ended(wire.EndTimeout)
	}
	return s.left(id)
}

// codeExpired ends a session whose support code nobody took.
func (s session) codeExpired() (session, []letter, error) {
	if s.Taken {
		return s, nil, errUnchanged
	}
	return s.ended(wire.EndTimeout)
}

// left takes a member out for good.
func (s session) left(id string) (session, []letter, error) {
	i := s.index(id)
	if i < 0 || s.Ended != "" {
		return s, nil, errUnchanged
	}
	s.Members = slices.Delete(slices.Clone(s.Members), i, i+1)
	return s, s.tell(id, wire.MemberLeft{Member: id}), nil
}

// ended ends the session for all. The members stay in the record, so that their tokens tell them that it has ended.
func (s session) ended(reason wire.EndReason) (session, []letter, error) {
	if s.Ended != "" {
		return s, nil, errUnchanged
	}
	s.Ended = reason
	s.MetaData = nil
	letters := s.tell("", wire.Ended{Reason: reason})
	s.Members = slices.Clone(s.Members)
	for i := range letters {
		letters[i].close = wire.CloseEnded
	}
	for i := range s.Members {
		s.Members[i].At = address{}
	}
	return s, letters, nil
}

// tell writes to everybody who is connected but one.
func (s session) tell(except string, m wire.Message) []letter {
	var letters []letter
	for _, to := range s.Members {
		if to.ID != except && to.At != (address{}) {
			letters = append(letters, letter{to: to.At, session: s.ID, message: m})
		}
	}
	return letters
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

// others gives what a member is told of the rest.
func (s session) others(id string) []wire.Member {
	others := []wire.Member{}
	for _, m := range s.Members {
		if m.ID != id {
			others = append(others, m.public())
		}
	}
	return others
}

func (m member) public() wire.Member {
	return wire.Member{ID: m.ID, Role: m.Role, Name: m.Name, Away: m.At == (address{})}
}
