package agent_test

import (
	"crypto/ecdh"
	"errors"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func newKey(t *testing.T) *ecdh.PrivateKey {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// meet starts a session, sealed to key unless that is nil, and has an agent with these keys join it.
func meet(t *testing.T, key *ecdh.PublicKey, keys ...*ecdh.PrivateKey) (*customer, *agent.Session) {
	t.Helper()
	a := newApp(t)
	c := newCustomer(t, a.url)
	c.key = key
	c.connect()
	return c, joinAs(t, a.url, receive(t, c.code), agent.Options{PrivateKeys: keys})
}

func TestASessionIsSealedToTheKeyThatTheAgentHolds(t *testing.T) {
	key := newKey(t)
	c, s := meet(t, key.PublicKey(), newKey(t), key)
	receive(t, c.opened)
	c.showText("https://shop.example/", "Hi")
	wait(t, s, "the page", func(p *agent.Page) bool { return p.Title == "Hi" })
	t.Run("ICE restarts within the same sealing", func(t *testing.T) {
		receive(t, c.answers)
		c.restartICE()
		receive(t, c.answers)
	})
	t.Run("the next page of the customer's has a sealing of its own", func(t *testing.T) {
		c.hangUp()
		c.cut()
		c.connect()
		receive(t, c.opened)
		c.showText("https://shop.example/next", "Next")
		wait(t, s, "the next page", func(p *agent.Page) bool { return p.Title == "Next" })
	})
}

func TestAnAgentWithoutTheRightKeyLeavesAndSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name string
		key  *ecdh.PublicKey
		keys []*ecdh.PrivateKey
		want error
	}{
		{"no key", newKey(t).PublicKey(), nil, agent.ErrNoKey},
		{"another key", newKey(t).PublicKey(), []*ecdh.PrivateKey{newKey(t)}, agent.ErrNoKey},
		{"a page that does not seal", nil, []*ecdh.PrivateKey{newKey(t)}, agent.ErrUnsealed},
	} {
		t.Run(c.name, func(t *testing.T) {
			customer, s := meet(t, c.key, c.keys...)
			receive(t, s.Done())
			if err := s.Err(); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			server[wire.MemberLeft](t, customer)
		})
	}
}

func TestWhatTheServerMakesOfSealedMessagesIsRefused(t *testing.T) {
	key := newKey(t)
	c, s := meet(t, key.PublicKey(), key)
	receive(t, c.opened)
	c.mu.Lock()
	o, place := c.link.conn, c.place
	c.mu.Unlock()
	// Here the customer plays a server that repeats, mixes up and makes up messages.
	place.Agent, place.Link, place.Epoch = o.agent, "of yesterday.0", place.Epoch-1
	old, err := seal.Offer(key.PublicKey(), place)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := old.Seal(wire.Description{To: o.agent, Link: place.Link, Kind: wire.Offer, SDP: "v=0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []wire.Sealed{
		stale,
		{To: o.agent, Link: o.name, Seq: 0, Box: "AAAA"},
		{To: o.agent, Link: o.name, Seq: 999, Box: "AAAA"},
		{To: o.agent, Link: "unknown.0", Seq: 1, Box: "AAAA"},
		{To: o.agent, Link: "made up.0", Key: seal.Fingerprint(key.PublicKey()), Enc: "AAAA", Epoch: place.Epoch + 1, Box: "AAAA"},
	} {
		c.send(m)
	}
	c.showText("https://shop.example/", "Hi")
	wait(t, s, "the page", func(p *agent.Page) bool { return p.Title == "Hi" && !p.Loading })
	if state := o.pc.ConnectionState(); state != webrtc.PeerConnectionStateConnected {
		t.Errorf("the link is %v", state)
	}
	// A candidate in plaintext is dropped; a description in plaintext is an attempt to go without.
	c.send(wire.Candidate{To: o.agent, Link: o.name, Candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host"})
	c.send(wire.Description{To: o.agent, Link: "plain.0", Kind: wire.Offer, SDP: "v=0"})
	receive(t, s.Done())
	if err := s.Err(); !errors.Is(err, agent.ErrUnsealed) {
		t.Errorf("got %v, want %v", err, agent.ErrUnsealed)
	}
}
