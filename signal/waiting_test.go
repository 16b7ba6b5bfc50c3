package signal

import (
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// A customer who leaves the browser to call the agent has no connection meanwhile.
func TestASessionThatWaitsLivesAsLongAsItsCode(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender := w.customer()
		started := sender.start()
		sender.ws.Close()
		time.Sleep(9 * time.Minute)
		back := w.customer()
		token := back.resume(started.Token).Token
		back.ws.Close()
		time.Sleep(59 * time.Second)
		agent := w.agent("ann")
		agent.join(started.Code)
		// From now on it is a session whose customer is away.
		time.Sleep(119 * time.Second)
		back = w.customer()
		back.resume(token)
		expect[wire.MemberBack](agent)
		back.ws.Close()
		expect[wire.MemberAway](agent)
		time.Sleep(2*time.Minute + time.Second)
		equals(t, "reason", expect[wire.Ended](agent).Reason, wire.EndTimeout)
	})
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender := w.customer()
		started := sender.start()
		sender.ws.Close()
		time.Sleep(10*time.Minute + time.Second)
		agent := w.agent("ann")
		agent.send(wire.Join{Code: started.Code})
		expectError(agent, wire.ErrUnknownCode)
	})
}

func TestADeclinedAgentIsOut(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		sender.send(wire.Decline{Member: started.Member}) // itself, and nobody: nothing happens
		sender.send(wire.Decline{Member: "nobody"})
		sender.send(wire.Decline{Member: joined.Member})
		equals(t, "reason", expect[wire.Ended](agent).Reason, wire.EndDeclined)
		expectClose(agent, wire.CloseEnded)
		equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
		back := w.agent("ann")
		back.send(wire.Resume{Token: joined.Token})
		expectError(back, wire.ErrGone)
		expectQuiet(sender) // the session goes on
	})
}
