// Package trunk carries packets between two replicas of an app: one WebSocket for each pair of members that are connected to
// different ones. It knows nothing of sessions but the names of a pair. What it carries is sealed between the two ends already, so that
// it proves who speaks and hides nothing; over networks that others can write to, give it https URLs.
//
// Both sides prove that they hold the same secret, by an HMAC-SHA256 over fresh numbers of both and all names (docs/protocol.md section 1.10). Then each
// binary message is one packet. A side that reads slowly fills the buffers of the connection, and so the other side waits.
package trunk

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Pair names who packets go between: two members of a session, of whom From is connected to the replica that dials.
type Pair struct{ Session, From, To string }

// Receive takes a packet that has come. It may block, whereupon the other side waits. An error ends the trunk.
type Receive func(packet []byte) error

// What a trunk may take.
const (
	handshakeTime = 2 * time.Second  // to open one
	writeTime     = 10 * time.Second // for a packet to find room
	pingInterval  = 15 * time.Second
	silence       = 45 * time.Second // without a sign of life
	bufferBytes   = 256 << 10        // of the connection, for each direction
)

// ErrClosed is returned by Send when the trunk is closed.
var ErrClosed = errors.New("trunk: closed")

// Trunk is an open trunk. Safe for concurrent use.
type Trunk struct {
	ws     *websocket.Conn
	closed chan struct{}
	once   sync.Once
	write  sync.Mutex
}

func newTrunk(ws *websocket.Conn, maxPacket int64) *Trunk {
	ws.SetReadLimit(maxPacket)
	return &Trunk{ws: ws, closed: make(chan struct{})}
}

// Send sends a packet. While the other side does not read, it waits; after ten seconds it gives the trunk up.
func (t *Trunk) Send(packet []byte) error {
	t.write.Lock()
	defer t.write.Unlock()
	select {
	case <-t.closed:
		return ErrClosed
	default:
	}
	_ = t.ws.SetWriteDeadline(time.Now().Add(writeTime))
	if err := t.ws.WriteMessage(websocket.BinaryMessage, packet); err != nil {
		t.Close()
		return err
	}
	return nil
}

// Close ends the trunk at once. Further calls do nothing.
func (t *Trunk) Close() {
	t.once.Do(func() {
		close(t.closed)
		t.ws.Close()
	})
}

// Done is closed when the trunk is.
func (t *Trunk) Done() <-chan struct{} { return t.closed }

// run reads until the trunk is closed, and keeps it alive meanwhile.
func (t *Trunk) run(receive Receive) {
	defer t.Close()
	go t.ping()
	alive := func(string) error { return t.ws.SetReadDeadline(time.Now().Add(silence)) }
	t.ws.SetPongHandler(alive)
	answer := t.ws.PingHandler()
	t.ws.SetPingHandler(func(data string) error { return errors.Join(alive(data), answer(data)) })
	for {
		_ = alive("")
		kind, packet, err := t.ws.ReadMessage()
		if err != nil || kind != websocket.BinaryMessage || receive(packet) != nil {
			return
		}
	}
}

func (t *Trunk) ping() {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	for {
		select {
		case <-t.closed:
			return
		case <-ticker.C:
			if t.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime)) != nil {
				t.Close()
				return
			}
		}
	}
}

// bounded keeps a connection's buffers small, so that what waits in them does.
func bounded(conn net.Conn) net.Conn {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_, _ = tcp.SetReadBuffer(bufferBytes), tcp.SetWriteBuffer(bufferBytes)
	}
	return conn
}
