package agent

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func from(number, choice uint32) wire.Packet {
	return wire.Packet{Kind: wire.PacketFrom, Number: number, Also: choice}
}

func ending(number uint32, data string) wire.Packet {
	return wire.Packet{Kind: wire.PacketFrame, Number: number, Data: []byte(data)}
}

func more(number uint32, data string) wire.Packet {
	return wire.Packet{Kind: wire.PacketMore, Number: number, Data: []byte(data)}
}

func control(number uint32, text string) wire.Packet {
	return wire.Packet{Kind: wire.PacketControl, Number: number, Data: []byte(text)}
}

func ack(frames, controls uint32) string {
	return string(wire.Packet{Kind: wire.PacketAck, Number: frames, Also: controls}.Append(nil))
}

func TestAStreamPutsInOrderWhatComes(t *testing.T) {
	const hidden, shown, loading = `{"type":"visibility","hidden":true}`, `{"type":"visibility","hidden":false}`, `{"type":"pageLoading"}`
	type packet struct {
		via path
		wire.Packet
	}
	r := func(p wire.Packet) packet { return packet{relayPath, p} }
	c := func(p wire.Packet) packet { return packet{0, p} }
	for _, test := range []struct {
		name    string
		packets []packet
		want    []any // events; strings for frames
	}{
		{"frames on one path", []packet{r(from(0, 1)), r(ending(0, "a")), r(ending(1, "b"))}, []any{began{}, "a", "b"}},
		{"a link that begins with a later frame", []packet{r(from(7, 3)), r(ending(7, "h"))}, []any{began{}, "h"}},
		{"a frame before any path is chosen", []packet{r(ending(0, "x")), r(from(0, 1)), r(ending(0, "a"))}, []any{began{}, "a"}},
		{"chunks", []packet{r(from(0, 1)), r(more(0, "a")), r(more(0, "b")), r(ending(0, "c"))}, []any{began{}, "abc"}},
		{"another path takes over", []packet{r(from(0, 1)), r(ending(0, "a")), c(from(1, 2)), c(ending(1, "b"))}, []any{began{}, "a", "b"}},
		{"what has come is sent again", []packet{r(from(0, 1)), r(ending(0, "a")), c(from(0, 2)), c(ending(0, "a")), c(ending(1, "b"))}, []any{began{}, "a", "b"}},
		{"what is late on the path before", []packet{r(from(0, 1)), c(from(0, 2)), r(ending(0, "x")), c(ending(0, "a")), r(ending(1, "x")), c(ending(1, "b"))}, []any{began{}, "a", "b"}},
		{"another path within a frame", []packet{r(from(0, 1)), r(more(0, "a")), c(from(0, 2)), c(more(0, "a")), r(ending(0, "b")), c(ending(0, "b"))}, []any{began{}, "ab"}},
		{"the same path, chosen again within a frame", []packet{r(from(0, 1)), r(more(0, "a")), r(from(0, 2)), r(more(0, "a")), r(ending(0, "b"))}, []any{began{}, "ab"}},
		{"a choice that is late", []packet{r(from(0, 1)), c(from(0, 3)), r(from(0, 2)), r(ending(0, "x")), c(ending(0, "a"))}, []any{began{}, "a"}},
		{"a choice that comes twice", []packet{r(from(0, 1)), r(more(0, "a")), r(from(0, 1)), r(ending(0, "b"))}, []any{began{}, "ab"}},
		{"frames that were dropped", []packet{r(from(0, 1)), r(more(0, "a")), r(from(5, 2)), r(ending(5, "f"))}, []any{began{}, skipped{}, "f"}},
		{"a gap", []packet{r(from(0, 1)), r(more(0, "a")), r(ending(3, "d")), r(ending(4, "e")), r(ending(0, "a"))}, []any{began{}, errGap, "d", "e"}},
		{"control messages", []packet{r(from(0, 1)), r(control(0, hidden)), r(control(1, shown))}, []any{began{}, wire.Visibility{Hidden: true}, wire.Visibility{}}},
		{"a control message before any path is chosen", []packet{c(control(0, hidden)), c(from(0, 1)), c(control(1, shown))}, []any{began{}, wire.Visibility{Hidden: true}, wire.Visibility{}}},
		{"control messages that come again and late", []packet{r(from(0, 1)), r(control(0, hidden)), c(control(0, hidden)), c(control(1, shown)), c(from(0, 2)), r(control(1, shown))}, []any{began{}, wire.Visibility{Hidden: true}, wire.Visibility{}}},
		{"a late one behind one that was lost", []packet{r(from(0, 1)), c(from(0, 2)), r(control(1, hidden)), c(control(0, shown)), c(control(1, hidden))}, []any{began{}, wire.Visibility{}, wire.Visibility{Hidden: true}}},
		{"a control message ahead", []packet{r(from(0, 1)), r(control(4, hidden)), r(control(3, shown)), r(control(5, loading))}, []any{began{}, wire.Visibility{Hidden: true}, wire.PageLoading{}}},
		{"one that makes no sense", []packet{r(from(0, 1)), r(control(0, "{")), r(control(1, loading))}, []any{began{}, malformed{}, wire.PageLoading{}}},
		{"one of a newer sender", []packet{r(from(0, 1)), r(control(0, `{"type":"later"}`)), r(control(1, loading))}, []any{began{}, wire.PageLoading{}}},
		{"the pointer", []packet{r(from(0, 1)), c(wire.Packet{Kind: wire.PacketPointer, Data: wire.AppendPointer(nil, wire.PointerMove{Seq: 1})}), r(wire.Packet{Kind: wire.PacketPointer})}, []any{began{}, wire.PointerMove{Seq: 1}}},
		{"an unknown packet", []packet{r(wire.Packet{Kind: 9}), r(from(0, 1))}, []any{malformed{}, began{}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s stream
			var got []any
			for _, p := range test.packets {
				for _, e := range s.receive(p.via, p.Append(nil), noon) {
					if f, ok := e.(frame); ok {
						e = string(f)
					}
					got = append(got, e)
				}
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestWhatHasComeIsAcknowledgedSoonButNotOften(t *testing.T) {
	var s stream
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	number := uint32(0)
	come := func(ms, size int) {
		s.receive(relayPath, ending(number, string(make([]byte, size))).Append(nil), at(ms))
		number++
	}
	s.receive(relayPath, from(0, 1).Append(nil), at(0))
	for _, step := range []struct {
		ms, size int // size -1: nothing comes
		want     []string
	}{
		{0, -1, []string{ack(0, 0)}}, // of the path
		{100, 10, nil},
		{200, 10, nil},
		{249, -1, nil},
		{250, -1, []string{ack(2, 0)}},
		{499, -1, nil},
		{600, 10, []string{ack(3, 0)}},
		{601, 60 << 10, nil},
		{602, 3 << 10, nil},
		{603, 1 << 10, []string{ack(6, 0)}},
		{604, 10, nil},
		{853, -1, []string{ack(7, 0)}},
		{9999, -1, nil},
	} {
		if step.size >= 0 {
			come(step.ms, step.size)
		} else {
			s.tick(at(step.ms))
		}
		if got := texts(s.take()); !reflect.DeepEqual(got, step.want) {
			t.Errorf("after %d ms: got %q, want %q", step.ms, got, step.want)
		}
	}
}

func texts(packets [][]byte) (list []string) {
	for _, p := range packets {
		list = append(list, string(p))
	}
	return list
}

func TestOwnControlMessagesAreSaidUntilTheyHaveArrived(t *testing.T) {
	var s stream
	said := func(number uint32, asset int) string {
		return string(control(number, fmt.Sprintf(`{"type":"lack","assets":[%d]}`, asset)).Append(nil))
	}
	say := func(asset int) { s.say(wire.Lack{Assets: []int{asset}}) }
	check := func(what string, want ...string) {
		t.Helper()
		if got := texts(s.take()); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	say(0)
	check("before a path is chosen")
	s.receive(relayPath, from(0, 1).Append(nil), noon)
	check("on the first path", ack(0, 0), said(0, 0))
	say(1)
	say(2)
	check("later", said(1, 1), said(2, 2))
	s.receive(relayPath, []byte(ack(0, 9)), noon) // more than was said
	s.receive(0, []byte(ack(0, 2)), noon)
	s.receive(relayPath, []byte(ack(0, 1)), noon) // late
	s.receive(0, from(0, 2).Append(nil), noon)
	check("on the next path", ack(0, 0), said(2, 2))
	s.receive(0, []byte(ack(0, 3)), noon)
	s.receive(relayPath, from(0, 3).Append(nil), noon)
	check("when all has arrived", ack(0, 0))
	for i := range maxUnacked {
		if !s.say(wire.Lack{}) {
			t.Fatalf("%d are too many", i+1)
		}
	}
	if s.say(wire.Lack{}) {
		t.Errorf("%d are not too many", maxUnacked+1)
	}
}

func TestWhatAStreamHoldsIsBounded(t *testing.T) {
	var s stream
	for number := range uint32(1000) {
		s.receive(0, control(number, `{"type":"pageLoading"}`).Append(nil), noon)
	}
	if len(s.early) != maxEarly || s.controls != maxEarly {
		t.Errorf("before a path is chosen, %d control messages are held and %d taken", len(s.early), s.controls)
	}
	s.receive(0, from(0, 1).Append(nil), noon)
	part := more(0, string(make([]byte, wire.MaxPacketBytes-5))).Append(nil)
	most := 0
	for range wire.MaxFrameBytes/len(part) + 100 {
		s.receive(0, part, noon)
		s.take()
		most = max(most, len(s.parts.frame))
	}
	if most > wire.MaxFrameBytes {
		t.Errorf("%d bytes of a frame are held", most)
	}
	if got := s.receive(0, ending(0, "").Append(nil), noon); len(got) != 1 || !errors.Is(got[0].(error), errRefused) {
		t.Errorf("a frame that is too large gives %v", got)
	}
	if got := s.receive(0, ending(1, "b").Append(nil), noon); !reflect.DeepEqual(got, []event{frame("b")}) {
		t.Errorf("the next frame gives %v", got)
	}
}

// carrier is a path in tests: packets in two ordered channels each way, or one.
type carrier struct {
	via        path
	there      [2][]wire.Packet
	back       [][]byte
	oneChannel bool
}

func (n *carrier) send(p wire.Packet) {
	i := 0
	if !n.oneChannel && (p.Kind == wire.PacketControl || p.Kind == wire.PacketAck) {
		i = 1
	}
	p.Data = bytes.Clone(p.Data)
	n.there[i] = append(n.there[i], p)
}

// Whatever the paths, and whenever one takes over from the other, each side gets all that the other says, once and in order.
func TestNothingIsLostDoubledOrReorderedWhenPathsChange(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 1))
		var s stream
		var sender Sending
		relay := &carrier{via: relayPath, oneChannel: true}
		paths := []*carrier{relay}
		now := noon
		frames, controls, lacks := 0, 0, 0             // said
		gotFrames, gotControls, gotLacks := 0, 0, 0    // in order
		next := func(what string, got, want int) int { // of what arrives
			if got != want {
				t.Fatalf("seed %d: %s %d comes, want %d", seed, what, got, want)
			}
			return want + 1
		}
		arrive := func(n *carrier, p wire.Packet) {
			for _, e := range s.receive(n.via, p.Append(nil), now) {
				switch e := e.(type) {
				case frame:
					number, size := 0, 0
					if _, err := fmt.Sscanf(string(e), "%d %d", &number, &size); err != nil || len(e) != size {
						t.Fatalf("seed %d: got frame %q", seed, e)
					}
					gotFrames = next("frame", number, gotFrames)
				case wire.Rejoin:
					number := 0
					_, _ = fmt.Sscan(e.Code, &number)
					gotControls = next("control message", number, gotControls)
				case began:
				default:
					t.Fatalf("seed %d: got %v", seed, e)
				}
			}
		}
		deliver := func(n *carrier, i int) {
			p := n.there[i][0]
			n.there[i] = n.there[i][1:]
			arrive(n, p)
			if p.Kind != wire.PacketMore && random.IntN(8) == 0 {
				arrive(n, p)
			}
		}
		answer := func() {
			for _, p := range s.take() {
				for _, n := range paths {
					if n.via == s.via {
						n.back = append(n.back, p)
					}
				}
			}
		}
		hear := func(n *carrier) {
			if m := sender.Take(n.back[0]); m != nil {
				gotLacks = next("answer", m.(wire.Lack).Assets[0], gotLacks)
			}
			n.back = n.back[1:]
		}
		choose := func() {
			n := relay
			if random.IntN(2) == 0 {
				n = &carrier{via: path(len(paths))}
				paths = append(paths, n)
			}
			sender.Begin(n.send, 3+random.IntN(20))
		}
		for range 400 {
			n := paths[random.IntN(len(paths))]
			i := random.IntN(2)
			switch random.IntN(16) {
			case 0:
				if random.IntN(3) > 0 {
					break
				}
				// What is on the way is lost from somewhere on, or late.
				for _, n := range paths {
					for i, q := range n.there {
						if random.IntN(2) == 0 {
							n.there[i] = q[:random.IntN(len(q)+1)]
						}
					}
					if random.IntN(2) == 0 {
						n.back = n.back[:random.IntN(len(n.back)+1)]
					}
				}
				choose()
			case 1, 2, 3:
				size := 8 + random.IntN(60)
				data := fmt.Appendf(nil, "%d %d ", frames, size)
				sender.Frame(append(data, make([]byte, size-len(data))...))
				frames++
			case 4:
				sender.Control(wire.Rejoin{Code: fmt.Sprint(controls)})
				controls++
			case 5:
				s.say(wire.Lack{Assets: []int{lacks}})
				lacks++
				answer()
			case 6, 7:
				if len(n.back) > 0 {
					hear(n)
				}
			case 8:
				now = now.Add(time.Duration(random.IntN(200)) * time.Millisecond)
				s.tick(now)
				answer()
			default:
				if len(n.there[i]) > 0 {
					deliver(n, i)
					answer()
				}
			}
		}
		// A path that lasts brings the rest.
		last := &carrier{via: path(len(paths))}
		paths = append(paths, last)
		sender.Begin(last.send, 10)
		for len(last.there[0])+len(last.there[1])+len(last.back) > 0 {
			if i := random.IntN(2); len(last.there[i]) > 0 {
				deliver(last, i)
				now = now.Add(ackPause)
				answer()
			} else if len(last.back) > 0 {
				hear(last)
			}
		}
		if gotFrames != frames || gotControls != controls || gotLacks != lacks || sender.Waiting() > 0 || len(s.kept) > 0 {
			t.Fatalf("seed %d: %d of %d frames, %d of %d control messages, %d of %d answers have come, %d and %d wait",
				seed, gotFrames, frames, gotControls, controls, gotLacks, lacks, sender.Waiting(), len(s.kept))
		}
	}
}
