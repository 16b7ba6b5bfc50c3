package e2e

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

var (
	reportDir   = flag.String("report", "", "write what both sides show of the torture pages into this `directory`")
	tortureOnly = flag.String("torture", "", "only the torture page of this `name`")
	tortureDir  = filepath.Join("testdata", "torture")
	seenOfBoth  = image.Rect(5, 5, 580, 480) // what is compared by picture: where main is, and nothing that qwelp adds
	mostDiffer  = 0.004                      // share of pixels that may differ: text is drawn a little differently in a frame
)

// Every feature of the platform that is hard to mirror, a page for each: both sides are compared element by element, by boxes, computed
// styles, states and texts, and by picture.
//
//	go test -run Torture -report /tmp/report
func TestTorturePagesAreTheSameOnBothSides(t *testing.T) {
	fingerprint, err := os.ReadFile(filepath.Join("testdata", "fingerprint.js"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(tortureDir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(tortureDir)))
	mux.HandleFunc("/boxes.ttf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "font/ttf")
		w.Write(boxFont())
	})
	p := &pair{shop: startSite(t, mux), customer: browser.Open(t, 800, 600), agent: browser.Open(t, 1400, 900)}
	p.agent.BeforeEachPage(`{
		const { stringify } = JSON;
		window.asked = [];
		JSON.stringify = (value, ...more) => {
			const text = stringify(value, ...more);
			if (["resync", "lack"].includes(value?.type)) window.asked.push(text);
			return text;
		};
	}`)
	p.customer.Go(p.shop.customer + "/cascade.html")
	p.code = startSession(p.customer)
	join(p.shop, p.customer, p.agent, p.code)
	p.agent.Click("button", "100 %")
	browser.Eval[any](p.agent, `document.activeElement.blur()`)
	report := newReport(t)
	t.Cleanup(report.write)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		if name == "inner" || *tortureOnly != "" && name != *tortureOnly {
			continue
		}
		t.Run(name, func(t *testing.T) {
			verdict := p.torture(t, name, string(fingerprint))
			// A picture that only a new snapshot puts right was wrong before.
			for _, asked := range browser.Eval[[]string](p.agent, `asked.splice(0)`) {
				t.Errorf("the agent asked: %s", asked)
			}
			report.add(verdict)
			for _, difference := range verdict.differences {
				t.Error(difference)
			}
		})
	}
	for _, page := range []*browser.Page{p.customer, p.agent} {
		if errors := page.Errors(); len(errors) > 0 {
			t.Errorf("uncaught exceptions:\n%s", strings.Join(errors, "\n"))
		}
	}
}

// torture shows a page to both sides, has it do its worst, and compares.
func (p *pair) torture(t *testing.T, name, fingerprint string) verdict {
	p.customer.Move(790, 590)
	p.customer.Go(p.shop.customer + "/" + name + ".html")
	title := browser.Eval[string](p.customer, `document.title`)
	p.agent.Wait(fmt.Sprintf(`document.body.textContent.includes(%q)`, title))
	p.agent.Wait(inMirror(`doc.querySelector("main")`)) // it was filled before the console heard of it
	if media := browser.Eval[string](p.customer, `document.querySelector("main").dataset.media ?? ""`); media != "" {
		p.customer.Media(strings.Split(media, "; ")...)
		defer p.customer.Media()
	}
	if _, err := browser.TryEval[any](p.customer, `window.torture?.()`); err != nil {
		return verdict{name: name, title: title, differences: []string{err.Error()}}
	}
	point := `(s => { if (!s) return [0, 0]; const b = document.querySelector(s).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })(document.querySelector("main").dataset.%s)`
	if at := browser.Eval[[2]float64](p.customer, fmt.Sprintf(point, "hover")); at[0] > 0 {
		p.customer.Move(at[0], at[1])
	}
	if at := browser.Eval[[2]float64](p.customer, fmt.Sprintf(point, "press")); at[0] > 0 {
		p.customer.Press(at[0], at[1])
		defer p.customer.Release(at[0], at[1])
	}
	v := verdict{name: name, title: title}
	most := cmp.Or(browser.Eval[float64](p.customer, `Number(document.querySelector("main").dataset.differs ?? 0)`), mostDiffer)
	var want, got []string
	if !browser.Holds(func() bool {
		want = browser.Eval[[]string](p.customer, fingerprint+`(document, window.closedRoots)`)
		got, _ = browser.TryEval[[]string](p.agent, inMirror(fingerprint+`(doc)`))
		v.differences = compare(want, got)
		if len(v.differences) == 0 {
			v.customer, v.agent = p.pictures(t)
			if share := differing(t, v.customer, v.agent); share > most {
				v.differences = []string{fmt.Sprintf("%.2f %% of the picture differ", 100*share)}
			}
		}
		return len(v.differences) == 0
	}) {
		v.customer, v.agent = p.pictures(t)
	}
	return v
}

// pictures takes a picture of what both sides show of the page, without the pointer the agent sees.
func (p *pair) pictures(t *testing.T) (customer, agent []byte) {
	t.Helper()
	at := browser.Eval[[2]float64](p.agent, `(f => { document.querySelector(".overlay").style.visibility = "hidden"; const b = f.getBoundingClientRect(); return [b.x, b.y] })(document.querySelector('iframe[title^="Customer"]'))`)
	x, y, w, h := float64(seenOfBoth.Min.X), float64(seenOfBoth.Min.Y), float64(seenOfBoth.Dx()), float64(seenOfBoth.Dy())
	return p.customer.Clip(x, y, w, h), p.agent.Clip(at[0]+x, at[1]+y, w, h)
}

// compare tells the first lines that differ.
func compare(want, got []string) (differences []string) {
	if len(want) != len(got) {
		differences = append(differences, fmt.Sprintf("the agent sees %d elements, the customer %d", len(got), len(want)))
	}
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] && len(differences) < 4 {
			differences = append(differences, fmt.Sprintf("line %d: the agent sees\n\t%s\nthe customer\n\t%s", i, got[i], want[i]))
		}
	}
	return differences
}

// differing gives the share of pixels in which two pictures clearly differ.
func differing(t *testing.T, one, other []byte) float64 {
	t.Helper()
	pictures := make([]image.Image, 2)
	for i, data := range [][]byte{one, other} {
		var err error
		if pictures[i], err = png.Decode(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	a, b := pictures[0], pictures[1]
	if a.Bounds() != b.Bounds() {
		return 1
	}
	count := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if apart(a.At(x, y), b.At(x, y)) {
				count++
			}
		}
	}
	return float64(count) / float64(a.Bounds().Dx()*a.Bounds().Dy())
}

func apart(a, b interface{ RGBA() (r, g, b, a uint32) }) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	return slices.ContainsFunc([]int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)}, func(d int) bool { return max(d, -d) > 48<<8 })
}
