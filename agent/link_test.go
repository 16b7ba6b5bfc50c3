package agent

import (
	"crypto/ecdh"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// table is a session without a network: what it says to the server stays in the queue of its socket.
type table struct {
	*Session
	t *testing.T
}

func newTable(t *testing.T) *table {
	s := newSession(Options{Logger: slog.New(slog.DiscardHandler)})
	s.admitted(&socket{queue: make(chan outgoing, queueLength)}, wire.Joined{
		Session: "s", Member: "m-agent", Members: []wire.Member{{ID: "m-customer", Role: wire.RoleSender, Relay: wire.RelayAll}},
	})
	return &table{s, t}
}

// counterpart is a customer's page at the other end of a link over the relay.
type counterpart struct {
	Sending
	name  string
	relay *seal.Relay
	seq   uint32
	texts wire.Strings
}

// meet makes a link, for which no path is chosen yet.
func (s *table) meet(name string, epoch int) *counterpart {
	s.t.Helper()
	relay, err := seal.OfferRelay(s.key.PublicKey(), seal.Place{Session: "s", Agent: "m-agent", Link: name, Epoch: epoch})
	if err != nil {
		s.t.Fatal(err)
	}
	return &counterpart{name: name, relay: relay}
}

func (s *table) send(c *counterpart, p wire.Packet) {
	box, err := c.relay.Seal(p.Append(nil))
	if err != nil {
		s.t.Fatal(err)
	}
	s.openRelayed(relayed{"m-customer", c.name, box})
}

func (s *table) begin(c *counterpart) {
	c.Begin(func(p wire.Packet) { s.send(c, p) }, 1000)
}

// show sends a page with one text.
func (c *counterpart) show(text string) {
	c.seq++
	c.Frame(wire.AppendFrame(nil, c.seq, pageWith(wire.Text{Data: text}), &c.texts))
}

// hear takes what the agent has sent, and tells how many packets that was.
func (s *table) hear(c *counterpart) (count int) {
	s.t.Helper()
	for {
		select {
		case m := <-s.socket.queue:
			member, link, box, err := wire.ReadRelayed(m.data)
			if err != nil || member != "m-customer" || link != c.name {
				s.t.Fatalf("to %s, link %s: %v", member, link, err)
			}
			packet, err := c.relay.Open(box)
			if err != nil {
				s.t.Fatal(err)
			}
			c.Take(packet)
			count++
		default:
			return count
		}
	}
}

func (s *table) shows(want string, loading bool) {
	s.t.Helper()
	if p := s.Page(); p.Text() != want || p.Loading != loading {
		s.t.Errorf("the page is %q, loading %v, want %q, %v", p.Text(), p.Loading, want, loading)
	}
}

func TestAcknowledgementsComeInTimeAndSparingly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTable(t)
		c := s.meet("a", 1)
		s.begin(c)
		packets := s.hear(c)
		for range 100 {
			c.show("x")
			time.Sleep(10 * time.Millisecond)
		}
		packets += s.hear(c)
		if packets > 6 {
			t.Errorf("%d acknowledgements in a second", packets)
		}
		time.Sleep(250 * time.Millisecond)
		synctest.Wait()
		s.hear(c)
		if c.Waiting() > 0 {
			t.Errorf("%d frames are not acknowledged", c.Waiting())
		}
		time.Sleep(time.Hour)
		if packets := s.hear(c); packets > 0 {
			t.Errorf("%d acknowledgements of nothing", packets)
		}
	})
}

func TestALinkStaysUntilTheFirstChoiceOfTheNext(t *testing.T) {
	s := newTable(t)
	one := s.meet("a", 1)
	s.begin(one)
	one.show("one")
	s.shows("one", false)
	two := s.meet("b", 2)
	s.send(two, control(0, `{"type":"visibility","hidden":true}`))
	one.show("still one")
	s.shows("still one", false)
	s.begin(two)
	s.shows("still one", true)
	if !s.Page().Hidden {
		t.Error("what came before the first choice is forgotten")
	}
	one.show("late")
	two.show("two")
	s.shows("two", false)
	for _, again := range []*counterpart{s.meet("a", 2), s.meet("b", 2), s.meet("c", 1)} {
		s.begin(again)
		again.show("again")
		s.shows("two", false)
	}
	s.openRelayed(relayed{"m-other", "d", nil})
	s.received(s.socket, wire.MemberLeft{Member: "m-customer"})
	s.shows("two", true)
	two.show("too late")
	s.shows("two", true)
}

func TestThePageIsLoadingWhileNoPathIsKnownToWork(t *testing.T) {
	customer := wire.Member{ID: "m-customer", Role: wire.RoleSender, Relay: wire.RelayAll}
	away, sealed, never := customer, customer, customer
	away.Away, sealed.Relay, never.Relay = true, wire.RelaySealed, ""
	for _, test := range []struct {
		name   string
		member wire.Member
		keys   []*ecdh.PrivateKey
		want   bool
	}{
		{"there", customer, nil, false},
		{"away", away, nil, true},
		{"no relay", never, nil, true},
		{"a relay for sealed links only", sealed, nil, true},
		{"a relay for sealed links, as this is", sealed, make([]*ecdh.PrivateKey, 1), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTable(t)
			c := s.meet("a", 1)
			s.begin(c)
			c.show("x")
			s.options.PrivateKeys = test.keys
			s.received(s.socket, wire.MemberBack{Member: test.member})
			s.shows("x", test.want)
			s.hear(c)
			c.show("y")
			if packets := len(s.socket.queue); packets > 0 && test.want {
				t.Errorf("%d packets go nowhere", packets)
			}
		})
	}
}

func TestALinkWhoseOtherEndAcknowledgesNothingEnds(t *testing.T) {
	s := newTable(t)
	c := s.meet("a", 1)
	c.Mute = true
	s.begin(c)
	rounds := 0
	for ; s.link != nil && rounds < 1000; rounds++ {
		c.show("again")
		c.Frame([]byte("no frame"))
		s.hear(c)
	}
	if rounds != maxUnacked+1 {
		t.Errorf("it ends after %d requests", rounds)
	}
	s.shows("again", true)
	next := s.meet("b", 1)
	s.begin(next)
	next.show("anew")
	s.shows("anew", false)
}

func TestSoManyLinksAreRememberedAndNoMore(t *testing.T) {
	s := newTable(t)
	for n := range maxSealed + 1 {
		c := s.meet(fmt.Sprint("x", n), 1)
		s.begin(c)
		s.hear(c)
		s.budget = newBudget() // that many do not come at once
	}
	if len(s.sealed.relays) != maxSealed {
		t.Errorf("%d links are remembered", len(s.sealed.relays))
	}
	c := s.meet("of the next page", 2)
	s.begin(c)
	c.show("next")
	s.shows("next", false)
	again := s.meet("x0", 1) // is forgotten, but of an older page
	s.begin(again)
	again.show("again")
	s.shows("next", false)
}
