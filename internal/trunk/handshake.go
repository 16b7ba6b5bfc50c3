package trunk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/gorilla/websocket"
)

// MinSecret is the least number of bytes of a secret.
const MinSecret = 32

const nonceBytes = 32

// ErrAway says that the member is not connected to the other replica.
var ErrAway = errors.New("trunk: the member is not connected there")

// ErrSecret says that the other side does not hold the same secret, or is not the replica that it is taken for.
var ErrSecret = errors.New("trunk: the other replica does not prove that it has the same secret")

// names are what both sides agree on by their proofs.
type names struct {
	pair             Pair
	dialer, listener string // replicas
}

// proof is what shows that a side holds the secret. side keeps one side's proof from being taken for the other's.
func (n names) proof(secret []byte, side string, dialed, listened []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	for _, part := range []string{"qwelp trunk 1", side, string(dialed), string(listened), n.dialer, n.listener, n.pair.Session, n.pair.From, n.pair.To} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// dial is the handshake of the side that has dialled: it reads a number, and sends its own with its proof before the other side proves anything.
func (n names) dial(ws *websocket.Conn, secret []byte) error {
	begin(ws)
	theirs, err := read(ws, nonceBytes)
	if err != nil {
		return err
	}
	own := nonce()
	if err := ws.WriteMessage(websocket.BinaryMessage, append(own, n.proof(secret, "dial", own, theirs)...)); err != nil {
		return err
	}
	answer, err := read(ws, sha256.Size)
	if websocket.IsCloseError(err, closeAway) {
		return ErrAway
	}
	if err != nil {
		return err
	}
	if !hmac.Equal(answer, n.proof(secret, "listen", own, theirs)) {
		return ErrSecret
	}
	return nil
}

// listen is the handshake of the other side. Once the one who has dialled has proved the secret, admit decides whether there is to be a trunk.
func (n names) listen(ws *websocket.Conn, secret []byte, admit func() bool) error {
	begin(ws)
	own := nonce()
	if err := ws.WriteMessage(websocket.BinaryMessage, own); err != nil {
		return err
	}
	answer, err := read(ws, nonceBytes+sha256.Size)
	if err != nil {
		return err
	}
	theirs := answer[:nonceBytes]
	if !hmac.Equal(answer[nonceBytes:], n.proof(secret, "dial", theirs, own)) {
		return ErrSecret
	}
	if !admit() {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeAway, ""), time.Now().Add(handshakeTime))
		return ErrAway
	}
	return ws.WriteMessage(websocket.BinaryMessage, n.proof(secret, "listen", theirs, own))
}

const closeAway = 4404 // the member is not here

func begin(ws *websocket.Conn) {
	ws.SetReadLimit(nonceBytes + sha256.Size)
	deadline := time.Now().Add(handshakeTime)
	_, _ = ws.SetReadDeadline(deadline), ws.SetWriteDeadline(deadline)
}

func nonce() []byte {
	n := make([]byte, nonceBytes, nonceBytes+sha256.Size)
	rand.Read(n)
	return n
}

// read reads a binary message of a size.
func read(ws *websocket.Conn, size int) ([]byte, error) {
	kind, message, err := ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	if kind != websocket.BinaryMessage || len(message) != size {
		return nil, ErrSecret
	}
	return message, nil
}
