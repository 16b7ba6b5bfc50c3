package browser

import (
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Uncached has the test's log say why a page did not come from the back/forward cache.
func (p *Page) Uncached() {
	p.t.Helper()
	events := chromedp.Events(p.ctx, page.BackForwardCacheNotUsed)
	go func() {
		for e, err := range events {
			if err != nil {
				return
			}
			for _, why := range e.NotRestoredExplanations {
				p.t.Logf("not from the back/forward cache: %s %s %s", why.Type, why.Reason, why.Context)
			}
		}
	}()
}
