package signal

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// client is one end of the protocol. What it receives is read at once, so that it is never slow by itself.
type client struct {
	t      *testing.T
	ws     *websocket.Conn
	inbox  chan wire.Message
	relay  chan relayed // as the server sent them
	closed error        // how reading ended; valid once inbox is closed
}

// relayed is a binary message.
type relayed struct{ member, link, box string }

type dialing struct {
	agent  string // X-Agent; "" is a customer
	from   string
	header http.Header
	ping   func(string) error // how it answers pings; nil: as it should
}

func (w *world) connect(d dialing) (*client, *http.Response, error) {
	from := d.from
	if from == "" {
		from = "192.0.2.1:1234"
	}
	dialer := websocket.Dialer{
		NetDialContext: func(context.Context, string, string) (net.Conn, error) { return w.listen.dial(from) },
		Subprotocols:   []string{wire.Subprotocol},
	}
	header := http.Header{"Origin": {"http://shop.example"}}
	if d.agent != "" {
		header.Set("X-Agent", d.agent)
	}
	maps.Copy(header, d.header)
	ws, resp, err := dialer.Dial("ws://shop.example/", header)
	if err != nil {
		return nil, resp, err
	}
	if d.ping == nil {
		d.ping = func(data string) error {
			// A server that is about to close reads no answer. Over TCP that ends no reading; in a pipe, which holds nothing, it would.
			_ = ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
			return nil
		}
	}
	ws.SetPingHandler(d.ping)
	c := &client{t: w.t, ws: ws, inbox: make(chan wire.Message, 10_000), relay: make(chan relayed, 10_000)}
	go c.read()
	w.t.Cleanup(func() { ws.Close() })
	return c, resp, nil
}

func (c *client) read() {
	defer close(c.inbox)
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			c.closed = err
			return
		}
		if kind == websocket.BinaryMessage {
			member, link, box, err := wire.ReadRelayed(data)
			if err != nil {
				c.t.Errorf("the server sends %d bytes: %v", len(data), err)
			}
			c.relay <- relayed{member, link, string(box)}
			continue
		}
		m, err := wire.Decode(data)
		if err != nil {
			c.t.Errorf("the server sends %s: %v", data, err)
			continue
		}
		if _, ok := m.(wire.Ping); !ok {
			c.inbox <- m
		}
	}
}

// dial connects and says nothing yet.
func (w *world) dial(d dialing) *client {
	w.t.Helper()
	c, _, err := w.connect(d)
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	return c
}

// customer connects and greets.
func (w *world) customer() *client { w.t.Helper(); return w.customerFrom(dialing{}) }

func (w *world) customerFrom(d dialing) *client {
	w.t.Helper()
	c := w.dial(d)
	c.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleSender})
	expect[wire.Welcome](c)
	return c
}

// agent connects and greets.
func (w *world) agent(id string) *client { w.t.Helper(); return w.agentFrom(dialing{agent: id}) }

func (w *world) agentFrom(d dialing) *client {
	w.t.Helper()
	c := w.dial(d)
	c.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
	expect[wire.Welcome](c)
	return c
}

// pair gives a customer and an agent in one session.
func (w *world) pair() (sender, agent *client, started wire.Started, joined wire.Joined) {
	w.t.Helper()
	sender, agent = w.customer(), w.agent("ann")
	started = sender.start()
	joined = agent.join(started.Code)
	expect[wire.MemberJoined](sender)
	return sender, agent, started, joined
}

func (c *client) start() wire.Started {
	c.t.Helper()
	c.send(wire.Start{})
	return expect[wire.Started](c)
}

func (c *client) join(code string) wire.Joined {
	c.t.Helper()
	c.send(wire.Join{Code: code, Name: "Ann"})
	return expect[wire.Joined](c)
}

func (c *client) resume(token string) wire.Resumed {
	c.t.Helper()
	c.send(wire.Resume{Token: token})
	return expect[wire.Resumed](c)
}

func (c *client) send(m wire.Message) {
	c.t.Helper()
	data, err := wire.Encode(m)
	if err == nil {
		err = c.ws.WriteMessage(websocket.TextMessage, data)
	}
	if err != nil {
		c.t.Errorf("send %T: %v", m, err)
	}
}

// pass sends a packet, and gives the error of the connection.
func (c *client) pass(member, link, box string) error {
	return c.ws.WriteMessage(websocket.BinaryMessage, wire.AppendRelayed(nil, member, link, []byte(box)))
}

// expectPacket gives the next packet.
func expectPacket(c *client) relayed {
	c.t.Helper()
	select {
	case r := <-c.relay:
		return r
	case <-time.After(10 * time.Minute): // fake, in a world
		c.t.Fatal("no packet came")
	}
	return relayed{}
}

// expect gives the next message, which must be an M.
func expect[M wire.Message](c *client) M {
	c.t.Helper()
	var want M
	select {
	case m, open := <-c.inbox:
		if !open {
			c.t.Fatalf("connection closed (%v), want %T", c.closed, want)
		}
		got, ok := m.(M)
		if !ok {
			c.t.Fatalf("got %T %+v, want %T", m, m, want)
		}
		return got
	case <-time.After(10 * time.Minute): // fake, in a world
		c.t.Fatalf("got nothing, want %T", want)
	}
	return want
}

// expectError gives the next message, which must be that error.
func expectError(c *client, code wire.ErrorCode) wire.Error {
	c.t.Helper()
	e := expect[wire.Error](c)
	if e.Code != code {
		c.t.Fatalf("got error %q, want %q", e.Code, code)
	}
	return e
}

// expectClose waits until the server closes, and checks the code.
func expectClose(c *client, code int) {
	c.t.Helper()
	for {
		select {
		case m, open := <-c.inbox:
			if open {
				c.t.Logf("before the close: %T", m)
				continue
			}
		case <-time.After(time.Hour):
			c.t.Fatalf("still open, want close %d", code)
		}
		break
	}
	var e *websocket.CloseError
	if !errors.As(c.closed, &e) || e.Code != code {
		c.t.Fatalf("closed with %v, want %d", c.closed, code)
	}
}

// expectQuiet checks that nothing has come.
func expectQuiet(c *client) {
	c.t.Helper()
	synctest.Wait()
	select {
	case m, open := <-c.inbox:
		if !open {
			c.t.Fatalf("closed: %v", c.closed)
		}
		c.t.Fatalf("got %T %+v, want nothing", m, m)
	case r := <-c.relay:
		c.t.Fatalf("got a packet %+v, want nothing", r)
	default:
	}
}
