package browser

import (
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// DoubleClickAt clicks twice at a place of the viewport, as quickly as a hand does, whatever time the page takes for the first click.
func (p *Page) DoubleClickAt(x, y float64) {
	p.t.Helper()
	p.Move(x, y)
	begin := float64(time.Now().UnixMicro()) / 1e6
	for click := range int64(2) {
		at := begin + 0.15*float64(click)
		for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
			call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{
				Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: click + 1, Timestamp: input.TimeSinceEpoch(at),
			})
			at += 0.05
		}
		<-time.After(150 * time.Millisecond)
	}
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
	events := kb.Encode(key)
	down, up := events[0], events[len(events)-1]
	down.Text = string(key) // the browser types it, unless the page keeps it from that
	for range repeats + 1 {
		call(p, input.DispatchKeyEvent, *down)
		down.AutoRepeat = new(true)
		<-time.After(50 * time.Millisecond)
	}
	call(p, input.DispatchKeyEvent, *up)
}

// Permit grants pages what they have to ask the browser for, such as "clipboard-write", or denies it.
func (p *Page) Permit(what string, granted bool) {
	p.t.Helper()
	setting := cdpbrowser.PermissionSettingDenied
	if granted {
		setting = cdpbrowser.PermissionSettingGranted
	}
	call(p, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
		Permission: &cdpbrowser.PermissionDescriptor{Name: what}, Setting: setting, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	})
}

// WheelWithCtrl turns the wheel by dy while Ctrl is held, as browsers also tell of two fingers on a touchpad that move apart.
func (p *Page) WheelWithCtrl(x, y, dy float64) {
	p.t.Helper()
	// A delta of zero would be left out, and a modifier is a bit: 2 is Ctrl.
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: 0.001, DeltaY: dy, Modifiers: 2})
}

// Pinch puts two fingers on the viewport around a place, as far apart as the first distance, and moves them to the last.
func (p *Page) Pinch(x, y float64, distances ...float64) {
	p.t.Helper()
	kind := input.DispatchTouchEventTypeTouchStart
	for _, distance := range distances {
		call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{
			{X: x - distance/2, Y: y, ID: new(1.0)}, {X: x + distance/2, Y: y, ID: new(2.0)},
		}})
		kind = input.DispatchTouchEventTypeTouchMove
	}
	call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
}
