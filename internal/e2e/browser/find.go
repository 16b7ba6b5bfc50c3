package browser

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	r, err := chromedp.Call(p.ctx, command, params)
	p.must(err)
	return r
}

// find returns the backend node of the first visible thing with a role and an accessible name; an empty name is any. It sees into closed
// shadow roots, as a screen reader does.
func (p *Page) find(role, name string) (cdp.BackendNodeID, error) {
	doc, err := chromedp.Call(p.ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return 0, err
	}
	r, err := chromedp.Call(p.ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{NodeID: doc.Root.NodeID, Role: role, AccessibleName: name})
	if err != nil {
		return 0, err
	}
	for _, n := range r.Nodes {
		if !n.Ignored {
			return n.BackendDOMNodeID, nil
		}
	}
	return 0, fmt.Errorf("no %s %q", role, name)
}

// Has tells whether there is a visible thing with a role and an accessible name.
func (p *Page) Has(role, name string) bool {
	_, err := p.find(role, name)
	return err == nil
}

// WaitFor waits until there is a visible thing with a role and an accessible name.
func (p *Page) WaitFor(role, name string) {
	p.t.Helper()
	p.Until(fmt.Sprintf("%s %q", role, name), func() bool { return p.Has(role, name) })
}

// WaitGone waits until there is none.
func (p *Page) WaitGone(role, name string) {
	p.t.Helper()
	p.Until(fmt.Sprintf("no %s %q", role, name), func() bool { return !p.Has(role, name) })
}

// Click clicks into the middle of the thing with a role and an accessible name, once it is there and stands still.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	var x, y float64
	p.Until(fmt.Sprintf("%s %q to click on", role, name), func() bool {
		lastX, lastY := x, y
		var err error
		x, y, err = p.middle(role, name)
		return err == nil && x == lastX && y == lastY
	})
	p.ClickAt(x, y)
}

// Middle is where the middle of the thing with a role and an accessible name is.
func (p *Page) middle(role, name string) (x, y float64, err error) {
	node, err := p.find(role, name)
	if err != nil {
		return 0, 0, err
	}
	if _, err := chromedp.Call(p.ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node}); err != nil {
		return 0, 0, err
	}
	r, err := chromedp.Call(p.ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
	if err != nil || len(r.Quads) == 0 {
		return 0, 0, fmt.Errorf("%s %q has no box: %v", role, name, err)
	}
	q := r.Quads[0]
	return (q[0] + q[4]) / 2, (q[1] + q[5]) / 2, nil
}

// Fill clicks on the text box with an accessible name and types text into it.
func (p *Page) Fill(name, text string) {
	p.t.Helper()
	p.Click("textbox", name)
	p.Type(text)
}

// Text returns what the thing with a role and an accessible name says, as innerText; "" when it is not there.
func (p *Page) Text(role, name string) string {
	node, err := p.find(role, name)
	if err != nil {
		return ""
	}
	o, err := chromedp.Call(p.ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node})
	if err != nil {
		return ""
	}
	r, err := chromedp.Call(p.ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: "function () { return this.innerText }", ObjectID: o.Object.ObjectID, ReturnByValue: new(true),
	})
	if err != nil || r.Result == nil {
		return ""
	}
	var text string
	if json.Unmarshal(r.Result.Value, &text) != nil {
		return ""
	}
	return text
}
