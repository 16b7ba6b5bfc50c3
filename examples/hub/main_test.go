package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestTheHubPrintsATagThatPagesOfItsSitesCanUse(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-agent-token", "0123456789abcdef", "-site", "https://www.example.com", "-site", "https://*.shop.example"}, writer, io.Discard)
		writer.Close()
	}()
	said, err := io.ReadAll(io.LimitReader(reader, 1))
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]byte, 4096)
	for !bytes.Contains(said, []byte("index.js")) {
		n, err := reader.Read(lines)
		if err != nil {
			t.Fatal(err, <-ended)
		}
		said = append(said, lines[:n]...)
	}
	tag := regexp.MustCompile(`<script type="module" src="(http://[^"]*)current/auto\.js" data-qwelp-settings="{}"></script>`).FindSubmatch(said)
	if tag == nil || !bytes.Contains(said, []byte("agent/?token=0123456789abcdef")) {
		t.Fatalf("it says:\n%s", said)
	}
	base := string(tag[1])
	response, err := http.Get(base + "current/auto.js")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the script: %s %v", response.Status, response.Header)
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	for origin, may := range map[string]bool{"https://www.example.com": true, "https://eu.shop.example": true, "https://example.com": false, "https://evil.test": false} {
		ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(base, "http")+"signal", http.Header{"Origin": {origin}})
		if may != (err == nil) {
			t.Errorf("a page of %s: %v", origin, err)
		}
		if err == nil {
			ws.Close()
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAHubWithoutSitesSaysWhatIsMissing(t *testing.T) {
	if err := run(t.Context(), []string{"-site", "https://www.example.com", "-identity-secret", "short"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "identitySecret: 5 bytes, want 32 or more") {
		t.Error(err)
	}
	for _, public := range []string{"support.example.com", "ftp://support.example.com", "https://", "https://support.example.com/?a=b"} {
		if err := run(t.Context(), []string{"-site", "https://www.example.com", "-url", public}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-url: ") {
			t.Errorf("%s: %v", public, err)
		}
	}
	if err := run(t.Context(), []string{"-site", "https://www.example.com", "-trust", "10.0.0.0"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-trust: ") {
		t.Error(err)
	}
	if err := run(t.Context(), nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-site https://www.example.com") {
		t.Error(err)
	}
	if err := run(t.Context(), []string{"-site", "www.example.com"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), `"www.example.com": want an origin such as "https://www.example.com"`) {
		t.Error(err)
	}
}
