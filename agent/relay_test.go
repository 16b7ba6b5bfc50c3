package agent_test

import (
	"bytes"
	"crypto/ecdh"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// overRelay starts a session whose links begin on the relay, before any offer.
func overRelay(t *testing.T, o agent.Options, key *ecdh.PublicKey) (*app, *customer, *agent.Session) {
	t.Helper()
	a := newApp(t)
	c := newCustomer(t, a.url)
	c.relays, c.key = true, key
	c.connect()
	s := joinAs(t, a.url, receive(t, c.code), o)
	server[wire.MemberJoined](t, c)
	return a, c, s
}

func TestThePageComesOverTheRelayBeforeAnyOffer(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	for _, test := range []struct {
		name string
		key  *ecdh.PublicKey
		keys []*ecdh.PrivateKey
	}{
		{"sealed to the agent's own key", nil, nil},
		{"sealed to the company's key", key.PublicKey(), []*ecdh.PrivateKey{newKey(t), key}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, c, s := overRelay(t, agent.Options{PrivateKeys: test.keys}, test.key)
			c.showText("https://shop.example/", "first")
			wait(t, s, "the page", shows("first"))
			c.skipFrame()
			c.show(wire.SetText{Node: 4, Data: "void"})
			if m, ok := receive(t, c.told).(wire.Resync); !ok || m.Reason != wire.ResyncGap {
				t.Errorf("the customer is told %v", m)
			}
			c.showText("https://shop.example/", strings.Repeat("second", 1<<16))
			wait(t, s, "the page fetched anew, in many packets", shows(strings.Repeat("second", 1<<16)))
			c.tell(wire.Visibility{Hidden: true})
			wait(t, s, "a control message", func(p *agent.Page) bool { return p.Hidden })
		})
	}
}

func TestAHiddenAgentTellsNoAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, hides := range []bool{false, true} {
		a := newApp(t)
		hiding, err := signal.New(signal.Config{Agents: signal.AgentToken(token), Logger: slog.New(slog.DiscardHandler), HideAgents: hides})
		if err != nil {
			t.Fatal(err)
		}
		a.server.Store(hiding)
		c := newCustomer(t, a.url)
		c.relays = true
		c.connect()
		s := joinAs(t, a.url, receive(t, c.code), agent.Options{})
		server[wire.MemberJoined](t, c)
		c.showText("https://shop.example/", "first")
		wait(t, s, "the page", shows("first"))
		c.offer()
		answer := receive(t, c.answers)
		told := 0
		for receive(t, c.found) != "" {
			told++
		}
		if hidden := told == 0 && !strings.Contains(answer, "a=candidate"); hidden != hides {
			t.Errorf("hidden %v: %d candidates, and the answer is %s", hides, told, answer)
		}
	}
}

func TestWhatIsNotSealedToTheCompanysKeyIsDropped(t *testing.T) {
	t.Parallel()
	// The customer's page seals to the agent's own key, as it would if the server had taken the customerKey out.
	_, c, s := overRelay(t, agent.Options{PrivateKeys: []*ecdh.PrivateKey{newKey(t)}}, nil)
	c.showText("https://shop.example/", "first")
	c.offer()
	over(t, s, agent.ErrUnsealed)
	if p := s.Page(); p.Document != nil {
		t.Errorf("the page is shown: %q", p.Text())
	}
}

func TestPathsTakeTurnsAndNothingIsLost(t *testing.T) {
	t.Parallel()
	frames := make(chan uint32, 1000)
	_, c, s := overRelay(t, agent.Options{OnFrame: func(frame []byte) {
		seq, _, err := wire.ReadFrame(frame, new(wire.Strings))
		if err != nil {
			t.Errorf("a frame: %v", err)
		}
		frames <- seq
	}}, nil)
	random := rand.New(rand.NewPCG(1, 2))
	count := 0
	next := func() {
		count++
		text := fmt.Sprint(count)
		if random.IntN(4) == 0 {
			text += strings.Repeat(" ", 70<<10)
		}
		c.show(wire.SetText{Node: 4, Data: text})
	}
	c.showText("https://shop.example/", "0")
	for range 3 {
		c.offer()
		for range 10 {
			next()
		}
		receive(t, c.opened)
		for range random.IntN(20) {
			next()
		}
		c.takeRelay()
		for range random.IntN(20) {
			next()
		}
	}
	wait(t, s, "the last count", func(p *agent.Page) bool { return strings.TrimSpace(p.Text()) == fmt.Sprint(count) && !p.Loading })
	for want := range uint32(count + 1) {
		if got := receive(t, frames); got != want+1 {
			t.Fatalf("frame %d comes, want %d", got, want+1)
		}
	}
	c.mu.Lock()
	name, agentID := c.link.conn.name, c.link.agent.ID
	c.mu.Unlock()
	// What is said about a peer connection that has been replaced is late.
	c.send(wire.Description{To: agentID, Link: name[:len(name)-1] + "0", Kind: wire.Offer, SDP: "v=0"})
	c.send(wire.Candidate{To: agentID, Link: name[:len(name)-1] + "0"})
	c.show(wire.SetText{Node: 4, Data: "the end"})
	wait(t, s, "a change after that", shows("the end"))
}

func TestBoxesOfAnybodyElseAreDropped(t *testing.T) {
	t.Parallel()
	var seen bytes.Buffer
	_, c, s := overRelay(t, agent.Options{OnFrame: func(frame []byte) { seen.WriteByte(frame[1]) }}, nil)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the page", shows("first"))
	c.mu.Lock()
	l, place := c.link, c.place
	place.Agent = l.agent.ID
	own, err := seal.ParsePublic(l.agent.Key)
	if err != nil {
		t.Fatal(err)
	}
	// page gives the boxes of another link that shows a page, which must not come.
	page := func(key *ecdh.PublicKey, link string, epoch int) (boxes [][]byte) {
		place.Link, place.Epoch = link, epoch
		relay, err := seal.OfferRelay(key, place)
		if err != nil {
			t.Fatal(err)
		}
		wrong := customerLink{name: link, agent: l.agent, relay: relay}
		wrong.sending.Begin(func(p wire.Packet) { boxes = append(boxes, c.box(&wrong, p)) }, 30<<10)
		wrong.sending.Frame(wire.AppendFrame(nil, 99, []wire.Op{wire.Page{Title: "wrong"}, wire.PageEnd{}}, new(wire.Strings)))
		return boxes
	}
	epoch := c.place.Epoch
	var wrong [][]byte
	wrong = append(wrong, page(newKey(t).PublicKey(), "of another key", epoch)...)
	wrong = append(wrong, page(own, "of an older page", epoch-1)...)
	wrong = append(wrong, page(own, l.name, epoch)...)
	wrong = append(wrong, wire.AppendRelayed(nil, l.agent.ID, l.name, wire.Packet{Kind: wire.PacketFrom, Also: 1000}.Append(nil)))
	wrong = append(wrong, wire.AppendRelayed(nil, l.agent.ID, "of nobody", []byte{1}))
	c.meddle = func(box []byte) {
		c.write(websocket.BinaryMessage, box) // again
		garbled := bytes.Clone(box)
		garbled[len(garbled)-1] ^= 1
		c.write(websocket.BinaryMessage, garbled)
		for _, box := range wrong {
			c.write(websocket.BinaryMessage, box)
		}
	}
	c.mu.Unlock()
	for n := range 5 {
		c.show(wire.SetText{Node: 4, Data: fmt.Sprint(n)})
	}
	wait(t, s, "the last change", shows("4"))
	if err := s.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := seen.String(); got != "\x01\x02\x03\x04\x05\x06" {
		t.Errorf("the frames are %q", got)
	}
}

func TestTheRelayGoesOnWhenTheServerComesBack(t *testing.T) {
	t.Parallel()
	broker := signal.NewMemoryBroker()
	a := newApp(t)
	a.stop()
	a.server.Store(a.newServer(broker))
	c := newCustomer(t, a.url)
	c.relays = true
	c.connect()
	s := join(t, a, receive(t, c.code))
	server[wire.MemberJoined](t, c)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the page", shows("first"))
	a.stop()
	wait(t, s, "no path", func(p *agent.Page) bool { return p.Loading && p.Text() == "first" })
	c.show(wire.SetText{Node: 4, Data: "second"})
	a.server.Store(a.newServer(broker))
	c.connect()
	wait(t, s, "what was said meanwhile", shows("second"))
	c.hangUp()
	wait(t, s, "the customer away", func(p *agent.Page) bool { return p.Loading && p.Text() == "second" })
	c.connect()
	c.show(wire.SetText{Node: 4, Data: "third"})
	wait(t, s, "what was said then", shows("third"))
	c.send(wire.End{})
	over(t, s, agent.ErrEnded)
}

func TestTheRelayGoesOnWhenTheAgentsConnectionDies(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	line := newCable(t, a.url)
	c := newCustomer(t, a.url)
	c.relays = true
	c.connect()
	s := joinAs(t, line.url, receive(t, c.code), agent.Options{})
	server[wire.MemberJoined](t, c)
	text := func(n int) string { return fmt.Sprint("count ", n) }
	var mu sync.Mutex
	count := 0
	c.showText("https://shop.example/", text(0))
	c.closing.Go(func() {
		for {
			select {
			case m := <-c.told: // packets were lost before the server knew of the cut
				if _, ok := m.(wire.Resync); !ok {
					t.Errorf("the customer is told %v", m)
				}
				mu.Lock()
				c.showText("https://shop.example/", text(count))
				mu.Unlock()
			case <-s.Done():
				return
			}
		}
	})
	for range 2 {
		line.cut()
		for range 10 {
			mu.Lock()
			count++
			c.show(wire.SetText{Node: 4, Data: text(count)})
			mu.Unlock()
		}
		server[wire.MemberBack](t, c)
	}
	wait(t, s, "the last count", shows(text(count)))
}
