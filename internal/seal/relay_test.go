package seal_test

import (
	"bytes"
	"crypto/ecdh"
	"errors"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
)

// relays makes both ends of a relay, after the sender's first box.
func relays(t testing.TB) (sender, agent *seal.Relay) {
	t.Helper()
	private := newPrivate(t)
	sender, err := seal.OfferRelay(private.PublicKey(), place)
	if err != nil {
		t.Fatal(err)
	}
	first := boxed(t, sender, "first")
	elsewhere := place
	elsewhere.Epoch = 0 // it comes of the box
	agent, err = seal.AcceptRelay([]*ecdh.PrivateKey{newPrivate(t), private}, elsewhere, first)
	if err != nil {
		t.Fatal(err)
	}
	unboxed(t, agent, first, "first")
	if agent.Place() != place {
		t.Errorf("the agent has place %v, want %v", agent.Place(), place)
	}
	return sender, agent
}

func newPrivate(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func boxed(t testing.TB, end *seal.Relay, packet string) []byte {
	t.Helper()
	box, err := end.Seal([]byte(packet))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func unboxed(t testing.TB, end *seal.Relay, box []byte, want string) {
	t.Helper()
	if got, err := end.Open(box); err != nil || string(got) != want {
		t.Fatalf("got %q, %v, want %q", got, err, want)
	}
}

func TestTheOpeningIsRepeatedUntilTheAgentAnswers(t *testing.T) {
	sender, agent := relays(t)
	const length = 77
	if got := boxed(t, sender, "")[0]; got != length {
		t.Errorf("before an answer, the opening has %d bytes, want %d", got, length)
	}
	answer := boxed(t, agent, "answer")
	if answer[0] != 0 {
		t.Errorf("the agent's opening has %d bytes", answer[0])
	}
	bad := bytes.Clone(answer)
	bad[len(bad)-1] ^= 1
	if _, err := sender.Open(bad); !errors.Is(err, seal.ErrBroken) {
		t.Errorf("got %v, want %v", err, seal.ErrBroken)
	}
	if got := boxed(t, sender, "")[0]; got != length {
		t.Errorf("after a broken answer, the opening has %d bytes, want %d", got, length)
	}
	unboxed(t, sender, answer, "answer")
	last := boxed(t, sender, "last")
	if last[0] != 0 {
		t.Errorf("after the answer, the opening has %d bytes", last[0])
	}
	unboxed(t, agent, last, "last")
}

func TestNumbersDoNotBeginAgain(t *testing.T) {
	sender, agent := relays(t)
	sender.Spend(1)
	unboxed(t, agent, boxed(t, sender, "the last"), "the last")
	if _, err := sender.Seal(nil); !errors.Is(err, seal.ErrSpent) {
		t.Errorf("got %v, want %v", err, seal.ErrSpent)
	}
	unboxed(t, sender, boxed(t, agent, "back"), "back")
}

// Whatever comes, only what was sealed opens, once and in order, and no attempt spoils what comes after.
func FuzzRelay(f *testing.F) {
	sender, agent := relays(f)
	f.Add(boxed(f, sender, "x"), byte(0), byte(1))
	f.Add(boxed(f, agent, "x"), byte(5), byte(0))
	f.Add([]byte{77}, byte(80), byte(255))
	f.Fuzz(func(t *testing.T, junk []byte, at, flip byte) {
		sender, agent := relays(t)
		one, two := boxed(t, sender, "one"), boxed(t, sender, "two")
		changed := bytes.Clone(one)
		changed[int(at)%len(changed)] ^= flip
		for _, box := range [][]byte{junk, changed} {
			if got, err := agent.Open(box); err == nil && string(got) != "one" {
				t.Fatalf("%x opens to %q", box, got)
			}
			_, _ = seal.AcceptRelay([]*ecdh.PrivateKey{newPrivate(t)}, place, box)
		}
		unboxed(t, agent, two, "two")
		if _, err := agent.Open(one); !errors.Is(err, seal.ErrReplayed) {
			t.Fatalf("got %v, want %v", err, seal.ErrReplayed)
		}
	})
}
