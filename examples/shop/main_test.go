package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"strings"
	"testing"
)

// start runs the program with args and returns what it prints for the customer and for the agent, and what stops it.
func start(t *testing.T, args ...string) (customer, agent string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, printed, io.Discard)
		printed.CloseWithError(errors.Join(io.EOF, err))
		ended <- err
	}()
	t.Cleanup(cancel)
	lines := bufio.NewScanner(out)
	read := func(label string) string {
		if !lines.Scan() {
			t.Fatalf("no line for %s: %v", label, lines.Err())
		}
		value, ok := strings.CutPrefix(lines.Text(), label)
		if !ok {
			t.Fatalf("got %q, want a line that starts with %q", lines.Text(), label)
		}
		return value
	}
	customer, agent = read("Customer: "), read("Agent:    ")
	return customer, agent, func() error {
		cancel()
		return <-ended
	}
}

func TestTheProgramServesTheShopWithCoBrowsing(t *testing.T) {
	customer, agent, stop := start(t, "-addr", "127.0.0.1:0", "-agent-token", "sesame & co")
	if strings.HasSuffix(customer, ":0/") || agent != customer+"_qwelp/agent/?token=sesame+%26+co" {
		t.Fatalf("got %q and %q", customer, agent)
	}
	b := newBrowser(t, strings.TrimSuffix(customer, "/"))
	b.logIn()
	b.addMugs("2")
	page := b.get("/")
	b.has(page, 200, "data-qwelp-settings", "Ada Lovelace", "#1f5f4a", "cartItems")
	if got := page.header.Get("Content-Security-Policy"); got != contentPolicy {
		t.Errorf("got policy %q", got)
	}
	b.has(b.get("/checkout"), 200, "#2f4b8f")
	b.has(b.get("/_qwelp/healthz"), 200, "ok")
	b.has(b.get("/_qwelp/agent/"), 401)

	redirected := b.get("/_qwelp/agent/?token=sesame+%26+co")
	if redirected.status != http.StatusSeeOther {
		t.Errorf("the token got status %d, want 303", redirected.status)
	}
	b.has(b.get("/_qwelp/agent/"), 200, "<!doctype html>")
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestEveryStartHasItsOwnAgentToken(t *testing.T) {
	var tokens []string
	for range 2 {
		_, agent, stop := start(t, "-addr", "127.0.0.1:0")
		_, token, _ := strings.Cut(agent, "?token=")
		tokens = append(tokens, token)
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	if tokens[0] == tokens[1] || len(tokens[0]) < 20 {
		t.Errorf("got %q", tokens)
	}
}

func TestAWrongStartIsAnError(t *testing.T) {
	cases := []struct {
		name string
		args []string
		help bool
	}{
		{"help", []string{"-h"}, true},
		{"an unknown flag", []string{"-colour", "red"}, false},
		{"an address that is none", []string{"-addr", "nowhere"}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := run(t.Context(), c.args, io.Discard, io.Discard)
			if err == nil || errors.Is(err, flag.ErrHelp) != c.help {
				t.Errorf("got %v", err)
			}
		})
	}
}
