package seal_test

import (
	"crypto/ecdh"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
)

func TestAKeyIsReadOrRefusedForItsReason(t *testing.T) {
	var cases []struct{ Name, Text, Point, Reason string }
	readJSON(t, "keys.json", &cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			key, err := seal.ParsePublic(c.Text)
			switch {
			case c.Reason != "":
				if err == nil || err.Error() != c.Reason {
					t.Errorf("got %v, want %q", err, c.Reason)
				}
			case err != nil:
				t.Error(err)
			case hex.EncodeToString(key.Bytes()) != c.Point:
				t.Errorf("got %x, want %s", key.Bytes(), c.Point)
			}
		})
	}
}

func TestEveryKeyThatIsWrittenIsRead(t *testing.T) {
	private, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := seal.FormatPrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.ParsePrivate(strings.ReplaceAll(text, "\n", "\r\n"))
	if err != nil || !again.Equal(private) {
		t.Errorf("the private key reads as %v, %v", again, err)
	}
	if _, err := seal.ParsePublic(text); err != seal.ErrPrivate {
		t.Errorf("a private key for a public one: %v, want %v", err, seal.ErrPrivate)
	}
	public, err := seal.ParsePublic(seal.FormatPublic(private.PublicKey()))
	if err != nil || !public.Equal(private.PublicKey()) {
		t.Errorf("the public key reads as %v, %v", public, err)
	}
}

func TestWhatIsNoPrivateKeyIsRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "seal: not PEM"},
		{"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "seal: the private key cannot be read"},
		{"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "seal: this is a public key; the private one is needed"},
		{"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "seal: PEM of something else than an unencrypted private key"},
		{"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBb4PD1Pt6sXMH2U+9BpAy3uJkFoQ1gnXh6dKuQDqm2Q\n-----END PRIVATE KEY-----", "seal: not a key of the curve P-256"},
	} {
		if _, err := seal.ParsePrivate(c.text); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
