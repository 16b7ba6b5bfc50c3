package signal

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestStatsCountWhatHappens(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathRelay})
		sender.send(wire.Carried{Member: "nobody", Path: wire.PathRelay})
		expectError(sender, wire.ErrNoMember)
		sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "x"})
		expect[wire.Candidate](agent)
		sender.pass(joined.Member, "link", "box")
		expectPacket(agent)
		eve := w.agent("eve")
		for range missesOfAgent.limit {
			eve.send(wire.Join{Code: "1"})
			expectError(eve, wire.ErrUnknownCode)
		}
		eve.send(wire.Join{Code: "1"})
		expectError(eve, wire.ErrSlowDown)
		synctest.Wait() // a packet is counted once it has been passed on
		equals(t, "stats", w.Stats(), Stats{
			Connections: 3, Sessions: 1, RelayLinks: 1, Starts: 1, Joins: 1, JoinMisses: 10, RefusedGuesses: 1, Messages: 1,
			Packets: 1, PacketBytes: uint64(2 + len(started.Member) + len("link") + len("box")),
		})
		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathChannel})
		synctest.Wait()
		equals(t, "links", fmt.Sprint(w.Stats().RelayLinks, w.Stats().ChannelLinks), "0 1")
		agent.send(wire.Carried{Member: started.Member, Path: wire.PathRelay})
		expectClose(agent, wire.CloseBadMessage)
		expect[wire.MemberAway](sender)
		sender.ws.Close()
		time.Sleep(2 * lingerTimeout)
		stats := w.Stats()
		equals(t, "now", fmt.Sprint(stats.Connections, stats.Sessions, stats.ChannelLinks), "1 0 0")
		w.customer().resume(started.Token)
		c := w.customer()
		c.send(wire.Resume{Token: "none"})
		expectError(c, wire.ErrGone)
		stats = w.Stats()
		equals(t, "resumes", fmt.Sprint(stats.Resumes, stats.ResumeMisses), "1 1")
	})
}
