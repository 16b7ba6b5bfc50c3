package signal

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestPacketsGoFromEndToEnd(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		for _, size := range []int{1, 300, wire.MaxRelayBytes, maxRelayedBox} {
			box := strings.Repeat("\xff", size)
			sender.pass(joined.Member, "link", box)
			equals(t, "to the agent", expectPacket(agent), relayed{started.Member, "link", box})
			agent.pass(started.Member, "link", box)
			equals(t, "to the customer", expectPacket(sender), relayed{joined.Member, "link", box})
		}
		synctest.Wait() // a packet is counted once it has been passed on
		stats := w.Stats()
		equals(t, "packets, lost", fmt.Sprint(stats.Packets, stats.PacketsLost), "8 0")
	})
}

func TestAPacketConfirmsAResumeAsAnyMessageDoes(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		_, agent, started, joined := w.pair()
		page := w.customer()
		page.resume(started.Token)
		expect[wire.MemberBack](agent)
		page.pass(joined.Member, "link", "x")
		expectPacket(agent)
		late := w.customer()
		late.send(wire.Resume{Token: started.Token})
		expectError(late, wire.ErrGone)
	})
}

func TestPacketsThatHaveNoAddresseeAreLost(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent, started, joined := one.pair()
		stranger, _, other, _ := one.pair()
		lost := func(what string, c *client, member string) {
			t.Helper()
			before := one.Stats().PacketsLost
			if err := c.pass(member, "link", "x"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			equals(t, what, one.Stats().PacketsLost, before+1)
			expectQuiet(c)
		}
		lost("a foreign session", sender, other.Member)
		lost("an unknown member", sender, "nobody")
		lost("a member without a name", sender, "")
		lost("itself", sender, started.Member)
		expectQuiet(stranger)
		expectQuiet(agent)

		agent.ws.Close()
		expect[wire.MemberAway](sender)
		lost("who is away", sender, joined.Member)
		moved := two.agent("ann")
		resumed := moved.resume(joined.Token)
		equals(t, "relay, told on another replica", resumed.Members[0].Relay, wire.Relay(""))
		equals(t, "relay of who is on another replica", expect[wire.MemberBack](sender).Member.Relay, wire.Relay(""))
		lost("who is on another replica", sender, joined.Member)
		expectQuiet(moved)

		back := one.agent("ann")
		equals(t, "relay", back.resume(resumed.Token).Members[0].Relay, wire.RelayAll)
		expectClose(moved, wire.CloseReplaced)
		equals(t, "relay", expect[wire.MemberBack](sender).Member.Relay, wire.RelayAll)
		sender.pass(joined.Member, "link", "y")
		equals(t, "box", expectPacket(back).box, "y")
		back.send(wire.Leave{})
		expect[wire.MemberLeft](sender)
		lost("who has left", sender, joined.Member)
		back.pass(started.Member, "link", "x")
		expectClose(back, wire.CloseBadMessage)
	})
}

func TestPacketsThatAreNotAllowedCloseTheConnection(t *testing.T) {
	long := strings.Repeat("x", maxLinkName+1)
	for name, test := range map[string]struct {
		relay RelayPolicy
		data  func(to string) []byte
	}{
		"garbage":           {RelayAll, func(string) []byte { return []byte("\xff\xff\xff") }},
		"nothing":           {RelayAll, func(string) []byte { return nil }},
		"no link":           {RelayAll, func(to string) []byte { return wire.AppendRelayed(nil, to, "", []byte("x")) }},
		"no box":            {RelayAll, func(to string) []byte { return wire.AppendRelayed(nil, to, "link", nil) }},
		"a long link":       {RelayAll, func(to string) []byte { return wire.AppendRelayed(nil, to, long, []byte("x")) }},
		"a large box":       {RelayAll, func(to string) []byte { return wire.AppendRelayed(nil, to, "link", make([]byte, maxRelayedBox+1)) }},
		"a policy of never": {RelayNever, func(to string) []byte { return wire.AppendRelayed(nil, to, "link", []byte("x")) }},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, Config{Relay: test.relay}, func(t *testing.T, w *world) {
				sender, agent, _, joined := w.pair()
				sender.ws.WriteMessage(websocket.BinaryMessage, test.data(joined.Member))
				expectClose(sender, wire.CloseBadMessage)
				expect[wire.MemberAway](agent)
				expectQuiet(agent)
			})
		})
	}
}

func TestPacketsNeedASeat(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		_, agent, started, _ := w.pair()
		for name, c := range map[string]*client{
			"before hello": w.dial(dialing{}), "before start": w.customer(), "before join": w.agent("eve"),
		} {
			t.Log(name)
			c.pass(started.Member, "link", "x")
			expectClose(c, wire.CloseBadMessage)
		}
		expectQuiet(agent)
		agent.send(wire.End{})
		expect[wire.Ended](agent)
		agent.pass(started.Member, "link", "x")
		expectClose(agent, wire.CloseEnded)
	})
}

func TestThePolicyIsToldToMembers(t *testing.T) {
	for policy, want := range map[RelayPolicy]wire.Relay{
		"": wire.RelayAll, RelayAll: wire.RelayAll, RelaySealed: wire.RelaySealed, RelayNever: "",
	} {
		t.Run(string(policy), func(t *testing.T) {
			inWorld(t, Config{Relay: policy}, func(t *testing.T, w *world) {
				sender, agent := w.customer(), w.agent("ann")
				started := sender.start()
				joined := agent.join(started.Code)
				equals(t, "joined", joined.Members[0].Relay, want)
				equals(t, "memberJoined", expect[wire.MemberJoined](sender).Member.Relay, want)
				page := w.customer()
				equals(t, "resumed", page.resume(started.Token).Members[0].Relay, want)
				equals(t, "memberBack", expect[wire.MemberBack](agent).Member.Relay, want)
			})
		})
	}
}

func TestTheKeyOfAnAgentsPageIsTold(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender, agent := one.customer(), two.agent("ann")
		started := sender.start()
		agent.send(wire.Join{Code: started.Code, Key: "first-page_1"})
		token := expect[wire.Joined](agent).Token
		equals(t, "key", expect[wire.MemberJoined](sender).Member.Key, "first-page_1")
		page := two.customer()
		page.send(wire.Resume{Token: started.Token, Key: "a-sender-has-none"})
		equals(t, "key, on another replica", expect[wire.Resumed](page).Members[0].Key, "first-page_1")
		equals(t, "key of a customer", expect[wire.MemberBack](agent).Member.Key, "")
		for _, key := range []string{"second", ""} {
			agent = one.agent("ann")
			agent.send(wire.Resume{Token: token, Key: key})
			token = expect[wire.Resumed](agent).Token
			equals(t, "key of the next page", expect[wire.MemberBack](page).Member.Key, key)
		}
	})
}

func TestAKeyIsBounded(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		for _, key := range []string{strings.Repeat("x", maxKey+1), "a.b", "a b", "ä", "\x00"} {
			for _, m := range []wire.Message{wire.Join{Code: "1", Key: key}, wire.Resume{Token: "x", Key: key}} {
				c := w.agent("ann")
				c.send(m)
				expectClose(c, wire.CloseBadMessage)
			}
		}
		c := w.agent("ann")
		c.send(wire.Join{Code: "1", Key: strings.Repeat("x", maxKey)})
		expectError(c, wire.ErrUnknownCode)
	})
}

func TestPacketsHaveABudgetOfTheirOwn(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		box := strings.Repeat("x", 32_000)
		const size = 1 + 26 + 1 + 4 + 32_000
		send := func(bytes int) time.Duration {
			begin := time.Now()
			for range bytes / size {
				if err := sender.pass(joined.Member, "link", box); err != nil {
					t.Fatal(err)
				}
				expectPacket(agent)
			}
			return time.Since(begin)
		}
		if took := send(packetByteBurst); took > time.Second {
			t.Errorf("the burst took %v", took)
		}
		const seconds = 60
		if took := send(seconds * packetBytesPerSecond); took < (seconds-2)*time.Second || took > (seconds+2)*time.Second {
			t.Errorf("what comes after the burst took %v, want %d s", took, seconds)
		}
		for range messageBurst { // what the messages may take is untouched
			sender.send(wire.Candidate{To: joined.Member, Link: "1"})
		}
		begin := time.Now()
		for range messageBurst {
			expect[wire.Candidate](agent)
		}
		if took := time.Since(begin); took > 200*time.Millisecond {
			t.Errorf("a burst of messages took %v", took)
		}
		expectQuiet(sender)
	})
}

func TestSmallPacketsAreBoundedToo(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		begin := time.Now()
		const seconds = 10
		for range packetBurst + seconds*packetsPerSecond {
			if err := sender.pass(joined.Member, "link", "ack"); err != nil {
				t.Fatal(err)
			}
			expectPacket(agent)
		}
		if took := time.Since(begin); took < (seconds-1)*time.Second || took > (seconds+1)*time.Second {
			t.Errorf("it took %v, want %d s", took, seconds)
		}
		expectQuiet(sender)
	})
}
