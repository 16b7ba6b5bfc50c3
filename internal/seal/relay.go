package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// What a box consists of: docs/protocol.md section 2.3.
const (
	openingLength = fingerprintLength + pointLength + 4
	numberLength  = 4
	maxNumber     = math.MaxUint32
)

// ErrSpent tells that all numbers of a direction are used up: the link must be made anew.
var ErrSpent = errors.New("seal: no number is left for another packet")

// Relay seals and opens the packets of a link that go over the app's server, at one end. Its methods must not be called at the same time.
type Relay struct {
	place   Place
	opening []byte // of the boxes that are sealed here; empty once the other end has it
	out, in *way
}

// OfferRelay makes the sender's end, with a fresh key.
func OfferRelay(key *ecdh.PublicKey, place Place) (*Relay, error) {
	public, err := hpke.NewDHKEMPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	enc, context, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), place.info(relayVersion))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	out, in, err := relayWays(context.Export)
	if err != nil {
		return nil, err
	}
	opening := binary.BigEndian.AppendUint32(append(fingerprint(key), enc...), uint32(place.Epoch))
	return &Relay{place: place, opening: opening, out: out, in: in}, nil
}

// AcceptRelay makes the agent's end, from a box with an opening; Open is to be called with that box then. place.Epoch is taken from the box, and
// place.Link is the link's name without the number of a peer connection. The error is ErrNoKey when the box is sealed to none of the keys, ErrMissing
// when it has no opening, or ErrBroken.
func AcceptRelay(keys []*ecdh.PrivateKey, place Place, box []byte) (*Relay, error) {
	opening, _, ok := cutOpening(box)
	switch {
	case !ok:
		return nil, ErrBroken
	case len(opening) == 0:
		return nil, ErrMissing
	}
	private := keyNamed(keys, opening[:fingerprintLength])
	if private == nil {
		return nil, ErrNoKey
	}
	recipient, err := hpke.NewDHKEMPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	enc, epoch := opening[fingerprintLength:fingerprintLength+pointLength], opening[fingerprintLength+pointLength:]
	place.Epoch = int(binary.BigEndian.Uint32(epoch))
	context, err := hpke.NewRecipient(enc, recipient, hpke.HKDFSHA256(), hpke.AES256GCM(), place.info(relayVersion))
	if err != nil {
		return nil, ErrBroken
	}
	in, out, err := relayWays(context.Export)
	if err != nil {
		return nil, err
	}
	return &Relay{place: place, out: out, in: in}, nil
}

func relayWays(export func(label string, length int) ([]byte, error)) (bySender, byAgent *way, err error) {
	if bySender, err = newWay(export, "sender relay"); err == nil {
		byAgent, err = newWay(export, "agent relay")
	}
	return bySender, byAgent, err
}

// Place tells what the sealing is bound to.
func (r *Relay) Place() Place { return r.place }

// Seal gives a packet in a box. The error is ErrSpent.
func (r *Relay) Seal(packet []byte) ([]byte, error) {
	if r.out.next > maxNumber {
		return nil, ErrSpent
	}
	box := make([]byte, 0, 1+openingLength+numberLength+len(packet)+r.out.aead.Overhead())
	box = append(append(box, byte(len(r.opening))), r.opening...)
	box = binary.BigEndian.AppendUint32(box, uint32(r.out.next))
	return r.out.seal(box, nil, packet), nil
}

// Open gives the packet in a box of the other end, whatever its opening. Boxes open once each, in the order in which they were sealed; those in
// between may be missing. The error is ErrReplayed or ErrBroken; the link goes on as if the box had not come.
func (r *Relay) Open(box []byte) ([]byte, error) {
	_, rest, ok := cutOpening(box)
	if !ok || len(rest) < numberLength {
		return nil, ErrBroken
	}
	number := uint64(binary.BigEndian.Uint32(rest))
	if number < r.in.next {
		return nil, ErrReplayed
	}
	packet, err := r.in.open(number, nil, rest[numberLength:])
	if err != nil {
		return nil, ErrBroken
	}
	r.opening = nil
	return packet, nil
}

// cutOpening cuts the opening off a box, which is empty or whole.
func cutOpening(box []byte) (opening, rest []byte, ok bool) {
	switch {
	case len(box) > 0 && box[0] == 0:
		return nil, box[1:], true
	case len(box) > openingLength && box[0] == openingLength:
		return box[1 : 1+openingLength], box[1+openingLength:], true
	}
	return nil, nil, false
}
