package signal

import (
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// write writes what the outbox holds, and pings.
func (c *conn) write() {
	defer c.socket.stopReading()
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
		if c.out.takePing() {
			if !c.ping() {
				return
			}
			if time.Since(authorized) >= reauthorization {
				authorized = time.Now()
				c.server.reauthorize(c)
			}
			continue // more may have come meanwhile, whose sign the ping's has swallowed
		}
		<-c.out.wake
	}
}

// ping writes the frames of a ping, beside the library, whose writes they cannot come between: it makes each frame one Write.
func (c *conn) ping() bool {
	c.socket.SetWriteDeadline(time.Now().Add(idleTimeout))
	if _, err := c.socket.Write(pings); err != nil {
		c.out.end(ending{}, true)
		return false
	}
	return true
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
