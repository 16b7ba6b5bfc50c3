package sendertest

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/agent"
)

//go:embed testdata/growing.html
var growing string

// counter keeps what arrives since it was last asked.
type counter struct {
	mu     sync.Mutex
	frames [][]byte
}

func (c *counter) frame(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frames = append(c.frames, frame)
}

func (c *counter) take() (frames [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	frames, c.frames = c.frames, nil
	return frames
}

// withoutLast leaves out the frame with the mark.
func withoutLast(frames [][]byte) [][]byte { return frames[:max(0, len(frames)-1)] }

// Secret fields that grow with what is typed, in all ways that pages have: once a field holds something, and its echoes have been seen twice, no
// further letter sends a byte, so neither the length nor the time of a letter is told. A field that holds something from the start is sent with the same
// bytes, whatever it holds.
func TestHowLongASecretIsIsNotTold(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	front, prefix, err := (Check{Handler: secretsSite(growing)}).front(log)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(front)
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	customer, err := open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer customer.close()
	if err := customer.visit(server.URL + "/"); err != nil {
		t.Fatal(err)
	}
	code, err := customer.startSession(prefix)
	if err != nil {
		t.Fatal(err)
	}
	seen := &counter{}
	session, err := agent.Join(ctx, server.URL, code, agent.Options{Token: token, Prefix: prefix, OnFrame: seen.frame, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.End(ctx) }()
	if err := customer.allow(session); err != nil {
		t.Fatal(err)
	}
	marks := 0
	// mark waits until all that was done has arrived.
	mark := func() {
		t.Helper()
		marks++
		class := fmt.Sprintf("mark-%d", marks)
		if _, err := evaluate[any](customer, `settled().then(() => document.querySelector("#mark").className = "`+class+`")`); err != nil {
			t.Fatal(err)
		}
		waiting, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := session.WaitFor(waiting, func(p *agent.Page) bool { return hasClass(p, class) }); err != nil {
			t.Fatal(err)
		}
	}
	// The first letters say that there is something; a text that repeats them becomes secret when it does so again.
	steps := func(count int, letters string) {
		t.Helper()
		if _, err := evaluate[any](customer, fmt.Sprintf(`type(%d, %q)`, count, letters)); err != nil {
			t.Fatal(err)
		}
	}
	steps(8, "Wi")
	mark()
	_ = seen.take()
	steps(8, "Wm")
	mark()
	for _, frame := range withoutLast(seen.take()) {
		t.Errorf("letters had this sent: %q", frame)
	}
	for _, field := range []string{"sizing", "edit", "scrolled"} {
		if _, err := evaluate[any](customer, fmt.Sprintf(`void document.getElementById(%q).focus()`, field)); err != nil {
			t.Fatal(err)
		}
		mark()
		_ = seen.take()
		for range 4 {
			if err := chromedp.Do(customer.ctx, chromedp.KeyEvent("Wm")); err != nil {
				t.Fatal(err)
			}
			if _, err := evaluate[any](customer, `settled()`); err != nil {
				t.Fatal(err)
			}
		}
		mark()
		for _, frame := range withoutLast(seen.take()) {
			t.Errorf("%s: keys had this sent: %q", field, frame)
		}
	}
	// What is around a field is sent as it is: icons have their size, and an element that comes again has what it has by now.
	for _, step := range []string{`filled.className = "one"`, `filled.remove()`, `(filled.className = "two", row.append(filled))`, `filled.className = "one"`} {
		if _, err := evaluate[any](customer, `(({filled, row}) => void (`+step+`))(window.kept ??= {filled: $("filled"), row: $("row")})`); err != nil {
			t.Fatal(err)
		}
		mark()
	}
	if html := session.Page().HTML(); !regexp.MustCompile(`id="filled"[^>]*class="one"|class="one"[^>]*id="filled"`).MatchString(html) || !strings.Contains(html, `width="27"`) {
		t.Errorf("the agent has %s", html)
	}
	if html := session.Page().HTML(); regexp.MustCompile(`[">]\s*W|(16|24|40|48)/64`).MatchString(html) {
		t.Errorf("the agent has %s", html)
	}
}
