package seal_test

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha3"
	"encoding/hex"
	"errors"
	"io"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// ends makes both ends of a link, after the sender's offer.
func ends(t *testing.T) (sender, agent *seal.Link, offer wire.Sealed) {
	t.Helper()
	private := newPrivate(t)
	sender, err := seal.Offer(private.PublicKey(), place)
	if err != nil {
		t.Fatal(err)
	}
	offer = sealed(t, sender, wire.Description{To: place.Agent, Link: place.Link, Kind: wire.Offer, SDP: "v=0"})
	if agent, err = seal.Accept([]*ecdh.PrivateKey{private}, place, offer); err != nil {
		t.Fatal(err)
	}
	opens(t, agent, offer)
	return sender, agent, offer
}

func sealed(t *testing.T, end *seal.Link, m wire.Message) wire.Sealed {
	t.Helper()
	s, err := end.Seal(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func opens(t *testing.T, end *seal.Link, m wire.Sealed) wire.Message {
	t.Helper()
	opened, err := end.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func refuses(t *testing.T, end *seal.Link, m wire.Sealed, want error) {
	t.Helper()
	if got, err := end.Open(m); !errors.Is(err, want) {
		t.Errorf("got %+v, %v, want %v", got, err, want)
	}
}

func candidate(text string) wire.Candidate {
	return wire.Candidate{To: "m", Link: place.Link, Candidate: text}
}

func TestMessagesOpenOnceAndInOrder(t *testing.T) {
	sender, agent, offer := ends(t)
	one, two := sealed(t, sender, candidate("1")), sealed(t, sender, candidate("2"))
	refuses(t, agent, two, seal.ErrMissing)
	two.Seq = one.Seq // as a server would that wants to hide the gap
	refuses(t, agent, two, seal.ErrBroken)
	refuses(t, agent, offer, seal.ErrReplayed)
	if got := opens(t, agent, one).(wire.Candidate); got.Candidate != "1" || got.To != "" {
		t.Errorf("got %+v", got)
	}
	refuses(t, agent, one, seal.ErrReplayed)
	two.Seq = 2
	opens(t, agent, two)
	back := sealed(t, agent, wire.Description{To: "m", Link: place.Link, Kind: wire.Answer, SDP: "v=0"})
	refuses(t, agent, back, seal.ErrReplayed)
	back.From = "agent"
	if got := opens(t, sender, back).(wire.Description); got.From != "agent" {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyWhatIsSaidAboutTheLinkIsSealedAndOpened(t *testing.T) {
	sender, agent, _ := ends(t)
	if _, err := sender.Seal(wire.End{}); err == nil {
		t.Error("an End was sealed")
	}
	other := candidate("1")
	other.Link = "other"
	refuses(t, agent, sealed(t, sender, other), seal.ErrBroken)
	opens(t, agent, sealed(t, sender, candidate("2")))
}

// The published vector of kem 16, kdf 1, aead 2 (RFC 9180 prints that of aead 1 only): a thousand exports, hashed.
func TestTheSuiteIsThatOfTheVector(t *testing.T) {
	var v struct{ Info, SkRm, Enc, ExportsAccumulated string }
	readJSON(t, "rfc9180.json", &v)
	bytesOf := func(text string) []byte {
		data, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	private, err := hpke.DHKEM(ecdh.P256()).NewPrivateKey(bytesOf(v.SkRm))
	if err != nil {
		t.Fatal(err)
	}
	context, err := hpke.NewRecipient(bytesOf(v.Enc), private, hpke.HKDFSHA256(), hpke.AES256GCM(), bytesOf(v.Info))
	if err != nil {
		t.Fatal(err)
	}
	source, sink := sha3.NewSHAKE128(), sha3.NewSHAKE128()
	for length := range 1000 {
		size := make([]byte, 1)
		_, _ = io.ReadFull(source, size)
		label := make([]byte, size[0])
		_, _ = io.ReadFull(source, label)
		value, err := context.Export(string(label), length)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = sink.Write(value)
	}
	sum := make([]byte, 16)
	_, _ = sink.Read(sum)
	if got := hex.EncodeToString(sum); got != v.ExportsAccumulated {
		t.Errorf("got %s, want %s", got, v.ExportsAccumulated)
	}
}
