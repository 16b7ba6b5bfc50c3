package webdriver

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed find.js
var findScript string

// thing is something on the page that can be seen.
type thing struct {
	id   string
	x, y float64 // its middle in the viewport
	text string
}

// candidates returns what may have a role by its element, in document order.
func (p *Page) candidates(role string) (things []thing, err error) {
	// Only Firefox knows sandboxes: that of the system sees into closed shadow roots, as a screen reader does. In WebKit the page under test has
	// to keep its shadow roots open.
	answer, err := p.do(executeScript, map[string]any{"script": findScript, "args": []any{role}, "sandbox": "system"})
	if err != nil {
		return nil, err
	}
	var found []struct {
		Element map[string]string
		X, Y    float64
		Text    string
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, err
	}
	for _, f := range found {
		things = append(things, thing{f.Element[elementProperty], f.X, f.Y, f.Text})
	}
	return things, nil
}

// findAll returns all visible things with a role and an accessible name as the browser computes them; an empty name is any.
func (p *Page) findAll(role, name string) (things []thing, err error) {
	all, err := p.candidates(role)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if name != "" {
			if is, err := p.ask(computedLabel, one.id); err != nil || is != name {
				continue
			}
		}
		if is, err := p.ask(computedRole, one.id); err != nil || is != role {
			continue
		}
		things = append(things, one)
	}
	return things, nil
}

func (p *Page) ask(c command, id string) (text string, err error) {
	answer, err := p.do(c, map[string]any{"id": id})
	if err != nil {
		return "", err
	}
	return text, json.Unmarshal(answer, &text)
}

// Has reports whether there is a visible thing with a role and an accessible name.
func (p *Page) Has(role, name string) bool {
	things, err := p.findAll(role, name)
	return err == nil && len(things) > 0
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

// Middle returns where the middle of the thing with a role and an accessible name is, once it is there and stands still.
func (p *Page) Middle(role, name string) (x, y float64) {
	p.t.Helper()
	last := thing{x: -1}
	p.Until(fmt.Sprintf("%s %q that stands still", role, name), func() bool {
		things, err := p.findAll(role, name)
		if err != nil || len(things) == 0 {
			return false
		}
		still := things[0].x == last.x && things[0].y == last.y
		last = things[0]
		return still
	})
	return last.x, last.y
}

// Click clicks into the middle of the thing with a role and an accessible name, once it is there and stands still.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	p.ClickAt(p.Middle(role, name))
}

// ClickUntilGone clicks into the middle of the thing with a role and an accessible name, until it is there no longer: where a click counts only after a moment.
func (p *Page) ClickUntilGone(role, name string) {
	p.t.Helper()
	p.WaitFor(role, name)
	p.Until(fmt.Sprintf("that %s %q goes", role, name), func() bool {
		// It may go at any time, by the click before.
		if things, err := p.findAll(role, name); err == nil && len(things) > 0 {
			p.ClickAt(things[0].x, things[0].y)
		}
		return !p.Has(role, name)
	})
}

// Fill clicks on the text box with an accessible name and types text into it.
func (p *Page) Fill(name, text string) {
	p.t.Helper()
	p.Click("textbox", name)
	p.Type(text)
}

// Texts returns what the things with a role and an accessible name say, as innerText.
func (p *Page) Texts(role, name string) (texts []string) {
	things, _ := p.findAll(role, name)
	for _, one := range things {
		texts = append(texts, one.text)
	}
	return texts
}

// Text returns what can be read on the page, in shadow roots too.
func (p *Page) Text() string {
	things, _ := p.candidates("")
	var texts []string
	for _, one := range things {
		texts = append(texts, one.text)
	}
	return strings.Join(texts, "\n")
}

// Focused returns role and accessible name of what has the focus, within shadow roots too.
func (p *Page) Focused() (role, name string) {
	things, err := p.candidates("focused")
	if err != nil || len(things) == 0 {
		return "", ""
	}
	role, _ = p.ask(computedRole, things[0].id)
	name, _ = p.ask(computedLabel, things[0].id)
	return role, name
}

// Names returns the accessible names of all visible things with a role, in document order.
func (p *Page) Names(role string) (names []string) {
	things, _ := p.findAll(role, "")
	for _, one := range things {
		if name, err := p.ask(computedLabel, one.id); err == nil {
			names = append(names, name)
		}
	}
	return names
}
