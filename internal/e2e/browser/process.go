package browser

import (
	"context"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// process is a browser that runs.
type process struct {
	ctx  context.Context
	quit func()
}

// idle are the browsers that the next tests use. To start one costs as much as a whole session.
var idle struct {
	sync.Mutex
	processes []process
}

// newProfile returns a page's context, in a browser that has no other page, with an empty profile. Both end with the test.
func newProfile(t testing.TB) context.Context {
	t.Helper()
	var b process
	idle.Lock()
	if last := len(idle.processes) - 1; last >= 0 {
		b, idle.processes = idle.processes[last], idle.processes[:last]
	}
	idle.Unlock()
	if b.ctx == nil {
		b.ctx, b.quit = start(t, shell)
		if err := chromedp.Do(b.ctx); err != nil {
			b.quit()
			t.Fatal(err)
		}
	}
	ctx, _ := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			b.quit()
			return
		}
		idle.Lock()
		defer idle.Unlock()
		idle.processes = append(idle.processes, b)
	})
	return ctx
}

// Quit ends the browsers that no test uses.
func Quit() {
	idle.Lock()
	defer idle.Unlock()
	for _, b := range idle.processes {
		b.quit()
	}
	idle.processes = nil
}

// Chromium, whole, and without a user interface, which takes as much time as the pages.
const (
	whole = "chromium"
	shell = "chromium-headless-shell"
)

// start returns the context of the first page of a browser, by the name of its program.
func start(t testing.TB, program string, more ...chromedp.ExecAllocatorOption) (ctx context.Context, quit func()) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(program + " is not installed: make test says how to install it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-features", "Translate,WebRtcHideLocalIpsWithMdns"),
		chromedp.Flag("hide-scrollbars", false),
	)
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() {
		cancel()
		end()
	}
}
