package signal

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/trunk"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// peers returns replicas that reach each other over real sockets.
func peers(t *testing.T, n int) (all []*world) {
	t.Helper()
	broker := NewMemoryBroker()
	for range n {
		all = append(all, newWorld(t, Config{Broker: broker, Peer: &Peer{Listen: "127.0.0.1:0", Secret: bytes.Repeat([]byte("s"), 32)}}))
	}
	return all
}

func pass(t *testing.T, from *client, member string, to *client, sender string) {
	t.Helper()
	box := strings.Repeat("x", 20<<10)
	if err := from.pass(member, "link", box); err != nil {
		t.Fatal(err)
	}
	equals(t, "the packet", expectPacket(to), relayed{sender, "link", box})
}

func TestALinkIsRelayedBetweenReplicas(t *testing.T) {
	all := peers(t, 3)
	one, two, three := all[0], all[1], all[2]
	customer, agent := one.customer(), two.agent("ann")
	started := customer.start()
	joined := agent.join(started.Code)
	equals(t, "relay", expect[wire.MemberJoined](customer).Member.Relay, wire.RelayAll)
	for range 3 {
		pass(t, customer, joined.Member, agent, started.Member)
		pass(t, agent, started.Member, customer, joined.Member)
	}

	// The customer's next page reaches another replica, and then the agent's.
	next := three.customer()
	resumed := next.resume(started.Token)
	equals(t, "relay", resumed.Members[0].Relay, wire.RelayAll)
	expectClose(customer, wire.CloseReplaced)
	expect[wire.MemberBack](agent)
	pass(t, next, joined.Member, agent, started.Member)
	pass(t, agent, started.Member, next, joined.Member)
	last := two.customer()
	equals(t, "relay", last.resume(resumed.Token).Members[0].Relay, wire.RelayAll)
	expectClose(next, wire.CloseReplaced)
	expect[wire.MemberBack](agent)
	pass(t, last, joined.Member, agent, started.Member)

	// The agent comes back on another replica.
	agent.ws.Close()
	expect[wire.MemberAway](last)
	back := one.agent("ann")
	back.resume(joined.Token)
	equals(t, "relay", expect[wire.MemberBack](last).Member.Relay, wire.RelayAll)
	pass(t, last, joined.Member, back, started.Member)
	pass(t, back, started.Member, last, joined.Member)
	back.send(wire.End{})
	expect[wire.Ended](last)
}

func TestATrunkThatBreaksIsOpenedAgain(t *testing.T) {
	all := peers(t, 2)
	customer, agent := all[0].customer(), all[1].agent("ann")
	started := customer.start()
	joined := agent.join(started.Code)
	expect[wire.MemberJoined](customer)
	pass(t, customer, joined.Member, agent, started.Member)
	all[1].trunks.mu.Lock()
	for _, open := range all[1].trunks.open {
		open.Close()
	}
	all[1].trunks.mu.Unlock()
	for came := false; !came; { // the link sends again what was lost
		if err := customer.pass(joined.Member, "link", "again"); err != nil {
			t.Fatal(err)
		}
		select {
		case <-agent.relay:
			came = true
		default:
		}
	}
}

func TestAReplicaThatCannotBeReachedCostsTheRelayAlone(t *testing.T) {
	broker := NewMemoryBroker()
	secret := func(text string) *Peer {
		return &Peer{Listen: "127.0.0.1:0", Secret: bytes.Repeat([]byte(text), 32)}
	}
	one, two, three := newWorld(t, Config{Broker: broker, Peer: secret("s")}), newWorld(t, Config{Broker: broker, Peer: secret("x")}), newWorld(t, Config{Broker: broker})
	for name, agents := range map[string]*world{"another secret": two, "no peer": three} {
		customer, agent := one.customer(), agents.agent("ann")
		started := customer.start()
		joined := agent.join(started.Code)
		equals(t, name, expect[wire.MemberJoined](customer).Member.Relay, wire.Relay(""))
		customer.send(wire.Description{To: joined.Member, Link: "1", Kind: wire.Offer, SDP: "v=0"})
		expect[wire.Description](agent)
		if err := customer.pass(joined.Member, "link", "x"); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(one.logs.String(), "cannot be reached") {
		t.Errorf("the log does not say why: %s", one.logs.String())
	}
}

func TestReplicasWithDifferentSettingsAreNamed(t *testing.T) {
	broker := NewMemoryBroker()
	key := func(text string) []byte { return bytes.Repeat([]byte(text), 32) }
	one, two := newWorld(t, Config{Broker: broker, MetaDataKey: key("a")}), newWorld(t, Config{Broker: broker, MetaDataKey: key("b")})
	one.customer().start()
	two.customer().start()
	for !strings.Contains(two.logs.String()+one.logs.String(), "setting=signal.metaDataKey") {
		runtime.Gosched()
	}
	if logs := one.logs.String() + two.logs.String(); strings.Contains(logs, "setting=signal.relay") {
		t.Error(logs)
	}
}

func TestPeersAreChecked(t *testing.T) {
	for want, peer := range map[string]Peer{
		"signal.peer.listen: ":        {Listen: "here", Secret: make([]byte, 32)},
		"signal.peer.url: missing":    {Listen: ":7443", Secret: make([]byte, 32)},
		`signal.peer.url: "x"`:        {Listen: "127.0.0.1:0", URL: "x", Secret: make([]byte, 32)},
		"signal.peer.secret: 3 bytes": {Listen: "127.0.0.1:0", Secret: []byte("abc")},
	} {
		if _, err := New(Config{Peer: &peer}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whoever holds a connection asks for its trunks, so that what holds the trunks must not wait for a connection.
func TestATrunkWaitsForNoConnection(t *testing.T) {
	w := peers(t, 1)[0]
	customer := w.customer()
	started := customer.start()
	c := w.connections()[0]
	w.trunks.mu.Lock()
	w.trunks.next[trunk.Pair{Session: started.Session, From: started.Member, To: "agent"}] = time.Now()
	w.trunks.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	left := make(chan struct{})
	go func() {
		w.trunks.leave(c)
		close(left)
	}()
	<-left
}

func TestAnEndWaitsForNoTrunk(t *testing.T) {
	w := peers(t, 1)[0]
	customer := w.customer()
	customer.start()
	c := w.connections()[0]
	c.mu.Lock()
	c.seat.dialing = true
	last, err := c.seat.record.ended(wire.EndAgent)
	c.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	last.Version++
	c.learn(last)
	equals(t, "reason", expect[wire.Ended](customer).Reason, wire.EndAgent)
}
