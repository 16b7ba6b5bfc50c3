package signal

import (
	"encoding/json"

	"github.com/qwelp/qwelp-go/internal/metadata"
)

// letter is something for one connection: a new record of its session, or a message of another member. Only what the server itself has to
// tell may cut off a client that reads too slowly: a message that finds no room is lost.
type letter struct {
	Conn    string          `json:"conn"`
	Session string          `json:"session"`
	Record  *session        `json:"record,omitempty"`
	Message json.RawMessage `json:"message,omitempty"`
}

func inboxTopic(replica string) string { return "inbox/" + replica }

// announce sends a record to everybody who is or was in the session but one.
func (s *Server) announce(before, after session, except address) {
	record := after
	if after.Told == 0 {
		record.facts = facts{} // it has never changed, and who needs it has it
	}
	told := map[address]bool{except: true, {}: true}
	for _, list := range [][]member{before.Members, after.Members} {
		for _, m := range list {
			if !told[m.At] {
				told[m.At] = true
				s.post(m.At, letter{Session: after.ID, Record: &record})
			}
		}
	}
}

// post delivers a letter: to a connection of this replica directly, to another through the broker. A letter that cannot be delivered
// is lost, as one to a client that has just gone would be; the keeper's rounds make good for lost records.
func (s *Server) post(to address, l letter) {
	l.Conn = to.Conn
	if to.Replica == s.replica {
		s.deliver(l)
		return
	}
	msg, err := metadata.Encode(l)
	if err == nil {
		ctx, cancel := s.patience()
		defer cancel()
		err = s.store.broker.Publish(ctx, inboxTopic(to.Replica), msg)
	}
	if err != nil {
		s.log.Warn("signal: broker failed", "while", "post", "session", l.Session, "err", err)
	}
}

// receive takes a letter of another replica.
func (s *Server) receive(msg []byte) {
	defer func() { s.panicked("receive", recover()) }()
	var l letter
	if err := json.Unmarshal(msg, &l); err != nil {
		s.log.Warn("signal: foreign message in the inbox dropped", "err", err)
		return
	}
	s.deliver(l)
}

func (s *Server) deliver(l letter) {
	c := s.connection(l.Conn)
	switch {
	case c == nil, l.Record == nil && l.Message == nil: // a letter of a kind that a later version knows
	case l.Record != nil:
		c.learn(*l.Record)
	case c.seated().session == l.Session:
		if taken, _ := c.out.offerLetter(l.Message); !taken { // all of this replica's letters would wait with it
			s.counts.messagesLost.Add(1)
		}
	}
}

// lost hears that letters for this replica may be missing. The keeper's round finds what they would have told.
func (s *Server) lost() {
	s.log.Warn("signal: messages of other replicas may be lost")
	s.unsettle()
	select {
	case s.kick <- struct{}{}:
	default:
	}
}
