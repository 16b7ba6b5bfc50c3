package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the tests' program be a server, as the program itself is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "-serve" {
		if err := serve(os.Args[2], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestOurTagIsWhereItWorks(t *testing.T) {
	c, _ := find("**qwelp**")
	for _, trap := range traps {
		got, err := caught(c, trap)
		if err != nil {
			t.Fatal(err)
		}
		if got != right {
			t.Errorf("%s: got %q", trap.name, got)
		}
	}
}

func TestTheTrapsTellContestantsApart(t *testing.T) {
	for _, c := range []struct{ contestant, trap, want string }{
		{"bare handler", "a plain page", untouched},
		{"buffer, bytes.Replace", "a plain page", right},
		{"buffer, bytes.Replace", "tags in a comment", misplaced},
		{"buffer, bytes.Replace", "no head, no body", untouched},
		{"html.Parse, Render", "tags in a comment", right},
		{"html.Parse, Render", "no head, no body", rendered},
		{"html.Parse, Render", "UTF-16", misplaced},
		{"templ's proxy, length unknown", "operators in a script, flushed", misplaced},
		{"templ's proxy, length unknown", "gzip", right},
		{"templ's proxy, length unknown", "gzip, flushed", broken},
	} {
		contestant, ok := find(c.contestant)
		if !ok {
			t.Fatalf("no contestant is called %q", c.contestant)
		}
		for _, trap := range traps {
			if trap.name != c.trap {
				continue
			}
			if got, err := caught(contestant, trap); got != c.want || err != nil {
				t.Errorf("%s, %s: got %q, %v, want %q", c.contestant, c.trap, got, err, c.want)
			}
		}
	}
}

func TestPagesAreAsLongAsTheirNamesSayAndDecodeToThemselves(t *testing.T) {
	for i, page := range generated() {
		if got, want := len(page.body), sizes[i].bytes; got < want || got > want+want/5 {
			t.Errorf("%s: got %d bytes", page.name, got)
		}
		if i >= large {
			continue // encoding takes too long under the race detector
		}
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			if text, err := decode(coding, page.in(coding).body); string(text) != string(page.body) || err != nil {
				t.Errorf("%s in %q: got %d bytes, %v", page.name, coding, len(text), err)
			}
		}
	}
}

func TestWhatIsMeasuredHasATag(t *testing.T) {
	page := generate("", 20<<10)
	for _, c := range contestants {
		for _, coding := range append([]string{""}, c.codings...) {
			if got := outputOf(c, page.in(coding)); strings.Contains(got, ",") {
				t.Errorf("%s in %q: got %s", c.name, coding, got)
			}
		}
	}
}

func TestCostsAreMeasured(t *testing.T) {
	p := plan{turns: 1, batch: time.Millisecond, log: io.Discard}
	document := generate("", 2<<10)
	rows := compare(p, 2, contestants[:3], []*page{document}, memoryOf)
	if len(rows) != 3 || len(rows[0]) != 4 {
		t.Errorf("got %q", rows)
	}
	a, err := medianArrival(contestants[1], "gzip", 1)
	if a.first == 0 || a.tag < a.first || err != nil {
		t.Errorf("got %v, %v", a, err)
	}
	s, err := launch(contestants[1])
	if err != nil {
		t.Fatal(err)
	}
	if took, err := s.cost(0, document, time.Millisecond); took == 0 || err != nil {
		t.Errorf("got %v, %v", took, err)
	}
	if err := s.end(); err != nil {
		t.Error(err)
	}
}
