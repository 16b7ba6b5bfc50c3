package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// page is a document as a handler sends it.
type page struct {
	name   string
	body   []byte // in its coding
	coding string // empty: none
	length bool   // the handler says how long the body is
}

var htmlType = []string{"text/html; charset=utf-8"}

const piece = 4 << 10 // what handlers write at a time: a template's or a file server's buffer

// ServeHTTP sends the page.
func (p *page) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h["Content-Type"] = htmlType
	if p.coding != "" {
		h["Content-Encoding"] = []string{p.coding}
	}
	if p.length {
		h["Content-Length"] = []string{strconv.Itoa(len(p.body))}
	}
	for rest := p.body; len(rest) > 0; {
		n, err := w.Write(rest[:min(piece, len(rest))])
		if err != nil {
			return
		}
		rest = rest[n:]
	}
}

// in returns the page in a coding.
func (p *page) in(coding string) *page {
	coded := *p
	coded.coding, coded.body = coding, encode(coding, p.body)
	return &coded
}

// known returns the page with or without a known length.
func (p *page) known(length bool) *page {
	known := *p
	known.length = length
	return &known
}

// sizes are those of the generated pages.
var sizes = []struct {
	name  string
	bytes int
}{{"2 KB", 2 << 10}, {"20 KB", 20 << 10}, {"200 KB", 200 << 10}, {"2 MB", 2 << 20}}

// generate makes a page of about this size, with a head of up to 4 KB and a text that compresses as texts do. It is the same every time.
func generate(name string, size int) *page {
	random := rand.New(rand.NewPCG(1, uint64(size)))
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Orders of the week</title>\n")
	for i := 0; b.Len() < min(size/4, 4<<10); i++ {
		fmt.Fprintf(&b, "<link rel=\"stylesheet\" href=\"/static/part-%d.%x.css\" media=\"screen and (min-width: %dem)\">\n", i, random.Uint32(), 20+i)
	}
	b.WriteString("<script>window.app = {started: Date.now(), ready: false}</script>\n</head>\n<body class=\"list\">\n")
	for i := 0; b.Len() < size-16; i++ {
		fmt.Fprintf(&b, "<div class=\"row\" id=\"r%d\" data-key=\"%08x\"><a href=\"/orders/%d\">%s</a><p>", i, random.Uint32(), 1000+i, words(random, 3))
		fmt.Fprintf(&b, "%s &amp; <b>%s</b>, %s.</p></div>\n", words(random, 8), words(random, 2), words(random, 10))
	}
	b.WriteString("</body>\n</html>\n")
	return &page{name: name, body: b.Bytes()}
}

// words returns n made-up words. Some of them are frequent, as in a language.
func words(random *rand.Rand, n int) string {
	const syllables = "ta ri on el ma su ve ko in da no pe ri sta lu mi ger an sho bra wil fen ost ark il ou"
	all := strings.Fields(syllables)
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 1 + random.IntN(3) {
			b.WriteString(all[min(random.IntN(len(all)), random.IntN(len(all)))])
		}
	}
	return b.String()
}

// documents are pages that people wrote, from the Go distribution and a module this program needs anyway. Those that are not there are left out.
func documents() []*page {
	var pages []*page
	for _, d := range []struct {
		name, file string
		dir        []string // the command that prints where
	}{
		{"memory model", "doc/go_mem.html", []string{"env", "GOROOT"}},
		{"Go 1 notes", "html/testdata/go1.html", []string{"list", "-m", "-f", "{{.Dir}}", "golang.org/x/net"}},
		{"language specification", "doc/go_spec.html", []string{"env", "GOROOT"}},
		{"trace viewer", "src/internal/trace/traceviewer/static/trace_viewer_full.html", []string{"env", "GOROOT"}},
	} {
		dir, err := exec.Command("go", d.dir...).Output()
		if err != nil {
			continue
		}
		body, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), filepath.FromSlash(d.file)))
		if err != nil {
			continue
		}
		pages = append(pages, &page{name: fmt.Sprintf("%s, %d KB", d.name, (len(body)+512)>>10), body: body})
	}
	return pages
}

// encoder is what all of them have in common.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// newEncoder returns an encoder as servers that compress ahead of time have it.
func newEncoder(coding string, w io.Writer) encoder {
	switch coding {
	case "gzip":
		return gzip.NewWriter(w)
	case "br":
		return brotli.NewWriterLevel(w, 5)
	case "zstd":
		e, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	}
	return &identity{w}
}

// identity is the coding that is none.
type identity struct{ io.Writer }

func (i *identity) Reset(w io.Writer) { i.Writer = w }
func (i *identity) Flush() error      { return nil }
func (i *identity) Close() error      { return nil }

func encode(coding string, body []byte) []byte {
	var b bytes.Buffer
	e := newEncoder(coding, &b)
	if _, err := e.Write(body); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := e.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func newDecoder(coding string, r io.Reader) (io.Reader, error) {
	switch coding {
	case "gzip":
		return gzip.NewReader(r)
	case "br":
		return brotli.NewReader(r), nil
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return r, nil
}

func decode(coding string, body []byte) ([]byte, error) {
	r, err := newDecoder(coding, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
