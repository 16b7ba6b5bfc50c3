package sendertest

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	_ "image/gif"  // so that Decode knows it
	_ "image/jpeg" // so that Decode knows it
	_ "image/png"  // so that Decode knows it
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	_ "golang.org/x/image/webp" // so that Decode knows it

	"github.com/qwelp/qwelp-go/agent"
)

// wire is all that has come to the agent, by the page it came from.
type wire struct {
	log *lockedBuffer

	mu    sync.Mutex
	order []string
	pages map[string]*bytes.Buffer
	last  time.Time
}

func (w *wire) begin(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages[path] == nil {
		w.pages[path] = &bytes.Buffer{}
	}
	w.order = append(w.order, path)
}

func (w *wire) add(data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = time.Now()
	b := w.pages[w.order[len(w.order)-1]]
	b.Write(data)
	b.WriteByte('\n')
}

func (w *wire) frame(frame []byte) { w.add(frame) }

// page adds what frames tell in pieces.
func (w *wire) page(p *agent.Page) {
	html, text := p.HTML(), p.Document.Text()
	w.add([]byte(p.URL + "\n" + p.Title + "\n" + html))
	w.add([]byte(spaces.ReplaceAllString(text, "")))
	w.add([]byte(marks.ReplaceAllString(text, "")))
	w.add([]byte(between.ReplaceAllString(html, "")))
	for _, asset := range p.Assets {
		w.add(asset.Data)
		w.add(pixels(asset.Data))
	}
}

// Letters may stand in elements and fields of their own, with marks between them, and in strings of a style sheet that show as one.
var (
	spaces  = regexp.MustCompile(`\s+`)
	marks   = regexp.MustCompile(`[\s.,·|/_-]+`)
	between = regexp.MustCompile(`["']\s+["']`)
)

// pixels are the colours of a picture, pixel by pixel, without their opacity: bytes may be written into them.
func pixels(data []byte) []byte {
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	size := picture.Bounds()
	colours := make([]byte, 0, 3*size.Dx()*size.Dy())
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			colours = append(colours, c.R, c.G, c.B)
		}
	}
	return colours
}

// quiet waits until no more frames come: images come last.
func (w *wire) quiet(ctx context.Context) {
	for {
		w.mu.Lock()
		rest := 300*time.Millisecond - time.Since(w.last)
		w.mu.Unlock()
		if rest <= 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

func (w *wire) report(t testing.TB, c Check) {
	t.Helper()
	places := slices.Compact(slices.Sorted(slices.Values(w.order)))
	all := map[string][]byte{"the log": w.log.Bytes()}
	size := 0
	for _, path := range places {
		all[path] = w.pages[path].Bytes()
		size += len(all[path])
	}
	t.Logf("sendertest: %d pages, %d bytes reached the agent", len(places), size)
	for _, secret := range c.Secrets {
		for _, place := range append(places, "the log") {
			if how, at := find(all[place], secret); at >= 0 {
				t.Errorf("%s: %q reaches the agent %s: …%q…", place, secret, how, around(bytes.ToLower(all[place]), at))
			}
		}
	}
	for _, shown := range c.Shown {
		if !slices.ContainsFunc(places, func(place string) bool { return bytes.Contains(all[place], []byte(shown)) }) {
			t.Errorf("%q does not reach the agent", shown)
		}
	}
}

func around(data []byte, at int) []byte {
	return data[max(0, at-60):min(len(data), at+60)]
}

// find looks for a secret in every form of it; -1: it is not there.
func find(data []byte, secret string) (how string, at int) {
	data = bytes.ToLower(data)
	for _, form := range forms(secret) {
		text := []byte(strings.ToLower(form.text))
		if form.run {
			if at := runAt(data, text); at >= 0 {
				return form.name, at
			}
		} else if at := bytes.Index(data, text); at >= 0 {
			return form.name, at
		}
	}
	return "", -1
}

type form struct {
	name, text string
	run        bool // a run of one character, no longer than this
}

// forms are the ways in which a secret might be written, those that are too short to be told from chance left out.
func forms(secret string) []form {
	all := []form{{name: "as it is", text: secret}}
	add := func(name, text string) {
		if len(text) >= 4 && !slices.ContainsFunc(all, func(f form) bool { return f.text == text }) {
			all = append(all, form{name: name, text: text})
		}
	}
	add("without its spaces and hyphens", strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(secret))
	add("escaped for a query", url.QueryEscape(secret))
	add("escaped for a path", url.PathEscape(secret))
	add("escaped for HTML", html.EscapeString(secret))
	if text, err := json.Marshal(secret); err == nil {
		add("escaped for JSON", strings.Trim(string(text), `"`))
	}
	add("in hexadecimal", hex.EncodeToString([]byte(secret)))
	letters := []rune(secret)
	slices.Reverse(letters)
	add("backwards", string(letters))
	add("in UTF-16 (little-endian)", utf16Bytes(secret, binary.LittleEndian))
	add("in UTF-16 (big-endian)", utf16Bytes(secret, binary.BigEndian))
	add("with every byte escaped for a URL", each(secret, "%%%02x"))
	add("in codes of JavaScript", eachUnit(secret, `\u%04x`))
	add("in codes of HTML", eachRune(secret, "&#%d;"))
	add("in hexadecimal codes of HTML", eachRune(secret, "&#x%x;"))
	add("as numbers", strings.TrimSuffix(each(secret, "%d,"), ","))
	add("in base32", strings.TrimRight(base32.StdEncoding.EncodeToString([]byte(secret))[:len(secret)*8/5], "="))
	// Of eight there are always eight.
	if n := utf8.RuneCountInString(secret); n != 8 {
		for _, dot := range []string{"•", "●", "*", "∙"} {
			all = append(all, form{name: "by its length, in " + dot, text: strings.Repeat(dot, n), run: true})
		}
	}
	for shift := range 3 {
		// Three ways to stand in a longer text; what depends on its neighbours is left out.
		text := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		if to-from >= 6 {
			add(fmt.Sprintf("in base64 (%d)", shift), text[from:to])
			add(fmt.Sprintf("in base64 for URLs (%d)", shift), strings.NewReplacer("+", "-", "/", "_").Replace(text[from:to]))
		}
	}
	return all
}

// runAt is where a run of one character is that is exactly as long as run; -1: nowhere.
func runAt(data, run []byte) int {
	_, size := utf8.DecodeRune(run)
	one := run[:size]
	for from := 0; ; {
		at := bytes.Index(data[from:], one)
		if at < 0 {
			return -1
		}
		at += from
		for from = at; bytes.HasPrefix(data[from:], one); {
			from += size
		}
		if from-at == len(run) {
			return at
		}
	}
}

func utf16Bytes(text string, order binary.AppendByteOrder) string {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

func each(text, format string) string {
	var all strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&all, format, b)
	}
	return all.String()
}

func eachRune(text, format string) string {
	var all strings.Builder
	for _, r := range text {
		fmt.Fprintf(&all, format, r)
	}
	return all.String()
}

func eachUnit(text, format string) string {
	var all strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&all, format, unit)
	}
	return all.String()
}
