package browser

import (
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

// between is how long people take from one button to another: the sender takes what comes sooner for a part of a double click.
const between = 450 * time.Millisecond

// reach waits as long as a hand takes from the button it has pressed last to the one with that name.
func (p *Page) reach(name string) {
	if name != p.pushed {
		<-time.After(time.Until(p.left.Add(between)))
	}
	p.pushed = name
}

// Finger puts a finger on a place of the viewport, moves it to others, and lifts it there.
func (p *Page) Finger(places ...[2]float64) {
	p.t.Helper()
	kind := input.DispatchTouchEventTypeTouchStart
	for _, place := range places {
		call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{{X: place[0], Y: place[1]}}})
		kind = input.DispatchTouchEventTypeTouchMove
	}
	call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
}

// Hold holds a key down for as long as it takes to repeat so often, each some 50 ms after the one before.
func (p *Page) Hold(key rune, repeats int) {
	p.t.Helper()
	for _, event := range kb.Encode(key) {
		call(p, input.DispatchKeyEvent, *event)
		if event.Type == input.DispatchKeyEventTypeKeyUp {
			continue
		}
		repeated := *event
		repeated.AutoRepeat = new(true)
		for range repeats {
			<-time.After(50 * time.Millisecond)
			call(p, input.DispatchKeyEvent, repeated)
		}
	}
}

// Permit grants pages what they have to ask the browser for, such as "clipboard-write", or denies it.
func (p *Page) Permit(what string, granted bool) {
	p.t.Helper()
	setting := cdpbrowser.PermissionSettingDenied
	if granted {
		setting = cdpbrowser.PermissionSettingGranted
	}
	call(p, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{Permission: &cdpbrowser.PermissionDescriptor{Name: what}, Setting: setting})
}
