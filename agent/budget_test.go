package agent

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Each flood is what a customer's page sends over a link, packet by packet, until the session is over.
func TestFloodsEndTheSession(t *testing.T) {
	control := func(i int, text string) wire.Packet {
		return wire.Packet{Kind: wire.PacketControl, Number: uint32(i), Data: []byte(text)}
	}
	var bomb bytes.Buffer
	w, err := flate.NewWriter(&bomb, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(make([]byte, wire.MaxFrameBytes))
	_ = w.Close()
	for _, flood := range []struct {
		name   string
		packet func(i int) wire.Packet
		burst  int
	}{
		{"control messages", func(i int) wire.Packet { return control(i, `{"type":"visibility","hidden":true}`) }, wire.ControlBurst},
		{"control messages of a newer page", func(i int) wire.Packet { return control(i, `{"type":"later"}`) }, wire.ControlBurst},
		{"codes to join with", func(i int) wire.Packet { return control(i, fmt.Sprintf(`{"type":"rejoin","code":"%d"}`, i)) }, wire.RejoinBurst},
		{"what makes no sense", func(i int) wire.Packet { return control(i, "{") }, wire.MalformedBurst},
		{"unknown packets", func(int) wire.Packet { return wire.Packet{Kind: 9} }, wire.MalformedBurst},
		{"acknowledgements", func(int) wire.Packet { return wire.Packet{Kind: wire.PacketAck} }, wire.AckBurst},
		{"pointer moves", func(i int) wire.Packet {
			return wire.Packet{Kind: wire.PacketPointer, Data: wire.AppendPointer(nil, wire.PointerMove{Seq: uint32(i)})}
		}, wire.PointerBurst},
		{"choices of a path", func(i int) wire.Packet { return wire.Packet{Kind: wire.PacketFrom, Also: uint32(i + 2)} }, wire.FromBurst - 1},
		{"chunks that never end", func(int) wire.Packet { return wire.Packet{Kind: wire.PacketMore} }, wire.FrameBurst},
		{"bombs", func(i int) wire.Packet {
			return wire.Packet{Kind: wire.PacketPacked, Number: uint32(i), Data: bomb.Bytes()}
		}, wire.DataBurst << 20 / wire.MaxFrameBytes},
	} {
		t.Run(flood.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newTable(t)
				c := s.meet("a", 1)
				s.begin(c)
				l := s.link
				if flood.burst == wire.RejoinBurst {
					s.socket = nil // each code leaves the connection before
				}
				sent := 0
				for ; !s.overloaded && sent <= flood.burst; sent++ {
					s.came(l, relayPath, flood.packet(sent).Append(nil))
				}
				if sent != flood.burst+1 || !s.overloaded {
					t.Fatalf("%d packets came, of %d", sent, flood.burst)
				}
				s.closing.Wait()
				if err := s.Err(); !errors.Is(err, ErrOverload) {
					t.Errorf("the session has ended for %v", err)
				}
				if s.socket == nil {
					return
				}
				s.hear(c)
				if c.Last != (wire.Overload{}) {
					t.Errorf("the page has heard %#v", c.Last)
				}
			})
		})
	}
}
