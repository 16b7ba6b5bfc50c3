package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
)

// Compared is what both ends of a peer connection know, for people to find out whether they know the same: docs/protocol.md section 2.5.
type Compared struct {
	Offer, Answer string // SDP of the first offer, and of the answer to it
	Key           string // the agent's public key as the server tells it; "": none
	Sender, Agent string // nonces, in base64url
}

// Nonce makes a nonce of 16 bytes.
func Nonce() string {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	return encode(nonce)
}

// Commitment gives what commits to a nonce. The error wraps ErrBroken.
func Commitment(nonce string) (string, error) {
	data, err := decode(nonce)
	if err != nil {
		return "", ErrBroken
	}
	sum := sha256.Sum256(data)
	return encode(sum[:]), nil
}

// Code gives the four digits that people compare. The error wraps ErrBroken.
func (c Compared) Code() (string, error) {
	sender, err := decode(c.Sender)
	if err != nil {
		return "", ErrBroken
	}
	agent, err := decode(c.Agent)
	if err != nil {
		return "", ErrBroken
	}
	text := []byte("qwelp/1 comparison")
	for _, part := range []string{prints(c.Offer), prints(c.Answer), c.Key, string(sender), string(agent)} {
		text = binary.BigEndian.AppendUint16(text, uint16(len(part)))
		text = append(text, part...)
	}
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%04d", binary.BigEndian.Uint32(sum[:])%10_000), nil
}

var fingerprintLine = regexp.MustCompile(`(?m)^a=fingerprint:(.*?)\r?$`)

// prints gives the fingerprints in an SDP.
func prints(sdp string) string {
	var values []string
	for _, line := range fingerprintLine.FindAllStringSubmatch(sdp, -1) {
		values = append(values, line[1])
	}
	return strings.Join(values, "\n")
}
