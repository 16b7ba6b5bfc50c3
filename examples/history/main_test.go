package main

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const token = "0123456789abcdef"

// start runs the app on a database and returns its origin and what stops it.
func start(t *testing.T, file string) (origin string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-agent-token", token, "-db", file}, writer, io.Discard)
		writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	if !lines.Scan() {
		t.Fatalf("it says nothing: %v", <-ended)
	}
	origin, _, _ = strings.Cut(strings.TrimSpace(strings.TrimPrefix(lines.Text(), "Customer:")), "/?")
	go io.Copy(io.Discard, reader)
	return origin, func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

var signed = regexp.MustCompile(`data-qwelp-signed="([^"]+)"`)

// session has a customer named so start one, an agent join and end it.
func session(t *testing.T, origin, name string) {
	t.Helper()
	proof := signed.FindStringSubmatch(get(t, origin+"/?name="+name))
	if proof == nil {
		t.Fatal("the page has no signed metaData")
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(origin, "http")+"/_qwelp/signal", http.Header{"Origin": {origin}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	say := func(m wire.Message) {
		data, err := wire.Encode(m)
		if err == nil {
			err = ws.WriteMessage(websocket.TextMessage, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	say(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleSender})
	say(wire.Start{Signed: html.UnescapeString(proof[1])})
	var started wire.Started
	for started.Code == "" {
		_, data, err := ws.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		m, err := wire.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		started, _ = m.(wire.Started)
	}
	say(wire.Visit{Path: "/"})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	helper, err := agent.Join(ctx, origin, started.Code, agent.Options{Token: token, Name: "Robot"})
	if err != nil {
		t.Fatal(err)
	}
	if got := helper.Verified()["customer"]; got != name {
		t.Errorf("the agent is told of %v", helper.Verified())
	}
	if err := helper.End(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsAreThereAfterARestartAndGoneWhenForgotten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a history?.db")
	origin, stop := start(t, file)
	session(t, origin, "Ada")
	session(t, origin, "Bob")
	stop()

	origin, stop = start(t, file)
	page := get(t, origin+"/_qwelp/agent/history")
	for _, want := range []string{"Ada", "Bob", "verified", "Robot", "An agent ended it"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the history:\n%s", want, page)
		}
	}
	stop()

	var said strings.Builder
	if err := run(t.Context(), []string{"-db", file, "-forget", "customer=Ada"}, &said, io.Discard); err != nil || said.String() != "Forgotten: 1 sessions\n" {
		t.Errorf("got %q, %v", said.String(), err)
	}
	db, h, err := open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sessions, _, err := h.List(t.Context(), history.Filter{})
	if err != nil || len(sessions) != 1 || fmt.Sprint(sessions[0].Verified) != "map[customer:Bob]" {
		t.Errorf("got %+v, %v", sessions, err)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
