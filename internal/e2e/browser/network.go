package browser

import (
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// CountRequests has Requests list what the page asks for from now on.
func (p *Page) CountRequests() {
	p.t.Helper()
	call(p, network.Enable, network.EnableParams{})
	requests := chromedp.Events(p.ctx, network.RequestWillBeSent)
	go func() {
		for e, err := range requests {
			if err != nil {
				return
			}
			p.mu.Lock()
			p.requests = append(p.requests, e.Request.URL)
			p.mu.Unlock()
		}
	}()
}

// Requests returns the URLs the page and its frames have asked for since the last call, those a policy stopped among them, and forgets
// them.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	requests := p.requests
	p.requests = nil
	return requests
}
