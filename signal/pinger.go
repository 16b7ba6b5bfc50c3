package signal

import (
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// pingSlots is how many parts of pingInterval there are. The connections of one part are pinged together: a timer for each would wake the process for each, and
// that costs more than the pings do. So many parts that a burst is short: 60 connections of 5 000.
const pingSlots = 80

// ping pings every connection once in pingInterval, those of a slot together.
func (s *Server) ping() {
	ticker := time.NewTicker(pingInterval / pingSlots)
	defer ticker.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
		s.mu.Lock()
		s.slot = (s.slot + 1) % pingSlots
		for c := range s.slots[s.slot] {
			c.out.ping()
		}
		s.mu.Unlock()
	}
}

// schedule puts a connection into a slot of the second half of the interval that begins now: it is young, and those that came together are not to be pinged
// together for ever. mu must be held.
func (s *Server) schedule(c *conn) {
	c.slot = (s.slot + pingSlots/2 + rand.IntN(pingSlots/2)) % pingSlots
	if s.slots[c.slot] == nil {
		s.slots[c.slot] = map[*conn]struct{}{}
	}
	s.slots[c.slot][c] = struct{}{}
}

// pings are a ping of the protocol, which shows the client's script that the connection lives, and one of RFC 6455, which a browser answers while the page is
// frozen: as two frames, in one write.
var pings = func() []byte {
	text, err := wire.Encode(wire.Ping{})
	if err != nil || len(text) > 125 {
		panic("signal: a ping that is no short frame")
	}
	const final = 0x80
	frames := []byte{final | websocket.PingMessage, 0, final | websocket.TextMessage, byte(len(text))}
	return append(frames, text...)
}()
