package seal_test

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"
	"testing/cryptotest"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

var update = flag.Bool("update", false, "write testdata/links.json and relay.json anew")

// linkVector is what both ends of a link say, with the keys that make it so.
type linkVector struct {
	Recipient string          `json:"recipient"` // private key, PKCS #8 in PEM
	CustomerK string          `json:"customerKey"`
	Ephemeral string          `json:"ephemeral"` // the sender's private key, as a scalar in hex
	Place     seal.Place      `json:"place"`
	Info      string          `json:"info"` // hex
	Said      []said          `json:"said"`
	Refused   []refusedVector `json:"refused"`
}

type said struct {
	By    wire.Role       `json:"by"`
	Plain json.RawMessage `json:"plain"`
	Wire  json.RawMessage `json:"wire"`
}

// refusedVector is a change to the first message, made on the way, and what the agent says of it.
type refusedVector struct {
	Why   string         `json:"why"`
	Place map[string]any `json:"place,omitempty"` // of the agent, where it differs
	Wire  map[string]any `json:"wire,omitempty"`
	Error string         `json:"error"`
}

const recipientPEM = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgde+w735Lxxgk5E7V
DX/O39aRNPppC9SyyfxYejpHFxWhRANCAASgBU3SAG9Lv8vgZXOGQNvxJCyV9xJl
QI3BJ0BGchZXXkUufX3tuFBjo1pfUPsWxTVGeELR11wI+a0Rw/IYfq9y
-----END PRIVATE KEY-----
`

var place = seal.Place{Session: "s-1", Agent: "m-agent", Link: "4f5c", Epoch: 3}

func TestBothLanguagesSealAlike(t *testing.T) {
	if *update {
		writeLinks(t)
	}
	var v linkVector
	readJSON(t, "links.json", &v)
	private, err := seal.ParsePrivate(v.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(v.Place.Info()); got != v.Info {
		t.Errorf("info is %s, want %s", got, v.Info)
	}
	first := decoded[wire.Sealed](t, v.Said[0].Wire)
	agent, err := seal.Accept([]*ecdh.PrivateKey{private}, v.Place, first)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range v.Said {
		want := decoded[wire.Message](t, s.Plain)
		if s.By == wire.RoleAgent {
			sealed, err := agent.Seal(want)
			if err != nil {
				t.Fatal(err)
			}
			if want := decoded[wire.Sealed](t, s.Wire); sealed != want {
				t.Errorf("message %d is sealed to %+v, want %+v", i, sealed, want)
			}
			continue
		}
		got, err := agent.Open(decoded[wire.Sealed](t, s.Wire))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("message %d opens to %+v, %v, want %+v", i, got, err, want)
		}
	}
	for _, r := range v.Refused {
		t.Run(r.Why, func(t *testing.T) {
			elsewhere, changed := v.Place, first
			overlay(t, &elsewhere, r.Place)
			overlay(t, &changed, r.Wire)
			agent, err := seal.Accept([]*ecdh.PrivateKey{private}, elsewhere, changed)
			if err == nil {
				_, err = agent.Open(changed)
			}
			if err == nil || err.Error() != r.Error {
				t.Errorf("got %v, want %q", err, r.Error)
			}
		})
	}
}

// writeLinks has both ends talk, with ephemeral keys that are the same in every run.
func writeLinks(t *testing.T) {
	private, err := seal.ParsePrivate(recipientPEM)
	if err != nil {
		t.Fatal(err)
	}
	var sender *seal.Link
	fixed(t, ephemeral, func(t *testing.T) {
		if sender, err = seal.Offer(private.PublicKey(), place); err != nil {
			t.Fatal(err)
		}
	})
	v := linkVector{
		Recipient: recipientPEM, CustomerK: seal.FormatPublic(private.PublicKey()), Ephemeral: hex.EncodeToString(fixedKey(t, ephemeral).Bytes()),
		Place: place, Info: hex.EncodeToString(place.Info()),
	}
	var agent *seal.Link
	for _, m := range []struct {
		by wire.Role
		m  wire.Message
	}{
		{wire.RoleSender, wire.Description{Link: "4f5c", Kind: wire.Offer, SDP: "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"}},
		{wire.RoleSender, wire.Candidate{Link: "4f5c", Candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", SDPMid: "0"}},
		{wire.RoleAgent, wire.Description{Link: "4f5c", Kind: wire.Answer, SDP: "v=0\r\no=- 3 4 IN IP4 127.0.0.1\r\n"}},
		{wire.RoleSender, wire.Candidate{Link: "4f5c"}},
		{wire.RoleAgent, wire.Candidate{Link: "4f5c", Candidate: "candidate:2 1 udp 1 192.0.2.2 9 typ host", SDPMid: "0"}},
	} {
		end := sender
		if m.by == wire.RoleAgent {
			end = agent
		}
		sealed, err := end.Seal(m.m)
		if err != nil {
			t.Fatal(err)
		}
		if agent == nil {
			if agent, err = seal.Accept([]*ecdh.PrivateKey{private}, place, sealed); err != nil {
				t.Fatal(err)
			}
		}
		other := agent
		if m.by == wire.RoleAgent {
			other = sender
		}
		if _, err := other.Open(sealed); err != nil {
			t.Fatal(err)
		}
		v.Said = append(v.Said, said{m.by, encoded(t, m.m), encoded(t, sealed)})
	}
	first := decoded[wire.Sealed](t, v.Said[0].Wire)
	second := decoded[wire.Sealed](t, v.Said[1].Wire)
	flipped := []byte(first.Box)
	flipped[7] ^= 1
	other := fixedKey(t, another)
	broken, missing := seal.ErrBroken.Error(), seal.ErrMissing.Error()
	v.Refused = []refusedVector{
		{"a flipped bit", nil, map[string]any{"box": string(flipped)}, broken},
		{"the message after it", nil, map[string]any{"box": second.Box}, broken},
		{"another ephemeral key", nil, map[string]any{"enc": seal.FormatPublic(other.PublicKey())}, broken},
		{"a compressed ephemeral key", nil, map[string]any{"enc": compressed(other.PublicKey())}, broken},
		{"the point at infinity for an ephemeral key", nil, map[string]any{"enc": "AA"}, broken},
		{"no ephemeral key", nil, map[string]any{"enc": ""}, broken},
		{"a box that is no base64url", nil, map[string]any{"box": "+/=="}, broken},
		{"an empty box", nil, map[string]any{"box": ""}, broken},
		{"another epoch", nil, map[string]any{"epoch": 2}, broken},
		{"another link", map[string]any{"Link": "4f5d"}, map[string]any{"link": "4f5d"}, broken},
		{"another session", map[string]any{"Session": "s-2"}, nil, broken},
		{"another agent", map[string]any{"Agent": "m-other"}, nil, broken},
		{"texts of the place shifted", map[string]any{"Session": "s-1m", "Agent": "-agent"}, nil, broken},
		{"what the agent has said itself", nil, map[string]any{"box": decoded[wire.Sealed](t, v.Said[2].Wire).Box}, broken},
		{"another key", nil, map[string]any{"key": "AAAAAAAAAAA"}, seal.ErrNoKey.Error()},
		{"a number ahead", nil, map[string]any{"seq": 1}, missing},
		{"a number below zero", nil, map[string]any{"seq": -1}, seal.ErrReplayed.Error()},
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/links.json", append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// With the seed ephemeral, fixed has a sender take the key that fixedKey gives.
const (
	ephemeral = 1
	another   = 2
)

// fixed runs something with randomness that is the same in every run.
func fixed(t *testing.T, seed uint64, run func(t *testing.T)) {
	t.Helper()
	t.Run("fixed", func(t *testing.T) {
		cryptotest.SetGlobalRandom(t, seed)
		run(t)
	})
}

func fixedKey(t *testing.T, seed uint64) (key *ecdh.PrivateKey) {
	t.Helper()
	fixed(t, seed, func(t *testing.T) { key = newPrivate(t) })
	return key
}

func compressed(key *ecdh.PublicKey) string {
	point := key.Bytes()
	return base64.RawURLEncoding.EncodeToString(append([]byte{2 + point[64]&1}, point[1:33]...))
}

// overlay sets the fields of what value points to that have changes.
func overlay(t *testing.T, value any, changes map[string]any) {
	t.Helper()
	text, err := json.Marshal(changes)
	if err == nil {
		err = json.Unmarshal(text, value)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func decoded[M any](t *testing.T, text []byte) M {
	t.Helper()
	m, err := wire.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return m.(M)
}

func encoded(t *testing.T, m wire.Message) json.RawMessage {
	t.Helper()
	text, err := wire.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
