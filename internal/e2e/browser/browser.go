// Package browser drives real Chromium pages for the end-to-end tests: it finds things as people do, by role and accessible name,
// and acts by trusted input events.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// Holds waits until a condition holds, and reports whether it did in time. Until is the same for who has nothing to add to the failure.
func Holds(condition func() bool) bool {
	return patience.Holds(patience.Enough, condition)
}

// Page is a page in a browser that shows no other test's meanwhile, so that it has the focus and is painted. Not safe for concurrent use.
type Page struct {
	t, opener testing.TB // whom it reports to, and with whom it ends
	ctx       context.Context

	pressed bool // the mouse button

	mu         sync.Mutex
	errors     []string
	complaints []string
	requests   []string
	mirrors    map[target.ID]context.Context // of the pages that run the mirror
}

// Open opens an empty page of the given size. It has a profile of its own and ends with the test.
func Open(t testing.TB, width, height int64) *Page {
	t.Helper()
	p := &Page{t: t, opener: t, ctx: newProfile(t)}
	p.begin()
	p.Resize(width, height)
	return p
}

// OpenAlone is Open for a page that may do harm to its browser, which no other test uses, or that needs one with a user interface, such as for the
// clipboard.
func OpenAlone(t testing.TB, width, height int64) *Page {
	t.Helper()
	return open(t, width, height, whole)
}

// OpenWith is Open for a browser to which a name is the address of this machine, whose pages it does not take for secure.
func OpenWith(t testing.TB, width, height int64, name string) *Page {
	t.Helper()
	return open(t, width, height, whole, chromedp.Flag("host-resolver-rules", "MAP "+name+" 127.0.0.1"))
}

// OpenIn is Open for a browser that takes any certificate and whose command is changed by enter, which may have it run elsewhere and has to
// see to it that it ends with this process.
func OpenIn(t testing.TB, width, height int64, enter func(*exec.Cmd) error) *Page {
	t.Helper()
	return open(t, width, height, shell, chromedp.Flag("ignore-certificate-errors", true), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
		if err := enter(cmd); err != nil {
			cmd.Err = err
		}
	}))
}

func open(t testing.TB, width, height int64, program string, more ...chromedp.ExecAllocatorOption) *Page {
	t.Helper()
	ctx, quit := start(t, program, more...)
	t.Cleanup(quit)
	p := &Page{t: t, opener: t, ctx: ctx}
	p.begin()
	p.Resize(width, height)
	return p
}

// begin attaches to the page, and hears what its console says from now on.
func (p *Page) begin() {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx))
	call(p, runtime.Enable, struct{}{})
	go p.listen(p.ctx)
	p.listenToConsole()
}

func (p *Page) listen(ctx context.Context) {
	for e, err := range chromedp.Events(ctx, runtime.ExceptionThrown) {
		if err != nil {
			return
		}
		p.mu.Lock()
		p.errors = append(p.errors, describe(e.ExceptionDetails))
		p.mu.Unlock()
	}
}

func describe(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// Errors returns the exceptions that nobody caught on the page so far.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.errors...)
}

// Close ends the browser before the test ends.
func (p *Page) Close() {
	p.t.Helper()
	p.must(chromedp.Cancel(p.ctx))
}

// do runs an action.
func (p *Page) do(action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	p.must(chromedp.Do(ctx, action))
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Go opens a URL and waits for its load event. A browser that hears only now of the network it is on breaks off what it has begun; then it begins again.
func (p *Page) Go(url string) {
	p.t.Helper()
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Navigate(url))
	for err != nil && strings.Contains(err.Error(), "ERR_NETWORK_CHANGED") {
		err = chromedp.Do(ctx, chromedp.Navigate(url))
	}
	p.must(err)
}

// Reload reloads the page.
func (p *Page) Reload() {
	p.t.Helper()
	p.do(chromedp.Reload())
}

// Back goes back in the history. It waits for nothing: a page from the back/forward cache has no load event.
func (p *Page) Back() {
	p.t.Helper()
	Eval[any](p, `setTimeout(() => history.back())`)
}

// Eval evaluates a JavaScript expression, awaits it when it is a promise, and decodes its JSON value into T.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := TryEval[T](p, expression)
	p.must(err)
	return v
}

// TryEval is Eval for expressions that may fail while the page is changing.
func TryEval[T any](p *Page, expression string) (v T, err error) {
	text, err := p.JSON(expression)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(text, &v)
}

// JSON evaluates a JavaScript expression, awaits it when it is a promise, and returns its JSON value.
func (p *Page) JSON(expression string) ([]byte, error) {
	ctx, cancel := patience.Context(p.where(expression), patience.Enough)
	defer cancel()
	r, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: "(async () => JSON.stringify(await (" + expression + ") ?? null))()", AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return nil, err
	}
	if r.ExceptionDetails != nil {
		return nil, fmt.Errorf("%s: %s", expression, describe(r.ExceptionDetails))
	}
	var text string
	err = json.Unmarshal(r.Result.Value, &text)
	return []byte(text), err
}

// Wait waits until a JavaScript expression, or what it is a promise of, is true, across page loads.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	p.Until(expression, func() bool {
		ok, err := TryEval[bool](p, "Boolean(await ("+expression+"))")
		return err == nil && ok
	})
}

// Until waits until a condition holds; what names it in the failure.
func (p *Page) Until(what string, condition func() bool) {
	p.t.Helper()
	if !Holds(condition) {
		p.Screenshot("timeout")
		p.t.Fatalf("waited in vain for: %s; the page complains %q, says:\n%s", what, p.Complaints(), p.Text())
	}
}

// Move moves the mouse to a place of the viewport.
func (p *Page) Move(x, y float64) {
	p.t.Helper()
	m := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y}
	if p.pressed {
		m.Button, m.Buttons = input.MouseButtonLeft, 1
	}
	call(p, input.DispatchMouseEvent, m)
}

// ClickAt clicks at a place of the viewport.
func (p *Page) ClickAt(x, y float64) {
	p.t.Helper()
	p.Move(x, y)
	p.Press(x, y)
	p.Release(x, y)
}

// Press presses the mouse button at a place of the viewport.
func (p *Page) Press(x, y float64) {
	p.t.Helper()
	p.button(input.DispatchMouseEventTypeMousePressed, x, y)
	p.pressed = true
}

// Release lets go of the mouse button at a place of the viewport.
func (p *Page) Release(x, y float64) {
	p.t.Helper()
	p.pressed = false
	p.button(input.DispatchMouseEventTypeMouseReleased, x, y)
}

func (p *Page) button(kind input.DispatchMouseEventType, x, y float64) {
	p.t.Helper()
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1})
}

// Wheel turns the mouse wheel at a place of the viewport.
func (p *Page) Wheel(x, y, dx, dy float64) {
	p.t.Helper()
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: dx, DeltaY: dy})
}

// Type types text into what has the focus, one character at a time.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(text))
}

// Screenshot takes a PNG picture of the viewport and keeps it in the test's artifact directory (go test -artifacts) under name.
func (p *Page) Screenshot(name string) []byte {
	p.t.Helper()
	r, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err != nil {
		p.t.Logf("no screenshot: %v", err)
		return nil
	}
	file := filepath.Join(p.t.ArtifactDir(), name+".png")
	if err := os.WriteFile(file, r.Data, 0o644); err != nil {
		p.t.Log(err)
	}
	return r.Data
}

// Clip takes a PNG picture of a part of the viewport.
func (p *Page) Clip(x, y, width, height float64) []byte {
	p.t.Helper()
	return call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{X: x, Y: y, Width: width, Height: height, Scale: 1}}).Data
}
