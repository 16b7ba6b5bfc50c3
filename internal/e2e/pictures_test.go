package e2e

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

var picturesDir = flag.String("pictures", "", "write the documents' pictures into this `directory` (default: none are taken)")

// Takes the pictures of README and documents from the real thing:
//
//	go test -run Pictures -pictures ../../docs/pictures
func TestThePicturesOfTheDocumentsCanBeTaken(t *testing.T) {
	if *picturesDir == "" {
		t.Skip("takes pictures with -pictures only: what it shows, other tests check")
	}
	t.Parallel()
	s := startShop(t, "")
	customer, agent := browser.Open(t, 1000, 720), browser.Open(t, 1200, 864)
	customer.Go(s.customer + "/product/" + product)
	code := startSession(customer)
	agent.Go(s.agent)
	agent.WaitFor("button", "Join")
	still(agent)
	keep(t, "console", agent.Screenshot("console"))
	agent.Fill("Your name", "Ana")
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	allow(customer)
	agent.Wait(inMirror(`[...doc.images].every(i => i.naturalWidth > 0)`))
	customer.Until("Ana's name", func() bool { return strings.Contains(customer.Text(), "Ana") })
	still(agent)
	// Over nothing that shows it, so that the agent sees where the customer is.
	customer.Move(640, 420)
	browser.Eval[any](customer, `new Promise(resolve => setTimeout(resolve, 800))`) // the dialog folds
	left, right := customer.Screenshot("customer"), agent.Screenshot("agent")
	keep(t, "both-sides", beside(t, left, right))
	for _, look := range []struct {
		name          string
		width, height int64
		dark          bool
	}{{"phone", 390, 844, false}, {"phone-dark", 390, 844, true}} {
		customer.Resize(look.width, look.height)
		agent.Resize(look.width, look.height)
		if look.dark {
			customer.Dark()
			agent.Dark()
		}
		still(customer)
		still(agent)
		keep(t, look.name, beside(t, customer.Screenshot(look.name), agent.Screenshot(look.name+"-agent")))
	}
	agent.ClickUntilGone("button", "End session")
	agent.Until("the end", func() bool { return strings.Contains(agent.Text(), "ended") })
	customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
	still(customer)
	still(agent)
	keep(t, "end-dark", beside(t, customer.Screenshot("end"), agent.Screenshot("end-agent")))
}

func keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	if len(picture) == 0 {
		t.Errorf("no picture %s", name)
		return
	}
	dir := *picturesDir
	if dir == "" {
		dir = t.ArtifactDir()
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Error(err)
	}
}

// beside puts two pictures beside each other on one background.
func beside(t *testing.T, left, right []byte) []byte {
	t.Helper()
	const gap = 24
	a, err := png.Decode(bytes.NewReader(left))
	if err != nil {
		t.Fatal(err)
	}
	b, err := png.Decode(bytes.NewReader(right))
	if err != nil {
		t.Fatal(err)
	}
	height := max(a.Bounds().Dy(), b.Bounds().Dy())
	both := image.NewRGBA(image.Rect(0, 0, a.Bounds().Dx()+b.Bounds().Dx()+3*gap, height+2*gap))
	draw.Draw(both, both.Bounds(), image.NewUniform(color.RGBA{0xd7, 0xdb, 0xe2, 0xff}), image.Point{}, draw.Src)
	x := gap
	for _, p := range []image.Image{a, b} {
		y := gap + (height-p.Bounds().Dy())/2
		draw.Draw(both, p.Bounds().Add(image.Pt(x, y)), p, image.Point{}, draw.Src)
		x += p.Bounds().Dx() + gap
	}
	var out bytes.Buffer
	if err := png.Encode(&out, both); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
