package sendertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/agent"
)

// customer is a page in a browser of its own.
type customer struct {
	ctx    context.Context
	cancel []context.CancelFunc
}

func open(ctx context.Context, program string) (*customer, error) {
	names := []string{program}
	if program == "" {
		names = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	}
	var path string
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("no browser: none of %q is there", names)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-features", "Translate,WebRtcHideLocalIpsWithMdns"),
	)
	c := &customer{}
	allocated, cancel := chromedp.NewExecAllocator(ctx, options...)
	c.cancel = append(c.cancel, cancel)
	c.ctx, cancel = chromedp.NewContext(allocated)
	c.cancel = append(c.cancel, cancel)
	if err := chromedp.Do(c.ctx); err != nil {
		c.close()
		return nil, err
	}
	_, err := call(c, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 1200, Height: 900, DeviceScaleFactor: 1})
	return c, err
}

func (c *customer) close() {
	for i := len(c.cancel) - 1; i >= 0; i-- {
		c.cancel[i]()
	}
}

func call[P, R any](c *customer, command cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	return chromedp.Call(ctx, command, params)
}

func (c *customer) visit(url string) error {
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, chromedp.Navigate(url))
}

func (c *customer) cookies(base string, cookies []*http.Cookie) error {
	for _, cookie := range cookies {
		if _, err := call(c, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: base, HTTPOnly: new(cookie.HttpOnly)}); err != nil {
			return fmt.Errorf("the cookie %s is not taken: %w", cookie.Name, err)
		}
	}
	return nil
}

// evaluate evaluates a JavaScript expression, awaits it when it is a promise, and decodes its JSON value.
func evaluate[T any](c *customer, expression string) (v T, err error) {
	r, err := call(c, runtime.Evaluate, runtime.EvaluateParams{
		Expression: "(async () => JSON.stringify(await (" + expression + ") ?? null))()", AwaitPromise: new(true), ReturnByValue: new(true),
	})
	if err != nil {
		return v, err
	}
	if r.ExceptionDetails != nil {
		return v, fmt.Errorf("the page threw: %s", r.ExceptionDetails.Text)
	}
	var text string
	if err := json.Unmarshal(r.Result.Value, &text); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(text), &v)
}

// allow lets the agent who has joined see the page, if the app has the customer asked.
func (c *customer) allow(session *agent.Session) error {
	return c.until("page for the agent, nor a button that allows it", func() bool {
		_ = c.press("allow")
		return session.Page().Document != nil
	})
}

// startSession does what the customer does, and returns the support code.
func (c *customer) startSession(prefix string) (string, error) {
	// What is written on the buttons is the choice of the app and of the page's language.
	for _, class := range []string{"support", "start"} {
		if err := c.until("button of the class "+class, func() bool { return c.press(class) == nil }); err != nil {
			return "", err
		}
	}
	var code string
	err := c.until("support code", func() bool {
		code, _ = evaluate[string](c, `import(`+quote(prefix+"current/index.js")+`).then(m => m.QwelpSenderSession.runningSession?.getSupportCode() ?? "")`)
		return nineDigits.MatchString(code)
	})
	return code, err
}

var nineDigits = regexp.MustCompile(`^\D*(\d\D*){9}$`)

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func (c *customer) until(what string, done func() bool) error {
	for deadline := time.Now().Add(patience); !done(); {
		if time.Now().After(deadline) {
			return fmt.Errorf("no %s within %v: does the handler serve an HTML page?", what, patience)
		}
		select {
		case <-c.ctx.Done():
			return c.ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// press clicks into the middle of a button of the sender's, by its class.
func (c *customer) press(class string) error {
	doc, err := call(c, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(-1)), Pierce: new(true)})
	if err != nil {
		return err
	}
	var host, button *cdp.Node
	walk(doc.Root, func(n *cdp.Node) {
		if n.LocalName == "qwelp-support" {
			host = n
		}
	})
	if host == nil {
		return errors.New("no sender")
	}
	walk(host, func(n *cdp.Node) {
		if button == nil && n.LocalName == "button" && slices.Contains(strings.Fields(attribute(n, "class")), class) && !isHidden(n) {
			button = n
		}
	})
	if button == nil {
		return errors.New("no button")
	}
	box, err := call(c, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: button.BackendNodeID})
	if err != nil || len(box.Quads) == 0 {
		return errors.New("no box")
	}
	q := box.Quads[0]
	x, y := (q[0]+q[4])/2, (q[1]+q[5])/2
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		if _, err := call(c, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1}); err != nil {
			return err
		}
	}
	return nil
}

func walk(n *cdp.Node, visit func(*cdp.Node)) {
	visit(n)
	for _, child := range n.Children {
		walk(child, visit)
	}
	for _, root := range n.ShadowRoots {
		walk(root, visit)
	}
}

// isHidden reports whether a button has the attribute hidden: the dialog has some of one look that take turns.
func isHidden(n *cdp.Node) bool {
	for i := 0; i+1 < len(n.Attributes); i += 2 {
		if n.Attributes[i] == "hidden" {
			return true
		}
	}
	return false
}

func attribute(n *cdp.Node, name string) string {
	for i := 0; i+1 < len(n.Attributes); i += 2 {
		if n.Attributes[i] == name {
			return n.Attributes[i+1]
		}
	}
	return ""
}
