package browser

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	p.must(err)
	return r
}

// find returns the backend node of the first visible thing with a role and an accessible name.
func (p *Page) find(role, name string) (cdp.BackendNodeID, error) {
	nodes, err := p.findAll(role, name)
	if err != nil {
		return 0, err
	}
	if len(nodes) == 0 {
		return 0, fmt.Errorf("no %s %q", role, name)
	}
	return nodes[0], nil
}

// findAll returns the backend nodes of all visible things with a role and an accessible name; an empty name is any. It sees into closed
// shadow roots, as a screen reader does. Browsers find nothing on tabs that are hidden.
func (p *Page) findAll(role, name string) (nodes []cdp.BackendNodeID, err error) {
	ctx, cancel := patience.Context(p.ctx, patience.Enough)
	defer cancel()
	doc, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return nil, err
	}
	r, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{NodeID: doc.Root.NodeID, Role: role, AccessibleName: name})
	if err != nil {
		return nil, err
	}
	for _, n := range r.Nodes {
		if !n.Ignored {
			nodes = append(nodes, n.BackendDOMNodeID)
		}
	}
	return nodes, nil
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
		if err == nil && x == lastX && y == lastY {
			return true
		}
		// What moves is elsewhere only when the next frame has been painted, which takes a busy machine its time. A tab in the background paints none.
		_, _ = TryEval[any](p, `new Promise(resolve => { requestAnimationFrame(() => requestAnimationFrame(resolve)); setTimeout(resolve, document.hidden ? 200 : 3000) })`)
		return false
	})
	p.ClickAt(x, y)
}

// ClickUntilGone clicks into the middle of the thing with a role and an accessible name, until it is there no longer: where a click counts only after a moment.
func (p *Page) ClickUntilGone(role, name string) {
	p.t.Helper()
	p.WaitFor(role, name)
	p.Until(fmt.Sprintf("that %s %q goes", role, name), func() bool {
		// It may go at any time, by the click before.
		if x, y, err := p.middle(role, name); err == nil {
			p.ClickAt(x, y)
		}
		return !p.Has(role, name)
	})
}

// Middle is where the middle of the thing with a role and an accessible name is, once it is there.
func (p *Page) Middle(role, name string) (x, y float64) {
	p.t.Helper()
	p.Until(fmt.Sprintf("%s %q", role, name), func() bool {
		var err error
		x, y, err = p.middle(role, name)
		return err == nil
	})
	return x, y
}

// middle is where the middle of the thing with a role and an accessible name is.
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

// Texts returns what the things with a role and an accessible name say, as innerText.
func (p *Page) Texts(role, name string) (texts []string) {
	nodes, err := p.findAll(role, name)
	if err != nil {
		return nil
	}
	for _, node := range nodes {
		o, err := chromedp.Call(p.ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node})
		if err != nil {
			continue
		}
		r, err := chromedp.Call(p.ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
			FunctionDeclaration: "function () { return this.innerText }", ObjectID: o.Object.ObjectID, ReturnByValue: new(true),
		})
		var text string
		if err == nil && r.Result != nil && json.Unmarshal(r.Result.Value, &text) == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

// Text is what the page's accessible things say all in all: names of headings, texts, buttons, in closed shadow roots too.
func (p *Page) Text() (text string) {
	r, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		return ""
	}
	for _, n := range r.Nodes {
		var name string
		if !n.Ignored && n.Name != nil && json.Unmarshal(n.Name.Value, &name) == nil {
			text += name + "\n"
		}
	}
	return text
}
