package signal

import (
	"context"
	"encoding/json"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// envelope is a letter on its way to another replica.
type envelope struct {
	Conn    string          `json:"conn"`
	Session string          `json:"session"`
	Message json.RawMessage `json:"message,omitempty"`
	Close   int             `json:"close,omitempty"`
	Record  *session        `json:"record,omitempty"`
}

func inboxTopic(replica string) string { return "inbox/" + replica }

// post delivers letters: to connections of this replica directly, to others through the broker. A letter that cannot be delivered
// is lost, as one to a client that has just gone would be.
func (s *Server) post(ctx context.Context, letters []letter) {
	for _, l := range letters {
		if l.to.Replica == s.replica {
			s.deliver(l.to.Conn, l)
			continue
		}
		msg, err := l.envelope()
		if err == nil {
			err = s.store.broker.Publish(ctx, inboxTopic(l.to.Replica), msg)
		}
		if err != nil {
			s.log.Warn("signal: broker failed", "while", "post", "session", l.session, "err", err)
		}
	}
}

func (l letter) envelope() ([]byte, error) {
	e := envelope{Conn: l.to.Conn, Session: l.session, Message: l.body, Close: l.close}
	if l.message != nil && l.body == nil {
		body, err := wire.Encode(l.message)
		if err != nil {
			return nil, err
		}
		e.Message = body
	}
	if l.record != nil {
		record := *l.record
		record.MetaData = nil // it never changes, and who needs it has it
		e.Record = &record
	}
	return json.Marshal(e)
}

// receive takes an envelope from another replica.
func (s *Server) receive(msg []byte) {
	defer func() {
		if p := recover(); p != nil {
			s.logPanic("receive", p)
		}
	}()
	var e envelope
	if err := json.Unmarshal(msg, &e); err != nil {
		s.log.Warn("signal: foreign message in the inbox dropped", "err", err)
		return
	}
	l := letter{session: e.Session, close: e.Close, record: e.Record}
	if e.Message != nil {
		m, err := wire.Decode(e.Message)
		if err != nil {
			s.log.Warn("signal: foreign message in the inbox dropped", "err", err)
			return
		}
		l.message, l.body = m, e.Message
	}
	s.deliver(e.Conn, l)
}

func (s *Server) deliver(id string, l letter) {
	s.mu.Lock()
	c := s.conns[id]
	s.mu.Unlock()
	if c != nil {
		c.receive(l)
	}
}

// lost hears that messages for this replica may be missing. The keeper's round finds what they would have told.
func (s *Server) lost() {
	s.log.Warn("signal: messages of other replicas may be lost")
	select {
	case s.kick <- struct{}{}:
	default:
	}
}
