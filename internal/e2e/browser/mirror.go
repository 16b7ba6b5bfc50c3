package browser

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Mirrored is JavaScript for the document of the customer's page that a console shows. What has it in it is evaluated where that document can be
// reached: in the page that runs the mirror, or, where the browser does not isolate that one, in the console's.
const Mirrored = `(windows => {
	for (let i = 0; i < windows.length; i++) {
		try { if (windows[i].innerWidth > 0 && /mirror(-quirks)?\.html$/.test(windows[i].location.pathname)) return windows[i].document } catch {}
	}
})(parent)`

const runnerPage = "/mirror-runner.html"

// where is the context that an expression is evaluated in.
func (p *Page) where(expression string) context.Context {
	if !strings.Contains(expression, Mirrored) {
		return p.ctx
	}
	infos, err := chromedp.Call(p.ctx, target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		return p.ctx
	}
	own := chromedp.FromContext(p.ctx).Target.TargetID
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, info := range infos.TargetInfos {
		if info.Type != "iframe" || !strings.HasSuffix(info.URL, runnerPage) || string(info.ParentFrameID) != string(own) {
			continue
		}
		if p.mirrors == nil {
			p.mirrors = map[target.ID]context.Context{}
		}
		ctx, ok := p.mirrors[info.TargetID]
		if !ok {
			var cancel context.CancelFunc
			ctx, cancel = chromedp.NewContext(p.ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
			p.opener.Cleanup(cancel)
			if chromedp.Do(ctx) != nil {
				return p.ctx
			}
			_, _ = chromedp.Call(ctx, runtime.Enable, struct{}{})
			go p.listen(ctx)
			p.mirrors[info.TargetID] = ctx
		}
		return ctx
	}
	return p.ctx
}
