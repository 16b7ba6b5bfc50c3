package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

// looks are the ways in which the dialog is shown.
var looks = []struct {
	name, lang    string
	width, height int64
	dark          bool
}{
	{"desktop", "en", 640, 480, false},
	{"desktop-dark", "en", 640, 480, true},
	{"phone-dark", "en", 360, 560, true},
	{"phone", "en", 360, 560, false},
	{"arabic-phone", "ar", 360, 560, false},
	{"arabic", "ar", 640, 480, false},
}

// Takes a picture of the customer's side in each of its states, a sheet for each look:
//
//	go test -run DialogInEveryState -pictures ../../docs/pictures
func TestTheDialogInEveryStateFitsTheWindow(t *testing.T) {
	t.Parallel()
	page := func(lang, dir string) string {
		return `<!doctype html><html lang="` + lang + `" dir="` + dir + `"><meta name="viewport" content="width=device-width">` + noIcon + `<title>Shop</title>
			<style>body { font: 1em/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark } @media (prefers-color-scheme: dark) { body { background: #111; color: #ddd } }</style>
			<h1>Larch &amp; Linen</h1><p>` + strings.Repeat("Spun from mill offcuts. ", 12) + `</p>`
	}
	_, s, _ := served(t, middleware.Options{Settings: sender.Settings{Branding: sender.Branding{PrimaryColor: "#1d5c45"}}}, pages{"/en": page("en", "ltr"), "/ar": page("ar", "rtl")})
	customer, agent := browser.Open(t, 640, 480), browser.Open(t, 1000, 700)
	for i, look := range looks {
		if *picturesDir == "" && i%2 > 0 {
			continue // the others are for the documents
		}
		words := map[string][]string{
			"en": {"Get support", "Start session", "Allow", "Show details", "Pause sharing", "Minimise", "End session"},
			"ar": {"طلب المساعدة", "بدء الجلسة", "السماح", "عرض التفاصيل", "إيقاف المشاركة مؤقتًا", "تصغير", "إنهاء الجلسة"},
		}[look.lang]
		support, start, yes, details, pause, smaller, end := words[0], words[1], words[2], words[3], words[4], words[5], words[6]
		customer.Resize(look.width, look.height)
		scheme := "light"
		if look.dark {
			scheme = "dark"
		}
		customer.Media("prefers-color-scheme: "+scheme, "prefers-reduced-motion: reduce")
		customer.Go(s.customer + "/" + look.lang)
		var sheet [][]byte
		take := func(state string) {
			t.Helper()
			still(customer)
			if wide := browser.Eval[bool](customer, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Errorf("%s, %s: the page has to be scrolled sideways", look.name, state)
			}
			sheet = append(sheet, customer.Screenshot(look.name+"-"+state))
		}
		customer.WaitFor("button", support)
		take("1-button")
		customer.Click("button", support)
		customer.WaitFor("button", start)
		take("2-idle")
		customer.Click("button", start)
		customer.Until("a code", func() bool { return len(digits(customer.Text())) >= 9 })
		take("3-code")
		code := browser.Eval[string](customer, `import("/_qwelp/current/index.js").then(m => m.QwelpSenderSession.runningSession.getSupportCode())`)
		agent.Go(s.agent)
		if browser.Eval[string](agent, `document.querySelector("#name").value`) == "" {
			agent.Fill("Your name", "Ana")
		}
		agent.Fill("Support code", code)
		agent.Click("button", "Join")
		customer.WaitFor("button", yes)
		take("4-consent")
		customer.Until("that the question is answered", func() bool {
			if customer.Has("button", yes) {
				customer.Click("button", yes)
			}
			return !customer.Has("button", yes)
		})
		agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
		customer.WaitFor("button", pause)
		take("5-indicator")
		customer.Click("button", smaller)
		take("6-smallest")
		customer.Click("button", details)
		customer.Click("button", details)
		take("7-details")
		customer.Click("button", pause)
		take("8-paused")
		if !look.dark && look.lang == "en" {
			agent.Until("that it is paused", func() bool { return strings.Contains(agent.Text(), "has paused sharing") })
			still(agent)
			agent.Screenshot(look.name + "-paused-agent")
		}
		customer.Click("button", end)
		customer.WaitFor("button", start)
		take("9-end")
		agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "Join another session") })
		keep(t, "dialog-"+look.name, tiled(t, sheet))
	}
	unharmed(t, customer)
}

// still has the pointer point at nothing, and waits until what appears has appeared.
func still(p *browser.Page) {
	p.Move(5, 5)
	browser.Eval[any](p, `new Promise(resolve => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 400))`)
}

// tiled puts pictures of one size on a sheet, five in a row.
func tiled(t *testing.T, pictures [][]byte) []byte {
	t.Helper()
	const gap, columns = 16, 5
	var sheet *image.RGBA
	for i, data := range pictures {
		p, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		w, h := p.Bounds().Dx()+gap, p.Bounds().Dy()+gap
		if sheet == nil {
			rows := (len(pictures) + columns - 1) / columns
			sheet = image.NewRGBA(image.Rect(0, 0, columns*w+gap, rows*h+gap))
			draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.RGBA{0xd7, 0xdb, 0xe2, 0xff}), image.Point{}, draw.Src)
		}
		draw.Draw(sheet, p.Bounds().Add(image.Pt(gap+i%columns*w, gap+i/columns*h)), p, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, sheet); err != nil {
		t.Fatal(fmt.Errorf("the sheet: %w", err))
	}
	return out.Bytes()
}
