package wire_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// packetVectors are packets and their bytes, in hex. TypeScript reads the same file.
type packetVectors struct {
	Packets []packetVector  `json:"packets"`
	Bad     []string        `json:"bad"`
	Relayed []relayedVector `json:"relayed"`
	Broken  []string        `json:"broken"`
}

type packetVector struct {
	Kind   byte   `json:"kind"`
	Number uint32 `json:"number"`
	Also   uint32 `json:"also"`
	Data   string `json:"data"`
	Bytes  string `json:"bytes"`
}

type relayedVector struct {
	Member string `json:"member"`
	Link   string `json:"link"`
	Box    string `json:"box"`
	Bytes  string `json:"bytes"`
}

func TestPacketsKeepToTheirVectors(t *testing.T) {
	var v packetVectors
	text, err := os.ReadFile(filepath.Join("testdata", "packets.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, want := range v.Packets {
		p := wire.Packet{Kind: want.Kind, Number: want.Number, Also: want.Also, Data: unhex(t, want.Data)}
		if got := p.Append(nil); !bytes.Equal(got, unhex(t, want.Bytes)) {
			t.Errorf("%+v is written as %x, want %s", p, got, want.Bytes)
		}
		got, err := wire.DecodePacket(unhex(t, want.Bytes))
		if got.Data == nil {
			got.Data = []byte{}
		}
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%s is read as %+v, error %v, want %+v", want.Bytes, got, err, p)
		}
	}
	for _, bad := range v.Bad {
		if p, err := wire.DecodePacket(unhex(t, bad)); !errors.Is(err, wire.ErrPacket) {
			t.Errorf("%s is read as %+v, error %v", bad, p, err)
		}
	}
	if _, err := wire.DecodePacket(make([]byte, wire.MaxPacketBytes+1)); !errors.Is(err, wire.ErrPacket) {
		t.Errorf("a packet that is too large gives %v", err)
	}
	for _, want := range v.Relayed {
		if got := wire.AppendRelayed(nil, want.Member, want.Link, unhex(t, want.Box)); !bytes.Equal(got, unhex(t, want.Bytes)) {
			t.Errorf("%+v is written as %x", want, got)
		}
		member, link, box, err := wire.ReadRelayed(unhex(t, want.Bytes))
		if err != nil || member != want.Member || link != want.Link || !bytes.Equal(box, unhex(t, want.Box)) {
			t.Errorf("%s is read as %q, %q, %x, error %v", want.Bytes, member, link, box, err)
		}
	}
	for _, broken := range v.Broken {
		if _, _, _, err := wire.ReadRelayed(unhex(t, broken)); !errors.Is(err, wire.ErrPacket) {
			t.Errorf("%s gives %v", broken, err)
		}
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
