package signal

import (
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// write writes what the outbox holds, and pings.
func (c *conn) write() {
	defer c.socket.stopReading()
	// Spread, so that clients that came together are not pinged together for ever.
	ping := time.NewTimer(pingInterval/2 + rand.N(pingInterval/2))
	defer ping.Stop()
	authorized := time.Now()
	for {
		queue, packet, end := c.out.take()
		// A client that reads slowly is not one that is dead: what keeps it busy may be what others have relayed to it.
		timeout := idleTimeout
		if end != nil {
			timeout = lastTimeout
		}
		for _, msg := range queue {
			if !c.put(websocket.TextMessage, msg, timeout) {
				return
			}
		}
		if end != nil {
			if end.code != 0 {
				c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(end.code, end.text), time.Now().Add(closeTimeout))
			}
			return
		}
		if packet != nil && !c.put(websocket.BinaryMessage, packet, timeout) {
			return
		}
		select {
		case <-c.out.wake:
		case <-ping.C:
			ping.Reset(pingInterval)
			c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(idleTimeout))
			c.send(wire.Ping{})
			if time.Since(authorized) >= reauthorization {
				authorized = time.Now()
				c.server.reauthorize(c)
			}
		}
	}
}

// put writes a message.
func (c *conn) put(kind int, msg []byte, timeout time.Duration) bool {
	c.ws.SetWriteDeadline(time.Now().Add(timeout))
	if c.ws.WriteMessage(kind, msg) != nil {
		c.out.end(ending{}, true)
		return false
	}
	return true
}

func (c *conn) encode(m wire.Message) []byte {
	msg, err := wire.Encode(m)
	if err != nil {
		panic(err) // what the server sends can be encoded
	}
	return msg
}

// send queues a message of the server's for the client. A client that lets the queue fill up is cut off.
func (c *conn) send(m wire.Message) {
	if !c.out.push(c.encode(m)) {
		c.server.countEnding(wire.CloseSlow)
		c.server.log.Warn("signal: client reads too slowly", "conn", c.id)
		c.close(wire.CloseSlow, "reads too slowly", true)
	}
}

// close closes the connection after what is queued, or with drop instead of it.
func (c *conn) close(code int, text string, drop bool) {
	c.out.end(ending{code, text}, drop)
	// A write that is stuck must not delay it for long.
	timeout := lastTimeout
	if drop {
		timeout = closeTimeout
	}
	c.socket.SetWriteDeadline(time.Now().Add(timeout))
}
