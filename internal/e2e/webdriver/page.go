package webdriver

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// Page is a page in a window. Not safe for concurrent use, nor are several of one browser.
type Page struct {
	*Browser
	t      testing.TB
	window string
	left   int // from the left of the screen
}

// For is the page for a part of the test.
func (p *Page) For(t testing.TB) *Page {
	before := p.t
	p.t = t
	t.Cleanup(func() { p.t = before })
	return p
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", p.Name, err)
	}
}

// Go opens a URL and waits for its load event.
func (p *Page) Go(url string) {
	p.t.Helper()
	_, err := p.do(navigate, map[string]any{"url": url})
	p.must(err)
}

// Reload reloads the page.
func (p *Page) Reload() {
	p.t.Helper()
	_, err := p.do(refresh, map[string]any{})
	p.must(err)
}

// Back goes back in the history.
func (p *Page) Back() {
	p.t.Helper()
	_, err := p.do(back, map[string]any{})
	p.must(err)
}

// Resize sets the size of the viewport.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	var is, last [4]int
	read := func() bool {
		last = is
		var err error
		is, err = eval[[4]int](p, `[innerWidth, innerHeight, outerWidth, outerHeight]`)
		return err == nil
	}
	p.Until("a window that stands still", func() bool { return read() && is == last })
	if is[0] == width && is[1] == height {
		return
	}
	_, err := p.do(setWindowRect, map[string]any{"x": p.left, "y": 0, "width": width + is[2] - is[0], "height": height + is[3] - is[1]})
	p.must(err)
	p.Until(fmt.Sprintf("a viewport of %d × %d", width, height), func() bool { return read() && is[0] == width && is[1] == height })
}

// JSON evaluates a JavaScript expression, awaits it when it is a promise, and returns its JSON value. What scripts of the page have declared
// by let, const and class it does not see in Firefox.
func (p *Page) JSON(expression string) ([]byte, error) {
	answer, err := p.do(executeScript, map[string]any{"script": "return (async () => JSON.stringify(await (" + expression + ") ?? null))()", "args": []any{}})
	if err != nil {
		return nil, err
	}
	var text *string
	if err := json.Unmarshal(answer, &text); err != nil {
		return nil, err
	}
	if text == nil {
		return nil, errors.New("the page has gone")
	}
	return []byte(*text), nil
}

func eval[T any](p *Page, expression string) (v T, err error) {
	text, err := p.JSON(expression)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(text, &v)
}

// Wait waits until a JavaScript expression, or what it is a promise of, is true, across page loads.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	p.Until(expression, func() bool {
		ok, err := eval[bool](p, "Boolean(await ("+expression+"))")
		return err == nil && ok
	})
}

// Until waits until a condition holds; what names it in the failure.
func (p *Page) Until(what string, condition func() bool) {
	p.t.Helper()
	if err := until(what, patience.Enough, condition); err != nil {
		p.Screenshot("timeout-" + p.Name)
		p.t.Fatalf("%s: %v", p.Name, err)
	}
}

// Screenshot takes a PNG picture of the viewport and keeps it in the test's artifact directory (go test -artifacts) under name.
func (p *Page) Screenshot(name string) []byte {
	p.t.Helper()
	data, err := p.picture(p)
	if err != nil {
		p.t.Logf("no screenshot: %v", err)
		return nil
	}
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".png"), data, 0o644); err != nil {
		p.t.Log(err)
	}
	return data
}

// Move moves the mouse to a place of the viewport.
func (p *Page) Move(x, y float64) {
	p.t.Helper()
	p.mouse(x, y)
}

// ClickAt clicks at a place of the viewport.
func (p *Page) ClickAt(x, y float64) {
	p.t.Helper()
	p.mouse(x, y, map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0})
}

func (p *Page) mouse(x, y float64, then ...any) {
	p.t.Helper()
	actions := append([]any{map[string]any{"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0}}, then...)
	p.act(map[string]any{"type": "pointer", "id": "mouse", "parameters": map[string]any{"pointerType": "mouse"}, "actions": actions})
}

func (p *Page) act(source map[string]any) {
	p.t.Helper()
	_, err := p.do(performActions, map[string]any{"actions": []any{source}})
	p.must(err)
}

// Keys, as Press takes them.
const (
	Tab    = '\uE004'
	Shift  = '\uE008'
	Enter  = '\uE007'
	Escape = '\uE00C'
	Space  = ' '
	Up     = '\uE013'
	Left   = '\uE012'
)

// Press presses a key while others are held.
func (p *Page) Press(key rune, held ...rune) {
	p.t.Helper()
	var actions []any
	for _, k := range held {
		actions = append(actions, keyAction("keyDown", k))
	}
	actions = append(actions, keyAction("keyDown", key), keyAction("keyUp", key))
	for _, k := range held {
		actions = append(actions, keyAction("keyUp", k))
	}
	p.act(map[string]any{"type": "key", "id": "keyboard", "actions": actions})
}

// Type types text into what has the focus, one character at a time.
func (p *Page) Type(text string) {
	p.t.Helper()
	var actions []any
	for _, k := range text {
		actions = append(actions, keyAction("keyDown", k), keyAction("keyUp", k))
	}
	p.act(map[string]any{"type": "key", "id": "keyboard", "actions": actions})
}

func keyAction(kind string, key rune) map[string]any {
	return map[string]any{"type": kind, "value": string(key)}
}
