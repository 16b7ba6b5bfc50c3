package agent_test

import (
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAServerThatForgotTheSessionIsJoinedAgainByTheNewCode(t *testing.T) {
	t.Parallel()
	a, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	a.stop()
	c.show(wire.SetText{Node: 4, Data: "second"})
	wait(t, s, "a change while there is no server", shows("second"))
	a.server.Store(a.newServer(nil))
	c.connect()
	code := receive(t, c.code)
	c.tell(wire.Rejoin{Code: code})
	server[wire.MemberJoined](t, c)
	receive(t, c.opened)
	c.showText("https://shop.example/", "third")
	wait(t, s, "the page over the new link", shows("third"))
	c.send(wire.End{})
	over(t, s, agent.ErrEnded)
}

func TestAServerThatKeptTheSessionIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	broker := signal.NewMemoryBroker()
	a := newApp(t)
	a.stop()
	a.server.Store(a.newServer(broker))
	c := newCustomer(t, a.url)
	c.connect()
	s := join(t, a, receive(t, c.code))
	receive(t, c.opened)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	a.stop()
	a.server.Store(a.newServer(broker))
	c.connect()
	if m := server[wire.Resumed](t, c); len(m.Members) != 1 {
		t.Fatalf("got members %v", m.Members)
	}
	c.show(wire.SetText{Node: 4, Data: "second"})
	wait(t, s, "a change over the link that stayed", shows("second"))
	c.send(wire.End{})
	over(t, s, agent.ErrEnded)
}

func TestAServerThatForgotTheSessionEndsItWhenThereIsNoLink(t *testing.T) {
	t.Parallel()
	a, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	a.stop()
	c.cut()
	wait(t, s, "the link is closed", func(p *agent.Page) bool { return p.Loading })
	a.server.Store(a.newServer(nil))
	over(t, s, agent.ErrLost)
	if got := s.Page().Text(); got != "first" {
		t.Errorf("the last picture: %q", got)
	}
}
