package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/CAFxX/httpcompression"
	"github.com/klauspost/compress/gzhttp"
	"github.com/qwelp/qwelp-go/middleware"
	"golang.org/x/net/html"
)

// contestant is one way to answer with a page.
type contestant struct {
	name    string
	wrap    func(http.Handler) http.Handler
	marker  string   // the src of what it puts into pages; empty: nothing
	codings []string // of pages that it is measured on; nil: none, pages must not be encoded
	accept  string   // the Accept-Encoding it is asked with
	length  bool     // it is measured on pages of a known length
}

// ours is the wrapper that this is about. It is made once: what New costs is not what a page costs.
var ours = func() func(http.Handler) http.Handler {
	q, err := middleware.New(middleware.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	return q.Wrap
}()

func bare(next http.Handler) http.Handler { return next }

// tag is what ours puts into pages, for those who put in what they are told.
var tag, tagSrc = func() (string, string) {
	w := newMemory()
	r, err := http.NewRequest(http.MethodGet, "/", nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	ours(&page{body: []byte("<!doctype html><head></head>")}).ServeHTTP(w, r)
	_, after, _ := strings.Cut(w.body.String(), "<head>")
	tag, _, _ := strings.Cut(after, "</head>")
	_, src, _ := strings.Cut(tag, `src="`)
	src, _, _ = strings.Cut(src, `"`)
	return tag, src
}()

// contestants are all there are.
var contestants = []contestant{
	{name: "bare handler", wrap: bare, codings: []string{"gzip", "br", "zstd"}},
	{name: "**qwelp**", wrap: ours, marker: tagSrc, codings: []string{"gzip", "br", "zstd"}},
	{name: "buffer, bytes.Replace", wrap: rewriteWith(replace), marker: tagSrc, codings: []string{"gzip", "br", "zstd"}},
	{name: "html.Parse, Render", wrap: rewriteWith(parse), marker: tagSrc},
	{name: "httputil.ReverseProxy alone", wrap: proxyAlone, codings: []string{"gzip", "br"}},
	{name: "templ's proxy", wrap: templProxy, marker: templSrc, codings: []string{"gzip", "br"}, length: true},
	{name: "templ's proxy, length unknown", wrap: templProxy, marker: templSrc},
	{name: "gzhttp (for scale)", wrap: func(next http.Handler) http.Handler { return gzhttp.GzipHandler(next) }, accept: "gzip"},
	{name: "qwelp inside gzhttp", wrap: func(next http.Handler) http.Handler { return gzhttp.GzipHandler(ours(next)) }, marker: tagSrc, accept: "gzip"},
	{name: "httpcompression, gzip (for scale)", wrap: compressed, accept: "gzip"},
	{name: "httpcompression, br (for scale)", wrap: compressed, accept: "br"},
}

func find(name string) (contestant, bool) {
	for _, c := range contestants {
		if c.name == name {
			return c, true
		}
	}
	return contestant{}, false
}

var compressed = func() func(http.Handler) http.Handler {
	wrap, err := httpcompression.DefaultAdapter()
	if err != nil {
		panic(err)
	}
	return wrap
}()

// rewriteWith is what people write who need no more: it keeps the whole body, decodes it, changes it and encodes it again.
func rewriteWith(change func([]byte) []byte) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kept := memories.Get().(*memory)
			defer kept.free()
			kept.status = http.StatusOK
			kept.header = w.Header()
			next.ServeHTTP(kept, r)
			w.Header().Del("Content-Length")
			body, coding := kept.body.Bytes(), w.Header().Get("Content-Encoding")
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				w.WriteHeader(kept.status)
				w.Write(body)
				return
			}
			w.WriteHeader(kept.status)
			c, ok := codecs[coding]
			if !ok {
				w.Write(change(body))
				return
			}
			decoded := memories.Get().(*memory)
			defer decoded.free()
			if err := c.decode(&decoded.body, body); err != nil {
				return
			}
			c.encode(w, change(decoded.body.Bytes()))
		})
	}
}

func replace(body []byte) []byte {
	return bytes.Replace(body, []byte("</head>"), []byte(tag+"</head>"), 1)
}

// parse puts the tag at the end of the head, which every parsed document has.
func parse(body []byte) []byte {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return body
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "head" {
			n.AppendChild(&html.Node{Type: html.ElementNode, Data: "script", Attr: []html.Attribute{{Key: "type", Val: "module"}, {Key: "src", Val: tagSrc}}})
			break
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, root); err != nil {
		return body
	}
	return b.Bytes()
}

// memory is a response that is kept.
type memory struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newMemory() *memory { return &memory{header: http.Header{}, status: http.StatusOK} }

// memories are used again, as by everybody who cares what pages cost.
var memories = sync.Pool{New: func() any { return newMemory() }}

func (m *memory) free() {
	m.header = nil
	m.body.Reset()
	memories.Put(m)
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(status int)      { m.status = status }
func (m *memory) Write(p []byte) (int, error) { return m.body.Write(p) }
