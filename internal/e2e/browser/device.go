package browser

import (
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

// Resize sets the size of the viewport in CSS pixels.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// Dark turns dark mode on.
func (p *Page) Dark() {
	p.t.Helper()
	p.Media("prefers-color-scheme: dark")
}

// Media has media features hold, and no others than the browser's own.
func (p *Page) Media(features ...string) {
	p.t.Helper()
	var emulated []*emulation.MediaFeature
	for _, feature := range features {
		name, value, _ := strings.Cut(feature, ": ")
		emulated = append(emulated, &emulation.MediaFeature{Name: name, Value: value})
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: emulated})
}

// Phone makes a phone of the browser: its size, pixels and fingers. Resize makes it a window again.
func (p *Page) Phone(width, height int64, scale float64) {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: scale, Mobile: true, ScreenWidth: width, ScreenHeight: height,
	})
	call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
}

// Magnify has two fingers magnify the page of a phone.
func (p *Page) Magnify(factor float64) {
	p.t.Helper()
	call(p, emulation.SetPageScaleFactor, emulation.SetPageScaleFactorParams{PageScaleFactor: factor})
}

// Zoom resizes the page as the browser's own zoom does in a window of that size.
func (p *Page) Zoom(width, height int64, zoom float64) {
	p.t.Helper()
	call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{})
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(float64(width) / zoom), Height: int64(float64(height) / zoom), DeviceScaleFactor: zoom,
	})
}
