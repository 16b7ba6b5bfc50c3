// Command keygen makes the key pair for sealed sessions: the public half is the customerKey of the pages, the private half goes into the
// consoles of the agents.
//
//	go run github.com/qwelp/qwelp-go/agent/keygen -out qwelp-private.pem
//
// The file is never overwritten, and only its owner may read it. What is printed is public.
package main

import (
	"crypto/ecdh"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/qwelp/qwelp-go/internal/seal"
)

func main() {
	out := flag.String("out", "qwelp-private.pem", "`file` for the private key")
	flag.Parse()
	if err := run(*out, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "keygen:", err)
		os.Exit(1)
	}
}

func run(out string, w io.Writer) error {
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		return err
	}
	private, err := seal.FormatPrivate(key)
	if err != nil {
		return err
	}
	if err := writeNew(out, private); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `Public key, for the pages. It may be seen by anybody:

	sender.Settings{CustomerKey: %q}

Private key, for the agents: %s
	Console: open "Encryption keys" below the support code, and import the file. Once per browser.
	Go:      agent.Options{PrivateKeys: ...}, read by agent.ParsePrivateKey.
	Keep a copy where the company keeps its secrets, and remove the file from here. Never give it to the sender, nor to the app's server.

Fingerprint of both: %s
`, seal.FormatPublic(key.PublicKey()), out, seal.Fingerprint(key.PublicKey()))
	return err
}

func writeNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
