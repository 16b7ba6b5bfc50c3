package signal

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// seatedConn gives a connection without a network, in the place of the customer of fixture.
func seatedConn(t *testing.T, s session) *conn {
	server, err := New(Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server.replica = home.Replica
	c := &conn{id: home.Conn, server: server, out: newOutbox(), role: wire.RoleSender}
	c.send(wire.Welcome{Version: 1})
	c.sit(s.ID, "customer")
	server.conns[c.id] = c
	return c
}

// sent gives the types of what waits in the outbox.
func sent(t *testing.T, c *conn) (types []string) {
	t.Helper()
	queue, _, _ := c.out.take()
	for _, raw := range queue {
		var m struct{ Type string }
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		types = append(types, m.Type)
	}
	return types
}

func TestNothingOvertakesTheReply(t *testing.T) {
	s, _, _ := fixture()
	alone := s
	alone.Members, alone.Version = s.Members[:1], 1
	joined, left := s, alone
	joined.Version, left.Version = 2, 3
	candidate := letter{Conn: home.Conn, Session: s.ID, Message: json.RawMessage(`{"type":"candidate"}`)}
	for name, test := range map[string]struct {
		finish func(c *conn)
		want   string
	}{
		"reply":  {func(c *conn) { c.reply(wire.Resumed{}, alone) }, "resumed memberJoined candidate"},
		"refuse": {func(c *conn) { c.refuse(wire.ErrGone) }, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			c := seatedConn(t, s)
			c.learn(joined)
			c.server.deliver(candidate)
			equals(t, "before", sent(t, c), []string{"welcome"})
			test.finish(c)
			equals(t, "after", strings.Join(sent(t, c), " "), test.want)
		})
	}
	c := seatedConn(t, s)
	c.learn(joined)
	c.learn(alone) // an older record
	c.reply(wire.Resumed{}, alone)
	sent(t, c)
	equals(t, "newest", c.seated().record.Version, 2)
	c.learn(left)
	equals(t, "left", sent(t, c), []string{"memberLeft"})
	c.learn(joined)
	equals(t, "an old record tells", sent(t, c), []string(nil))
	equals(t, "newest", c.seated().record.Version, 3)
}

func TestLettersOfAnotherSessionAreDropped(t *testing.T) {
	s, _, _ := fixture()
	c := seatedConn(t, s)
	c.reply(wire.Started{}, s)
	sent(t, c)
	other := s
	other.ID, other.Version, other.Ended = "other", 9, wire.EndAgent
	c.learn(other)
	c.server.deliver(letter{Conn: home.Conn, Session: "other", Message: json.RawMessage(`{"type":"candidate"}`)})
	c.server.deliver(letter{Conn: "gone", Session: s.ID, Message: json.RawMessage(`{"type":"candidate"}`)})
	c.server.receive([]byte("no letter"))
	equals(t, "letters", sent(t, c), []string(nil))
	equals(t, "closed", c.out.ended(), false)
}

func TestTheOutboxIsBounded(t *testing.T) {
	o := newOutbox()
	for range maxQueued {
		if !o.push([]byte("x")) {
			t.Fatal("full too early")
		}
	}
	if o.push([]byte("x")) {
		t.Error("too many messages fit")
	}
	o.take()
	if !o.push(make([]byte, maxQueuedBytes)) || o.push([]byte("x")) {
		t.Error("the limit of bytes is not the limit")
	}
	o.take()
	o.hold()
	if !o.push(make([]byte, maxQueuedBytes)) || o.push([]byte("x")) {
		t.Error("the limit does not hold while held")
	}
	o.end(ending{1, "first"}, true)
	o.end(ending{2, "second"}, true)
	queue, _, end := o.take()
	equals(t, "queue", len(queue), 0)
	equals(t, "ending", end, &ending{1, "first"})
}
