package agent

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestChunksBecomeFrames(t *testing.T) {
	full := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		name   string
		chunks []string // each after the kind of its packet
		want   []string // frames; "!" for one that is refused
	}{
		{"one chunk", []string{"\x00abc"}, []string{"abc"}},
		{"several chunks", []string{"\x01ab", "\x01cd", "\x00e"}, []string{"abcde"}},
		{"an empty frame", []string{"\x00"}, []string{""}},
		{"an empty last chunk", []string{"\x01ab", "\x00"}, []string{"ab"}},
		{"an empty first chunk", []string{"\x01", "\x00ab"}, []string{"ab"}},
		{"a compressed frame", []string{"\x02" + deflated("abc")}, []string{"abc"}},
		{"a compressed frame in chunks", []string{"\x01" + deflated("abc")[:2], "\x02" + deflated("abc")[2:], "\x00d"}, []string{"abc", "d"}},
		{"one that is not", []string{"\x02abc", "\x00d"}, []string{"!", "d"}},
		{"one with something after its end", []string{"\x02" + deflated("abc") + "d", "\x00e"}, []string{"!", "e"}},
		{"one that is cut off", []string{"\x02" + deflated("abc")[:3], "\x00e"}, []string{"!", "e"}},
		{"one that is too large", []string{"\x02" + deflated(strings.Repeat("x", wire.MaxFrameBytes+1)), "\x00e"}, []string{"!", "e"}},
		{"a frame as large as may be", append(slicesOf("\x01"+full, wire.MaxFrameBytes>>20), "\x00", "\x00ab"), []string{strings.Repeat(full, wire.MaxFrameBytes>>20), "ab"}},
		{"a frame that is too large", append(slicesOf("\x01"+full, wire.MaxFrameBytes>>20), "\x00x", "\x00ab"), []string{"!", "ab"}},
		{"a frame that is much too large", append(slicesOf("\x01"+full, wire.MaxFrameBytes>>20+3), "\x01ab", "\x00", "\x00ab"), []string{"!", "ab"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts chunks
			var got []string
			for _, chunk := range c.chunks {
				switch frame, complete, err := parts.add(chunk[0], []byte(chunk[1:])); {
				case errors.Is(err, errRefused):
					got = append(got, "!")
				case err != nil:
					t.Fatal(err)
				case complete:
					got = append(got, string(frame))
				}
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %.40q, want %.40q", got, c.want)
			}
		})
	}
}

func slicesOf(s string, n int) (list []string) {
	for range n {
		list = append(list, s)
	}
	return list
}

// deflated compresses as a browser does.
func deflated(frame string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(w, frame)
	_ = w.Close()
	return b.String()
}

// Whatever comes, a stream gives frames in order and holds no more than it may.
func FuzzStream(f *testing.F) {
	f.Add(from(0, 1).Append(nil), more(0, "a").Append(nil), ending(0, "b").Append(nil), byte(0))
	f.Add(control(0, `{"type":"pageLoading"}`).Append(nil), from(3, 2).Append(nil), ending(9, "b").Append(nil), byte(1))
	f.Add(from(1, 1).Append(nil), []byte("\x02\x00\x00\x00\x01"+deflated("abc")), []byte(ack(1, 1)), byte(3))
	f.Add([]byte("\x04f\x00\""), from(0, 1).Append(nil), []byte("\x04"), byte(0))
	f.Fuzz(func(t *testing.T, a, b, c []byte, vias byte) {
		var s stream
		s.say(wire.Lack{})
		for i, packet := range [][]byte{a, b, c, a} {
			before := s
			events := s.receive(path(vias>>i&1), packet, noon)
			if len(events) > 0 && !s.started && events[0] != event(malformed{}) {
				t.Fatalf("%T %v before a path is chosen", events[0], events)
			}
			if s.started && before.started && s.choices < before.choices {
				t.Fatalf("choice %d after %d", s.choices, before.choices)
			}
			if len(s.kept) > 1 || len(s.take()) > 2 {
				t.Fatal("it says more than there is")
			}
		}
	})
}

func TestTheWaitBetweenTriesGrowsAndIsSpread(t *testing.T) {
	for _, c := range []struct {
		try         int
		least, most time.Duration
	}{
		{0, 250 * time.Millisecond, 500 * time.Millisecond},
		{1, 250 * time.Millisecond, time.Second},
		{2, 250 * time.Millisecond, 2 * time.Second},
		{3, 250 * time.Millisecond, 4 * time.Second},
		{1000, 250 * time.Millisecond, 4 * time.Second},
	} {
		if got := backoff(c.try, 0); got != c.least {
			t.Errorf("try %d: the least is %v, want %v", c.try, got, c.least)
		}
		if got := backoff(c.try, 1); got != c.most {
			t.Errorf("try %d: the most is %v, want %v", c.try, got, c.most)
		}
	}
}

func TestTheServerMaySayHowLongToWait(t *testing.T) {
	if got := retryDelay(draining{3 * time.Second}, 7); got != 3*time.Second {
		t.Errorf("while draining: got %v", got)
	}
	if got := retryDelay(fmt.Errorf("agent: join: %w", &ServerError{wire.ErrSlowDown, 4000}), 7); got != 4*time.Second {
		t.Errorf("when told to slow down: got %v", got)
	}
}

func TestCloseCodesFrom4400OnAreFinal(t *testing.T) {
	for _, c := range []struct {
		code  int
		want  error
		final bool
	}{
		{websocket.CloseServiceRestart, nil, false},
		{websocket.CloseAbnormalClosure, nil, false},
		{wire.CloseSlow, nil, false},
		{wire.CloseBadMessage, ErrRefused, true},
		{wire.CloseAuth, ErrNotAgent, true},
		{wire.CloseReplaced, ErrReplaced, true},
		{wire.CloseEnded, ErrEnded, true},
		{wire.CloseTooMany, ErrRefused, true},
		{wire.CloseVersion, ErrRefused, true},
	} {
		err := closeError(&websocket.CloseError{Code: c.code})
		if final(err) != c.final || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%d: got %v, final %v", c.code, err, final(err))
		}
	}
}

func TestTheEndpointIsBelowTheAppsURL(t *testing.T) {
	for _, c := range []struct{ base, prefix, want string }{
		{"https://shop.example", "/_qwelp/", "wss://shop.example/_qwelp/signal"},
		{"http://127.0.0.1:8080/", "/_qwelp/", "ws://127.0.0.1:8080/_qwelp/signal"},
		{"https://shop.example/app/", "help", "wss://shop.example/app/help/signal"},
		{"https://user:pw@shop.example/?a=b#c", "/_qwelp/", "wss://shop.example/_qwelp/signal"},
	} {
		if got, err := endpoint(c.base, c.prefix); err != nil || got != c.want {
			t.Errorf("%s and %s: got %s, %v, want %s", c.base, c.prefix, got, err, c.want)
		}
	}
}

func TestMembersComeAndGo(t *testing.T) {
	customer := wire.Member{ID: "m1", Role: wire.RoleSender}
	ana, bob := wire.Member{ID: "m2", Role: wire.RoleAgent, Name: "Ana"}, wire.Member{ID: "m3", Role: wire.RoleAgent, Name: "Bob"}
	before := []wire.Member{customer, ana}
	for _, c := range []struct {
		name    string
		message wire.Message
		want    []wire.Member
	}{
		{"one joins", wire.MemberJoined{Member: bob}, []wire.Member{customer, ana, bob}},
		{"one goes away", wire.MemberAway{Member: "m1"}, []wire.Member{{ID: "m1", Role: wire.RoleSender, Away: true}, ana}},
		{"one comes back", wire.MemberBack{Member: customer, Epoch: 2}, before},
		{"one comes back that was not known", wire.MemberBack{Member: bob, Epoch: 2}, []wire.Member{customer, ana, bob}},
		{"one leaves", wire.MemberLeft{Member: "m2"}, []wire.Member{customer}},
		{"an unknown one leaves", wire.MemberLeft{Member: "m9"}, before},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := membersAfter(before, c.message); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if before[0].Away || len(before) != 2 {
				t.Error("the list before has changed")
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	ops := pageWith()[:3]
	for i := range 1000 {
		ops = append(ops, element("tr", "class", "row"))
		for j := range 5 {
			ops = append(ops, element("td"), text(fmt.Sprint("cell ", i, j)), up)
		}
		ops = append(ops, up)
	}
	frame := new(feed).frame(append(ops, wire.PageEnd{})...)
	b.Run("mirror", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := new(mirror).frame(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
	var m mirror
	if err := m.frame(frame); err != nil {
		b.Fatal(err)
	}
	b.Run("page", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.shown.snapshot()
		}
	})
	page := m.shown.snapshot()
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			_ = page.Text()
		}
	})
}
