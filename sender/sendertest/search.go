package sendertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
)

// wire is all that has come to the agent, by the page it came from.
type wire struct {
	log *lockedBuffer

	mu    sync.Mutex
	order []string
	pages map[string]*bytes.Buffer
	last  time.Time
}

func (w *wire) begin(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages[path] == nil {
		w.pages[path] = &bytes.Buffer{}
	}
	w.order = append(w.order, path)
}

func (w *wire) add(data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = time.Now()
	b := w.pages[w.order[len(w.order)-1]]
	b.Write(data)
	b.WriteByte('\n')
}

func (w *wire) frame(frame []byte) { w.add(frame) }

// page adds what frames tell in pieces.
func (w *wire) page(p *agent.Page) {
	w.add([]byte(p.URL + "\n" + p.Title + "\n" + p.HTML()))
	for _, asset := range p.Assets {
		w.add(asset.Data)
	}
}

// quiet waits until no more frames come: images come last.
func (w *wire) quiet(ctx context.Context) {
	for {
		w.mu.Lock()
		rest := 300*time.Millisecond - time.Since(w.last)
		w.mu.Unlock()
		if rest <= 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

func (w *wire) report(t testing.TB, c Check) {
	t.Helper()
	places := slices.Compact(slices.Sorted(slices.Values(w.order)))
	all := map[string][]byte{"the log": w.log.Bytes()}
	size := 0
	for _, path := range places {
		all[path] = w.pages[path].Bytes()
		size += len(all[path])
	}
	t.Logf("sendertest: %d pages, %d bytes reached the agent", len(places), size)
	for _, secret := range c.Secrets {
		for _, place := range append(places, "the log") {
			if how, at := find(all[place], secret); at >= 0 {
				t.Errorf("%s: %q reaches the agent %s: …%q…", place, secret, how, around(all[place], at))
			}
		}
	}
	for _, shown := range c.Shown {
		if !slices.ContainsFunc(places, func(place string) bool { return bytes.Contains(all[place], []byte(shown)) }) {
			t.Errorf("%q does not reach the agent", shown)
		}
	}
}

func around(data []byte, at int) []byte {
	return data[max(0, at-60):min(len(data), at+60)]
}

// find looks for a secret in every form of it; -1: it is not there.
func find(data []byte, secret string) (how string, at int) {
	data = bytes.ToLower(data)
	for _, form := range forms(secret) {
		if at := bytes.Index(data, []byte(strings.ToLower(form.text))); at >= 0 {
			return form.name, at
		}
	}
	return "", -1
}

type form struct{ name, text string }

// forms are the ways in which a secret might be written, those that are too short to be told from chance left out.
func forms(secret string) []form {
	all := []form{{"as it is", secret}}
	add := func(name, text string) {
		if len(text) >= 4 && !slices.ContainsFunc(all, func(f form) bool { return f.text == text }) {
			all = append(all, form{name, text})
		}
	}
	add("without its spaces and hyphens", strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(secret))
	add("escaped for a query", url.QueryEscape(secret))
	add("escaped for a path", url.PathEscape(secret))
	add("escaped for HTML", html.EscapeString(secret))
	if text, err := json.Marshal(secret); err == nil {
		add("escaped for JSON", strings.Trim(string(text), `"`))
	}
	add("in hexadecimal", hex.EncodeToString([]byte(secret)))
	letters := []rune(secret)
	slices.Reverse(letters)
	add("backwards", string(letters))
	for shift := range 3 {
		// Three ways to stand in a longer text; what depends on its neighbours is left out.
		text := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		if to-from >= 6 {
			add(fmt.Sprintf("in base64 (%d)", shift), text[from:to])
			add(fmt.Sprintf("in base64 for URLs (%d)", shift), strings.NewReplacer("+", "-", "/", "_").Replace(text[from:to]))
		}
	}
	return all
}
