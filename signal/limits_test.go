package signal

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/metadata"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestSilenceIsClosed(t *testing.T) {
	inWorld(t, Config{CodeLifetime: 2 * time.Hour}, func(t *testing.T, w *world) {
		mute := w.dial(dialing{})
		begin := time.Now()
		expectClose(mute, wire.CloseSlow)
		equals(t, "time without Hello", time.Since(begin), helloTimeout)

		dead := w.customerFrom(dialing{ping: func(string) error { return nil }})
		dead.start()
		begin = time.Now()
		expectClose(dead, wire.CloseSlow)
		equals(t, "time without a sign of life", time.Since(begin), idleTimeout)

		alive := w.customer()
		alive.start()
		time.Sleep(time.Hour)
		expectQuiet(alive)
	})
}

func TestPongMessagesAloneKeepAConnection(t *testing.T) {
	inWorld(t, Config{CodeLifetime: 2 * time.Hour}, func(t *testing.T, w *world) {
		c := w.customerFrom(dialing{ping: func(string) error { return nil }})
		c.start()
		for range 100 {
			time.Sleep(30 * time.Second)
			c.send(wire.Pong{})
		}
		expectQuiet(c)
	})
}

func TestADrippedMessageIsClosed(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		c := w.customer()
		begin := time.Now()
		raw := c.ws.NetConn()
		if _, err := raw.Write([]byte{0x81, 0x80 | 100, 0, 0, 0, 0}); err != nil {
			t.Fatal(err)
		}
		go func() {
			for range 100 {
				time.Sleep(time.Second)
				if _, err := raw.Write([]byte{'x'}); err != nil {
					return
				}
			}
		}()
		expectClose(c, wire.CloseSlow)
		equals(t, "time for a message", time.Since(begin), messageTimeout)
		time.Sleep(time.Minute)
	})
}

func TestPingsWithinAMessageGiveItNoMoreTime(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		c := w.customer()
		begin := time.Now()
		done := make(chan struct{})
		go func() {
			defer close(done)
			data := frame(0x01, "x")
			for c.ws.NetConn().SetWriteDeadline(time.Now().Add(time.Second)) == nil {
				if _, err := c.ws.NetConn().Write(data); err != nil {
					return
				}
				data = frame(0x89, "")
				time.Sleep(time.Second)
			}
		}()
		expectClose(c, wire.CloseSlow)
		equals(t, "time for a message", time.Since(begin), messageTimeout)
		c.ws.Close()
		<-done
	})
}

// frame gives a masked frame of the client with a zero key.
func frame(head byte, payload string) []byte {
	b := []byte{head}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

func TestABadFrameClosesItsConnectionAndNothingElse(t *testing.T) {
	const text, binaryFrame, final = 0x1, 0x2, 0x80
	text0 := func(s string) []byte { return frame(final|text, s) }
	huge := func(n uint64) []byte {
		return append(binary.BigEndian.AppendUint64([]byte{final | text, 0x80 | 127}, n), 0, 0, 0, 0)
	}
	tests := map[string]struct {
		data []byte
		code int
	}{
		"no JSON":                {text0("hello"), wire.CloseBadMessage},
		"wrong JSON":             {text0(`[1,2]`), wire.CloseBadMessage},
		"JSON cut off":           {text0(`{"type":"start"`), wire.CloseBadMessage},
		"wrong field type":       {text0(`{"type":"resume","token":7}`), wire.CloseBadMessage},
		"missing field":          {text0(`{"type":"resume"}`), wire.CloseBadMessage},
		"a number too large":     {text0(`{"type":"hello","versions":[1e999999],"role":"sender"}`), wire.CloseBadMessage},
		"deeply nested":          {text0(strings.Repeat("[", 60_000)), wire.CloseBadMessage},
		"empty":                  {text0(""), wire.CloseBadMessage},
		"unknown type":           {text0(`{"type":"teleport"}`), wire.CloseVersion},
		"a second hello":         {text0(`{"type":"hello","versions":[1],"role":"sender"}`), wire.CloseBadMessage},
		"a message of servers":   {text0(`{"type":"welcome","version":1}`), wire.CloseBadMessage},
		"before a session":       {text0(`{"type":"end"}`), wire.CloseBadMessage},
		"too large":              {text0(strings.Repeat("x", wire.MaxMessageBytes+1)), websocket.CloseMessageTooBig},
		"2⁴⁰ bytes announced":    {huge(1 << 40), websocket.CloseMessageTooBig},
		"2⁶³ bytes announced":    {huge(1 << 63), websocket.CloseMessageTooBig},
		"empty fragments":        {append(frame(text, ""), strings.Repeat(string(frame(0, "")), 13_000)...), websocket.CloseMessageTooBig},
		"a packet too early":     {frame(final|binaryFrame, "x"), wire.CloseBadMessage},
		"not UTF-8":              {text0("\"\xff\""), websocket.CloseInvalidFramePayloadData},
		"unmasked":               {[]byte{final | text, 2, '{', '}'}, websocket.CloseProtocolError},
		"reserved bit":           {frame(0xc1, "{}"), websocket.CloseProtocolError},
		"unknown opcode":         {frame(final|5, ""), websocket.CloseProtocolError},
		"a ping of 200 bytes":    {frame(final|9, strings.Repeat("x", 200)), websocket.CloseProtocolError},
		"close 1005 on the wire": {frame(final|8, "\x03\xed"), websocket.CloseProtocolError},
	}
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		for name, test := range tests {
			c := w.customer()
			go c.ws.NetConn().Write(test.data)
			<-closed(c)
			e, ok := c.closed.(*websocket.CloseError)
			if !ok || e.Code != test.code {
				t.Errorf("%s: closed with %v, want %d", name, c.closed, test.code)
			}
			c.ws.Close()
		}
		sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "still here"})
		expect[wire.Candidate](agent)
	})
}

// closed is closed when the client's connection is.
func closed(c *client) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range c.inbox {
		}
	}()
	return done
}

func TestVersionsAndRolesAreChecked(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		c := w.dial(dialing{})
		c.send(wire.Hello{Versions: []int{7, 9}, Role: wire.RoleSender})
		expectClose(c, wire.CloseVersion)
		c = w.dial(dialing{})
		c.send(wire.Hello{Versions: []int{7, wire.Version}, Role: wire.RoleSender})
		equals(t, "version", expect[wire.Welcome](c).Version, wire.Version)
		c.send(wire.Join{Code: "123456789"})
		expectError(c, wire.ErrNotAgent)
		c = w.dial(dialing{})
		c.send(wire.Start{})
		expectClose(c, wire.CloseBadMessage)
		c = w.agent("ann")
		c.send(wire.Start{})
		expectClose(c, wire.CloseBadMessage)
		sender, _, _, _ := w.pair()
		sender.send(wire.Leave{})
		expectError(sender, wire.ErrNotAgent)
	})
}

func TestAFloodIsSlowedDownAndThenCutOff(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		begin := time.Now()
		go func() {
			data, _ := wire.Encode(wire.Candidate{To: joined.Member, Link: "1"})
			for sender.ws.WriteMessage(websocket.TextMessage, data) == nil {
			}
		}()
		expectClose(sender, wire.CloseTooMany)
		if took := time.Since(begin); took < abuseAfter || took > 2*abuseAfter {
			t.Errorf("cut off after %v, want %v", took, abuseAfter)
		}
		n := 0
		for {
			if _, ok := (<-agent.inbox).(wire.MemberAway); ok {
				break
			}
			n++
		}
		if want := messageBurst + int(abuseAfter.Seconds()*messagesPerSecond); n < want*8/10 || n > want*13/10 {
			t.Errorf("%d messages came through, want about %d", n, want)
		}
		agent.send(wire.End{}) // the partner of the flood is not harmed
		expect[wire.Ended](agent)
	})
}

func TestPingsAndBytesAreMeteredToo(t *testing.T) {
	floods := map[string]func(ws *websocket.Conn) error{
		"pings": func(ws *websocket.Conn) error { return ws.WriteControl(websocket.PingMessage, nil, time.Time{}) },
		"pongs": func(ws *websocket.Conn) error { return ws.WriteControl(websocket.PongMessage, nil, time.Time{}) },
		"bytes": func(ws *websocket.Conn) error {
			sdp := strings.Repeat("x", 60_000)
			return ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong","x":"`+sdp+`"}`))
		},
	}
	for name, flood := range floods {
		t.Run(name, func(t *testing.T) {
			inWorld(t, Config{}, func(t *testing.T, w *world) {
				c := w.customer()
				go func() {
					for flood(c.ws) == nil {
					}
				}()
				expectClose(c, wire.CloseTooMany)
			})
		})
	}
}

func TestAClientThatDoesNotReadIsCutOff(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, stuck, _, free := stuckPair(t, w)
		begin := time.Now()
		for range maxQueued + 2 { // answers are the server's own
			stuck.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"ping"}`))
			time.Sleep(50 * time.Millisecond)
		}
		expect[wire.MemberAway](sender)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("cut off after %v", took)
		}
		equals(t, "slow clients", w.Stats().SlowClients, uint64(1))
		free()
	})
}

func TestCandidatesBeyondTheLimitAreDropped(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		for round := range 2 {
			sender.send(wire.Description{To: joined.Member, Link: "1", Kind: wire.Offer, SDP: "v=0"})
			expect[wire.Description](agent)
			for i := range 50 {
				sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: fmt.Sprint(i)})
			}
			sender.send(wire.Candidate{To: joined.Member, Link: "1"})
			n := 0
			for expect[wire.Candidate](agent).Candidate != "" {
				n++
			}
			equals(t, fmt.Sprintf("candidates of round %d", round), n, maxCandidates)
		}
	})
}

func TestWhatMembersSendIsBounded(t *testing.T) {
	bad := map[string]wire.Message{
		"box":       wire.Sealed{To: "x", Link: "1", Box: strings.Repeat("x", maxBox+1)},
		"key":       wire.Sealed{To: "x", Link: "1", Key: strings.Repeat("x", maxSealedKey+1)},
		"no place":  wire.Sealed{To: "x", Box: "x"},
		"SDP":       wire.Description{To: "x", Link: "1", Kind: wire.Offer, SDP: strings.Repeat("x", maxSDP+1)},
		"commit":    wire.Description{To: "x", Link: "1", Kind: wire.Offer, SDP: "v=0", Commit: strings.Repeat("x", maxNonce+1)},
		"nonce":     wire.Description{To: "x", Link: "1", Kind: wire.Answer, SDP: "v=0", Nonce: strings.Repeat("x", maxNonce+1)},
		"link":      wire.Description{To: "x", Link: strings.Repeat("x", 65), Kind: wire.Offer, SDP: "v=0"},
		"no link":   wire.Candidate{To: "x"},
		"candidate": wire.Candidate{To: "x", Link: "1", Candidate: strings.Repeat("x", maxCandidate+1)},
	}
	for name, m := range bad {
		t.Run(name, func(t *testing.T) {
			inWorld(t, Config{}, func(t *testing.T, w *world) {
				sender, agent, _, _ := w.pair()
				sender.send(m)
				expectClose(sender, wire.CloseBadMessage)
				expect[wire.MemberAway](agent)
				expectQuiet(agent)
			})
		})
	}
}

func TestWhatIsSmallEnoughStaysSo(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, _, joined := w.pair()
		sdp := strings.Repeat("<&>", maxSDP/3) // of which JSON for HTML makes six times as much
		sender.send(wire.Description{To: joined.Member, Link: "1", Kind: wire.Offer, SDP: sdp})
		equals(t, "SDP", expect[wire.Description](agent).SDP, sdp)
	})
}

func TestMetaDataIsBounded(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		c := w.customer()
		nested := func(depth int) map[string]any {
			var v any = "x"
			for range depth - 1 {
				v = []any{v}
			}
			return map[string]any{"a": v}
		}
		for _, m := range []map[string]any{{"a": strings.Repeat("x", metadata.MaxBytes)}, {"n": 1e16}} {
			c.send(wire.Start{MetaData: m})
			expectError(c, wire.ErrMetaData)
		}
		anyKeys := nested(7)
		anyKeys[""], anyKeys["first name"], anyKeys["名前"], anyKeys["customer ✓ verified"] = map[string]any{"": nil}, "Ada", "エイダ", "4711"
		c.send(wire.Start{MetaData: anyKeys})
		started := expect[wire.Started](c)
		equals(t, "metaData", w.agent("ann").join(started.Code).MetaData, anyKeys)

		c = w.customer() // what a browser finds small enough is so here, also beside what is signed, and in a message of 64 KiB
		large := map[string]any{"a": strings.Repeat("&", metadata.MaxBytes-len(`{"a":""}`))}
		signed, err := metadata.Encode(map[string]any{"b": large["a"]})
		if err != nil {
			t.Fatal(err)
		}
		c.send(wire.Start{MetaData: large, Signed: vouch.Sign(tagKey, signed, time.Now())})
		bob := w.agent("bob")
		joined := bob.join(expect[wire.Started](c).Code)
		equals(t, "metaData", joined.MetaData, large)
		equals(t, "verified", joined.Verified["b"], large["a"])
		expect[wire.MemberJoined](c)
		for range 3 { // what is not new is not told, though it was stored in between
			c.send(wire.Tell{MetaData: large, Signed: vouch.Sign(tagKey, signed, time.Now())})
		}
		expectQuiet(bob)
	})
}
