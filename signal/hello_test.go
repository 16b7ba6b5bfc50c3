package signal

import (
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAClientMayAskWhetherTheServerIsThere(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		c := w.dial(dialing{})
		c.send(wire.Hello{Versions: []int{1}, Role: wire.RoleSender})
		c.send(wire.Ping{})
		expect[wire.Welcome](c)
		expect[wire.Pong](c)
		c = w.dial(dialing{})
		c.send(wire.Ping{})
		expectClose(c, wire.CloseBadMessage)
	})
}

func TestAClientMaySayWhatItWantsRightAfterHello(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		greet := func(d dialing, role wire.Role, m wire.Message) *client {
			c := w.dial(d)
			c.send(wire.Hello{Versions: []int{1}, Role: role})
			c.send(m)
			return c
		}
		sender := greet(dialing{}, wire.RoleSender, wire.Start{})
		expect[wire.Welcome](sender)
		started := expect[wire.Started](sender)
		agent := greet(dialing{agent: "ann"}, wire.RoleAgent, wire.Join{Code: started.Code})
		expect[wire.Welcome](agent)
		joined := expect[wire.Joined](agent)
		expect[wire.MemberJoined](sender)
		page := greet(dialing{}, wire.RoleSender, wire.Resume{Token: started.Token})
		expect[wire.Welcome](page)
		equals(t, "others", expect[wire.Resumed](page).Members[0].ID, joined.Member)
		refused := w.dial(dialing{})
		refused.send(wire.Hello{Versions: []int{1}, Role: wire.RoleAgent})
		refused.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"join","code":"`+started.Code+`"}`)) // it may be closed by then
		expectClose(refused, wire.CloseAuth)
	})
}

func TestAClientMaySayWhatItWantsInOnePiece(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		c := w.dial(dialing{})
		hello, _ := wire.Encode(wire.Hello{Versions: []int{1}, Role: wire.RoleSender})
		start, _ := wire.Encode(wire.Start{})
		if _, err := c.ws.NetConn().Write(append(frame(0x81, string(hello)), frame(0x81, string(start))...)); err != nil {
			t.Fatal(err)
		}
		expect[wire.Welcome](c)
		expect[wire.Started](c)
	})
}
