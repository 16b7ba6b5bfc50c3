package seal_test

import (
	"bytes"
	"crypto/ecdh"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// relayVector is what goes over the relay, with the keys that make it so.
type relayVector struct {
	Recipient string       `json:"recipient"` // private key, PKCS #8 in PEM
	Point     string       `json:"point"`     // its public half, base64url
	Ephemeral string       `json:"ephemeral"` // the sender's private key, as a scalar in hex
	Place     seal.Place   `json:"place"`
	Info      string       `json:"info"` // hex
	Sent      []sentBox    `json:"sent"`
	Refused   []refusedBox `json:"refused"`
}

// sentBox is a packet and the box it goes in, in hex.
type sentBox struct {
	By     wire.Role `json:"by"`
	Packet string    `json:"packet"`
	Box    string    `json:"box"`
	Lost   bool      `json:"lost,omitempty"` // it does not arrive
}

// refusedBox is a box, in hex, that an end refuses which has done the first After of what is sent.
type refusedBox struct {
	Why   string         `json:"why"`
	To    wire.Role      `json:"to"`
	After int            `json:"after"`
	Place map[string]any `json:"place,omitempty"` // of the agent, where it differs
	Box   string         `json:"box"`
	Error string         `json:"error"`
}

// relayEnd is an end that does what a vector says.
type relayEnd struct {
	role  wire.Role
	keys  []*ecdh.PrivateKey
	place seal.Place
	relay *seal.Relay // nil: an agent before the first box
}

func (e *relayEnd) open(box []byte) (packet []byte, err error) {
	if e.relay == nil {
		if e.relay, err = seal.AcceptRelay(e.keys, e.place, box); err != nil {
			return nil, err
		}
	}
	return e.relay.Open(box)
}

// do seals what the end says, and opens what it hears.
func (e *relayEnd) do(t *testing.T, sent sentBox) {
	t.Helper()
	from, to, what := unhex(t, sent.Packet), unhex(t, sent.Box), "the box"
	var got []byte
	var err error
	switch {
	case e.role == sent.By:
		got, err = e.relay.Seal(from)
	case sent.Lost:
		return
	default:
		to, what = from, "the packet"
		got, err = e.open(unhex(t, sent.Box))
	}
	if err != nil || !bytes.Equal(got, to) {
		t.Errorf("%s is %x, %v, want %x", what, got, err, to)
	}
}

// fixedRelay makes a sender's end that is the same in every run.
func fixedRelay(t *testing.T, key *ecdh.PublicKey) (relay *seal.Relay) {
	t.Helper()
	fixed(t, ephemeral, func(t *testing.T) {
		var err error
		if relay, err = seal.OfferRelay(key, place); err != nil {
			t.Fatal(err)
		}
	})
	return relay
}

func TestBothLanguagesRelayAlike(t *testing.T) {
	if *update {
		writeRelay(t)
	}
	var v relayVector
	readJSON(t, "relay.json", &v)
	private, err := seal.ParsePrivate(v.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(v.Place.RelayInfo()); got != v.Info {
		t.Errorf("info is %s, want %s", got, v.Info)
	}
	end := func(t *testing.T, role wire.Role, after int) *relayEnd {
		e := &relayEnd{role: role, keys: []*ecdh.PrivateKey{private}, place: v.Place}
		if role == wire.RoleSender {
			e.relay = fixedRelay(t, private.PublicKey())
		}
		for _, sent := range v.Sent[:after] {
			e.do(t, sent)
		}
		return e
	}
	for _, role := range []wire.Role{wire.RoleSender, wire.RoleAgent} {
		end(t, role, len(v.Sent))
	}
	for _, r := range v.Refused {
		t.Run(r.Why, func(t *testing.T) {
			e := end(t, r.To, r.After)
			overlay(t, &e.place, r.Place)
			if _, err := e.open(unhex(t, r.Box)); err == nil || err.Error() != r.Error {
				t.Errorf("got %v, want %q", err, r.Error)
			}
		})
	}
}

// writeRelay has both ends talk, with ephemeral keys that are the same in every run.
func writeRelay(t *testing.T) {
	private, err := seal.ParsePrivate(recipientPEM)
	if err != nil {
		t.Fatal(err)
	}
	other := fixedKey(t, another)
	v := relayVector{
		Recipient: recipientPEM, Point: seal.FormatPublic(private.PublicKey()), Ephemeral: hex.EncodeToString(fixedKey(t, ephemeral).Bytes()),
		Place: place, Info: hex.EncodeToString(place.RelayInfo()),
	}
	sender := fixedRelay(t, private.PublicKey())
	agent := &relayEnd{role: wire.RoleAgent, keys: []*ecdh.PrivateKey{private}, place: place}
	boxes := [][]byte{}
	for _, s := range []struct {
		by     wire.Role
		packet string
		lost   bool
	}{
		{wire.RoleSender, "060000000000000001", false},
		{wire.RoleSender, "00000000000101", false},
		{wire.RoleAgent, "050000000100000000", false},
		{wire.RoleSender, "0300000000" + hex.EncodeToString([]byte(`{"type":"pageLoading"}`)), false},
		{wire.RoleSender, "0000000001ff", true},
		{wire.RoleAgent, "0300000000" + hex.EncodeToString([]byte(`{"type":"resync","reason":"gap"}`)), true},
		{wire.RoleSender, "04", false},
		{wire.RoleAgent, "050000000100000001", false},
		{wire.RoleSender, "", false},
	} {
		from, to := sender, agent.open
		if s.by == wire.RoleAgent {
			from, to = agent.relay, sender.Open
		}
		box, err := from.Seal(unhex(t, s.packet))
		if err != nil {
			t.Fatal(err)
		}
		if !s.lost {
			if _, err := to(box); err != nil {
				t.Fatal(err)
			}
		}
		boxes = append(boxes, box)
		v.Sent = append(v.Sent, sentBox{By: s.by, Packet: s.packet, Box: hex.EncodeToString(box), Lost: s.lost})
	}
	first, second, answer := boxes[0], boxes[1], boxes[2]
	const enc, epoch, number, ciphertext = 9, 74, 78, 82
	with := func(box []byte, at int, data ...byte) []byte {
		box = bytes.Clone(box)
		copy(box[at:], data)
		return box
	}
	toOther, err := fixedRelay(t, other.PublicKey()).Seal(nil)
	if err != nil {
		t.Fatal(err)
	}
	broken, replayed := seal.ErrBroken, seal.ErrReplayed
	for _, r := range []struct {
		why   string
		to    wire.Role
		after int
		place map[string]any
		box   []byte
		err   error
	}{
		{"nothing at all", wire.RoleAgent, 0, nil, nil, broken},
		{"a packet that is not sealed", wire.RoleAgent, 0, nil, unhex(t, v.Sent[0].Packet), broken},
		{"an opening cut off", wire.RoleAgent, 0, nil, first[:epoch], broken},
		{"an opening and nothing else", wire.RoleAgent, 0, nil, first[:number], broken},
		{"an opening of another length", wire.RoleAgent, 0, nil, append([]byte{78}, first...), broken},
		{"a number and nothing else", wire.RoleAgent, 0, nil, first[:ciphertext], broken},
		{"a number cut off", wire.RoleAgent, 0, nil, first[:ciphertext-1], broken},
		{"a box cut off", wire.RoleAgent, 0, nil, first[:len(first)-1], broken},
		{"a flipped bit", wire.RoleAgent, 0, nil, with(first, ciphertext, first[ciphertext]^1), broken},
		{"another number", wire.RoleAgent, 0, nil, with(first, number, 0, 0, 0, 1), broken},
		{"another epoch", wire.RoleAgent, 0, nil, with(first, epoch, 0, 0, 0, 2), broken},
		{"another ephemeral key", wire.RoleAgent, 0, nil, with(first, enc, other.PublicKey().Bytes()...), broken},
		{"an ephemeral key that is no point", wire.RoleAgent, 0, nil, with(first, enc+1, make([]byte, 64)...), broken},
		{"the name of another key", wire.RoleAgent, 0, nil, with(first, 1, 0, 0), seal.ErrNoKey},
		{"sealed to another key", wire.RoleAgent, 0, nil, toOther, seal.ErrNoKey},
		{"no opening", wire.RoleAgent, 0, nil, answer, seal.ErrMissing},
		{"another link", wire.RoleAgent, 0, map[string]any{"Link": "4f5d"}, first, broken},
		{"another session", wire.RoleAgent, 0, map[string]any{"Session": "s-2"}, first, broken},
		{"another agent", wire.RoleAgent, 0, map[string]any{"Agent": "m-other"}, first, broken},
		{"texts of the place shifted", wire.RoleAgent, 0, map[string]any{"Session": "s-1m", "Agent": "-agent"}, first, broken},
		{"the first box again", wire.RoleAgent, 1, nil, first, replayed},
		{"the one before the last", wire.RoleAgent, 2, nil, first, replayed},
		{"a box that was overtaken", wire.RoleAgent, 7, nil, boxes[4], replayed},
		{"a number that is made up", wire.RoleAgent, 1, nil, with(second, number, 0xff, 0xff, 0xff, 0xff), broken},
		{"what the agent has said itself", wire.RoleAgent, 3, nil, with(answer, 1, 0, 0, 0, 9), broken},
		{"what the sender has said itself", wire.RoleSender, 2, nil, first, broken},
		{"what the sender has said later", wire.RoleSender, 4, nil, boxes[3], broken},
		{"the answer again", wire.RoleSender, 3, nil, answer, replayed},
		{"an answer that was overtaken", wire.RoleSender, 8, nil, boxes[5], replayed},
		{"an answer with a flipped bit", wire.RoleSender, 2, nil, with(answer, len(answer)-1, answer[len(answer)-1]^1), broken},
	} {
		v.Refused = append(v.Refused, refusedBox{r.why, r.to, r.after, r.place, hex.EncodeToString(r.box), r.err.Error()})
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/relay.json", append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := int(binary.BigEndian.Uint32(first[epoch:])); got != place.Epoch {
		t.Errorf("the opening has epoch %d", got)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
