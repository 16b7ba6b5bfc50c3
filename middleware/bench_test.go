package middleware

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sink is a response that goes nowhere, with the abilities of HTTP/1.
type sink struct {
	h http.Header
	http.Hijacker
}

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Flush()                      {}

func (s *sink) ReadFrom(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }

// Wrapped against bare shows what the middleware costs. The handler writes 4 KiB at a time.
func BenchmarkPage(b *testing.B) {
	m := mustNew(b, Options{})
	doc := `<!doctype html><html><head><meta charset="utf-8"><title>Page</title>` + strings.Repeat(`<link rel="stylesheet" href="/static/x.css">`, 20) +
		`</head><body>` + strings.Repeat(`<p class="a">Some text</p>`, 200<<10/26)
	for _, c := range []struct{ name, contentType, coding, body string }{
		{"identity", "text/html; charset=utf-8", "", doc},
		{"other", "application/json", "", doc},
		{"gzip", "text/html; charset=utf-8", "gzip", gzipped(doc)},
		{"br", "text/html; charset=utf-8", "br", brotlied(doc)},
	} {
		body := []byte(c.body)
		contentType := []string{c.contentType}
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = contentType
			if c.coding != "" {
				w.Header()["Content-Encoding"] = []string{c.coding}
			}
			for rest := body; len(rest) > 0; {
				n, _ := w.Write(rest[:min(4096, len(rest))])
				rest = rest[n:]
			}
		})
		for name, handler := range map[string]http.Handler{"bare": h, "wrapped": m.Wrap(h)} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				r := httptest.NewRequest("GET", "/", nil)
				r.Header.Set("Sec-Fetch-Dest", "document")
				w := &sink{h: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.h)
					handler.ServeHTTP(w, r)
				}
			})
		}
	}
}

func TestAPageCostsNoMemory(t *testing.T) {
	m := mustNew(t, Options{})
	body, contentType := []byte(document), []string{"text/html; charset=utf-8"}
	h := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = contentType
		_, _ = w.Write(body)
	}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	w := &sink{h: http.Header{}}
	// The race detector makes sync.Pool forget things on purpose.
	if got := testing.AllocsPerRun(1000, func() { clear(w.h); h.ServeHTTP(w, r) }); got >= 1 && !raceEnabled {
		t.Errorf("%v allocations a page, want 0", got)
	}
}
