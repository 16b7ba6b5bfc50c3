// Package webdriver drives Firefox and WebKit for the end-to-end tests by the commands of WebDriver (https://www.w3.org/TR/webdriver2/). Like
// package browser, which drives Chromium, it finds things by role and accessible name and acts by trusted input events.
//
// Firefox takes the commands over its own protocol, Marionette, so that it needs no geckodriver; WebKit takes them from WebKitWebDriver.
package webdriver

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// startup is how long a browser may take to start, which on a busy machine is long.
const startup = 3 * time.Minute

// aside is where windows are that are opened beside the first, from the left of the screen.
const aside = 1600

// Browser is a running browser. Safe for concurrent use: one test after the other has it.
type Browser struct {
	Name    string // "firefox" or "webkit"
	Version string

	remote  remote
	picture func(p *Page) ([]byte, error) // takes a PNG picture of the viewport
	ends    []func()
	lent    sync.Mutex
	first   string // the window that is there from the start
	window  string // that commands go to
}

// remote sends a command to a browser and returns the value it answers.
type remote interface {
	do(c command, params map[string]any) (json.RawMessage, error)
}

// command is a command of WebDriver: what Marionette calls it, and its method and path over HTTP, in which ":id" stands for an element.
type command struct{ name, method, path string }

var (
	newSession      = command{"WebDriver:NewSession", "POST", ""}
	navigate        = command{"WebDriver:Navigate", "POST", "/url"}
	refresh         = command{"WebDriver:Refresh", "POST", "/refresh"}
	back            = command{"WebDriver:Back", "POST", "/back"}
	executeScript   = command{"WebDriver:ExecuteScript", "POST", "/execute/sync"}
	performActions  = command{"WebDriver:PerformActions", "POST", "/actions"}
	computedLabel   = command{"WebDriver:GetComputedLabel", "GET", "/element/:id/computedlabel"}
	computedRole    = command{"WebDriver:GetComputedRole", "GET", "/element/:id/computedrole"}
	setWindowRect   = command{"WebDriver:SetWindowRect", "POST", "/window/rect"}
	newWindow       = command{"WebDriver:NewWindow", "POST", "/window/new"}
	windowHandle    = command{"WebDriver:GetWindowHandle", "GET", "/window"}
	switchToWindow  = command{"WebDriver:SwitchToWindow", "POST", "/window"}
	closeWindow     = command{"WebDriver:CloseWindow", "DELETE", "/window"}
	takeScreenshot  = command{"WebDriver:TakeScreenshot", "GET", "/screenshot"}
	elementProperty = "element-6066-11e4-a52e-4f735466cecf" // by which an element is told from other objects
)

// Error is an error that a browser answers, such as "stale element reference".
type Error struct{ Code, Message string }

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Page is the browser's window, lent to a test.
func (b *Browser) Page(t testing.TB, width, height int) *Page {
	t.Helper()
	b.lent.Lock()
	t.Cleanup(b.lent.Unlock)
	p := &Page{Browser: b, t: t, window: b.first}
	p.Go("about:blank")
	p.Resize(width, height)
	return p
}

// Beside opens another window. It is closed at the end of the test.
func (p *Page) Beside(width, height int) *Page {
	p.t.Helper()
	answer, err := p.do(newWindow, map[string]any{"type": "window"})
	p.must(err)
	var opened struct{ Handle string }
	p.must(json.Unmarshal(answer, &opened))
	other := &Page{Browser: p.Browser, t: p.t, window: opened.Handle, left: aside}
	p.t.Cleanup(func() { _, _ = other.do(closeWindow, map[string]any{}) })
	other.Resize(width, height)
	return other
}

// do sends a command for the page's window.
func (p *Page) do(c command, params map[string]any) (json.RawMessage, error) {
	if p.Browser.window != p.window {
		if _, err := p.remote.do(switchToWindow, map[string]any{"handle": p.window}); err != nil {
			return nil, err
		}
		p.Browser.window = p.window
	}
	return p.remote.do(c, params)
}

// Close ends the browser and everything that was started for it.
func (b *Browser) Close() {
	for i := len(b.ends) - 1; i >= 0; i-- {
		b.ends[i]()
	}
	b.ends = nil
}

// start starts a program that ends with the browser, or with this process.
func (b *Browser) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = withParent()
	if err := cmd.Start(); err != nil {
		return err
	}
	b.ends = append(b.ends, func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return nil
}

// folder makes a folder that is removed with the browser.
func (b *Browser) folder() (string, error) {
	dir, err := os.MkdirTemp("", "qwelp-"+b.Name)
	if err == nil {
		b.ends = append(b.ends, func() { _ = os.RemoveAll(dir) })
	}
	return dir, err
}

// begin starts a session of WebDriver.
func (b *Browser) begin(capabilities map[string]any) error {
	answer, err := b.remote.do(newSession, map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}})
	if err != nil {
		return err
	}
	var session struct {
		SessionID    string
		Capabilities struct{ BrowserVersion string }
	}
	if err := json.Unmarshal(answer, &session); err != nil {
		return err
	}
	b.Version = session.Capabilities.BrowserVersion
	if h, ok := b.remote.(*overHTTP); ok {
		h.session = session.SessionID
	}
	if answer, err = b.remote.do(windowHandle, map[string]any{}); err != nil {
		return err
	}
	err = json.Unmarshal(answer, &b.first)
	b.window = b.first
	return err
}

// program returns the path of the first of some programs that is installed.
func program(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: make test says how to install it", names[0])
}

// limit is how long a command may take.
func (c command) limit() time.Duration {
	if c == newSession {
		return startup
	}
	return 2 * patience.Enough
}

// until asks again and again, no longer than limit.
func until(what string, limit time.Duration, condition func() bool) error {
	if !patience.Holds(limit, condition) {
		return fmt.Errorf("waited in vain for: %s", what)
	}
	return nil
}
