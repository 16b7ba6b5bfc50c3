package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
)

func TestAPairIsMadeAndNothingSecretPrinted(t *testing.T) {
	name := filepath.Join(t.TempDir(), "private.pem")
	var said strings.Builder
	if err := run(name, &said); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.ParsePrivate(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{seal.FormatPublic(key.PublicKey()), seal.Fingerprint(key.PublicKey()), name} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, said.String())
		}
	}
	if strings.Contains(said.String(), "BEGIN") {
		t.Error("it prints the private key")
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v, %v", info.Mode(), err)
	}
	if err := run(name, &said); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the file was overwritten: %v", err)
	}
}
