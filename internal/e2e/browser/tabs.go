package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// Tab opens another tab in front of a page: its browser has the same cookies and storage.
func (p *Page) Tab() *Page {
	p.t.Helper()
	return p.tab(chromedp.NewContext(p.ctx))
}

// Private opens a page in a private window of a page's browser: it has cookies and storage of its own.
func (p *Page) Private() *Page {
	p.t.Helper()
	return p.tab(chromedp.NewContext(p.ctx, chromedp.WithNewBrowserContext()))
}

// Opened is the tab that do has the page open.
func (p *Page) Opened(do func()) *Page {
	p.t.Helper()
	opened := chromedp.WaitNewTarget(p.ctx, func(info *target.Info) bool { return info.Type == "page" })
	do()
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	select {
	case id := <-opened:
		return p.tab(chromedp.NewContext(p.ctx, chromedp.WithTargetID(id)))
	case <-ctx.Done():
		p.t.Fatal("no tab was opened")
		return nil
	}
}

func (p *Page) tab(ctx context.Context, cancel context.CancelFunc) *Page {
	p.t.Helper()
	p.opener.Cleanup(cancel)
	tab := &Page{t: p.t, opener: p.opener, ctx: ctx}
	tab.begin()
	return tab
}

// For is the page for a part of the test.
func (p *Page) For(t testing.TB) *Page {
	before := p.t
	p.t = t
	t.Cleanup(func() { p.t = before })
	return p
}

// Front brings the tab to the front of its window.
func (p *Page) Front() {
	p.t.Helper()
	call(p, page.BringToFront, struct{}{})
	p.Wait(`document.visibilityState === "visible"`)
}

// Freeze stops everything on a page, as browsers do with tabs in the background and computers that sleep. Thaw has it go on.
func (p *Page) Freeze() {
	p.t.Helper()
	call(p, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: page.SetWebLifecycleStateStateFrozen})
}

// Thaw has a frozen page go on.
func (p *Page) Thaw() {
	p.t.Helper()
	call(p, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: page.SetWebLifecycleStateStateActive})
}

// Crash ends the page's process, and with it all pages that it has opened.
func (p *Page) Crash() {
	p.t.Helper()
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	call(p, inspector.Enable, struct{}{})
	crashes := chromedp.Events(ctx, inspector.TargetCrashed)
	go func() { _, _ = chromedp.Call(ctx, page.Crash, struct{}{}) }() // nobody is left to answer
	for _, err := range crashes {
		p.must(err)
		return
	}
	p.t.Fatal("the page does not crash")
}

// Offline takes the page's network away, or gives it back. Data channels stay, and so does a WebSocket that is open.
func (p *Page) Offline(offline bool) {
	p.t.Helper()
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1},
	}})
	call(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
}
