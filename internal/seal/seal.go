// Package seal makes what goes over the server readable to nobody but the two ends of a link: what a sender and an agent say about a peer connection
// (Link), sealed to the public key of the agent's company, and the packets that are relayed (Relay), sealed to that key or the agent's own; both with
// HPKE (RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM). TypeScript's half is in signal/wire; docs/protocol.md
// sections 2.2 and 2.3 are the prose, and the vectors in testdata are checked from both sides.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Why a message is refused.
var (
	// ErrNoKey tells that the message is sealed to a key whose private half is not there.
	ErrNoKey = errors.New("seal: sealed to a key whose private key is not here")
	// ErrUnsealed tells that a message came unsealed although there is a key. There is no way back to plaintext.
	ErrUnsealed = errors.New("seal: not sealed, although there is a key")
	// ErrReplayed tells that a message with that number, or a later one, has been opened before.
	ErrReplayed = errors.New("seal: replayed, or out of order")
	// ErrMissing tells that a message before this one has not come.
	ErrMissing = errors.New("seal: a message before it is missing")
	// ErrBroken tells that the message was changed on the way, or was sealed for something else: another session, agent, link, epoch or
	// direction, or another key.
	ErrBroken = errors.New("seal: changed on the way, or sealed for something else")
)

// What HPKE is used for, first in its info.
const (
	version      = "qwelp/1"       // signalling
	relayVersion = "qwelp/1 relay" // packets over the server
)

// What is sealed is bound to who says it, besides to the place.
const (
	bySender = "sender sealed"
	byAgent  = "agent sealed"
)

// Place is what the sealing of a link is bound to.
type Place struct {
	Session string // the session's id
	Agent   string // the agent's member id
	Link    string // the peer connection's name; for a Relay the link's
	Epoch   int    // the sender's
}

// info is the info of RFC 9180 section 5.1: each text after its length.
func (p Place) info(version string) []byte {
	info := []byte(version)
	for _, text := range []string{p.Session, p.Agent, p.Link} {
		info = binary.BigEndian.AppendUint16(info, uint16(len(text)))
		info = append(info, text...)
	}
	return binary.BigEndian.AppendUint32(info, uint32(p.Epoch))
}

// Link seals and opens what one end of a link says and hears about a peer connection. Calls of one method must not overlap; a Seal and an Open may.
type Link struct {
	place   Place
	first   wire.Sealed // what the first message carries besides
	mine    string
	theirs  string
	encrypt func(aad, plaintext []byte) ([]byte, error)
	decrypt func(aad, ciphertext []byte) ([]byte, error)
	said    int
	heard   int
}

// Offer makes the sender's end of a link, with a fresh key.
func Offer(key *ecdh.PublicKey, place Place) (*Link, error) {
	public, err := hpke.NewDHKEMPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	enc, context, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), place.info(version))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	back, err := newWay(context.Export, "agent")
	if err != nil {
		return nil, err
	}
	return &Link{
		place: place, first: wire.Sealed{Key: Fingerprint(key), Enc: encode(enc), Epoch: place.Epoch},
		mine: bySender, theirs: byAgent, encrypt: context.Seal, decrypt: back.openNext,
	}, nil
}

// Accept makes the agent's end of a link, from the first message that the sender says about it; Open is to be called with that message
// then. place.Epoch is taken from the message. The error is ErrNoKey, when none of the keys fits, or ErrBroken.
func Accept(keys []*ecdh.PrivateKey, place Place, first wire.Sealed) (*Link, error) {
	name, err := decode(first.Key)
	key := keyNamed(keys, name)
	if err != nil || key == nil {
		return nil, ErrNoKey
	}
	enc, err := decode(first.Enc)
	if err != nil {
		return nil, ErrBroken
	}
	private, err := hpke.NewDHKEMPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	place.Epoch = first.Epoch
	context, err := hpke.NewRecipient(enc, private, hpke.HKDFSHA256(), hpke.AES256GCM(), place.info(version))
	if err != nil {
		return nil, ErrBroken
	}
	back, err := newWay(context.Export, "agent")
	if err != nil {
		return nil, err
	}
	return &Link{place: place, mine: byAgent, theirs: bySender, encrypt: back.sealNext, decrypt: context.Open}, nil
}

// Place tells what the sealing is bound to.
func (l *Link) Place() Place { return l.place }

// Seal seals a Description or Candidate of this link. To is the only field of it that the server reads.
func (l *Link) Seal(m wire.Message) (wire.Sealed, error) {
	var sealed wire.Sealed
	if l.said == 0 {
		sealed = l.first
	}
	switch inner := m.(type) {
	case wire.Description:
		sealed.To, inner.To, inner.From = inner.To, "", ""
		m = inner
	case wire.Candidate:
		sealed.To, inner.To, inner.From = inner.To, "", ""
		m = inner
	default:
		return wire.Sealed{}, fmt.Errorf("seal: a %T is not sealed", m)
	}
	text, err := wire.Encode(m)
	if err != nil {
		return wire.Sealed{}, err
	}
	box, err := l.encrypt([]byte(l.mine), text)
	if err != nil {
		return wire.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	sealed.Link, sealed.Seq, sealed.Box = l.place.Link, l.said, encode(box)
	l.said++
	return sealed, nil
}

// Open gives the Description or Candidate that the other end has sealed, From as the server has set it. Messages open once each, in the order
// in which they were sealed. The error is ErrReplayed, ErrMissing or ErrBroken; the link goes on as if the message had not come.
func (l *Link) Open(m wire.Sealed) (wire.Message, error) {
	switch {
	case m.Seq < l.heard:
		return nil, ErrReplayed
	case m.Seq > l.heard:
		return nil, ErrMissing
	}
	box, err := decode(m.Box)
	if err != nil || m.Link != l.place.Link {
		return nil, ErrBroken
	}
	text, err := l.decrypt([]byte(l.theirs), box)
	if err != nil {
		return nil, ErrBroken
	}
	l.heard++
	inner, err := wire.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("seal: inside: %w", err)
	}
	switch inner := inner.(type) {
	case wire.Description:
		inner.To, inner.From = "", m.From
		if inner.Link == m.Link {
			return inner, nil
		}
	case wire.Candidate:
		inner.To, inner.From = "", m.From
		if inner.Link == m.Link {
			return inner, nil
		}
	}
	return nil, ErrBroken
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func decode(text string) ([]byte, error) { return base64.RawURLEncoding.Strict().DecodeString(text) }
