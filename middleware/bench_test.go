package middleware

import (
	"fmt"
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

// generated returns a page of about size bytes, with as long a head as pages of that size have: 10 lines or more, 80 at most.
func generated(size int) string {
	var b strings.Builder
	b.WriteString(`<!doctype html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="a > b </head> is no end">
<title>Page &amp; </head></title>
<link rel="stylesheet" href="/static/main.3f1c9a.css" media='screen'>
<!-- </head> <body> -->
<script>var t = "</head><body>"; if (1 < 2 && t) { document.documentElement.className = "js" }</script>
`)
	for i := range min(size>>11, 70) {
		switch i % 7 {
		case 0, 1:
			fmt.Fprintf(&b, "<link rel=\"preload\" as=\"style\" href=\"/static/part-%d.css\" crossorigin>\n", i)
		case 2:
			fmt.Fprintf(&b, "<meta property=\"og:item-%d\" content=\"Something about item %d\">\n", i, i)
		case 3:
			fmt.Fprintf(&b, "<script type=\"module\" src=\"/static/chunk-%d.js\" async></script>\n", i)
		case 4:
			fmt.Fprintf(&b, "<style>.part-%d > a:hover::after { content: \"<\"; color: #123456; padding: 0 1em }</style>\n", i)
		case 5:
			fmt.Fprintf(&b, "<!-- part %d -- of the page -->\n", i)
		case 6:
			fmt.Fprintf(&b, "<script type=\"application/ld+json\">{\"@type\":\"Thing\",\"name\":\"<b>%d</b>\"}</script>\n", i)
		}
	}
	b.WriteString("</head>\n<body>\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "<section id=\"s%d\" class=\"part\"><h2>Section %d</h2><p class=\"a\">Some text &amp; more of it.</p></section>\n", i, i)
	}
	return b.String()
}

// navigation is what a browser asks for a page with.
func navigation() *http.Request {
	r := httptest.NewRequest("GET", "/basket", nil)
	for name, value := range map[string]string{
		"Accept":          "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
		"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en-GB,en;q=0.9", "Cookie": "session=0123456789abcdef; theme=dark",
		"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1",
		"Sec-Ch-Ua-Platform": `"Linux"`, "Upgrade-Insecure-Requests": "1", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
	} {
		r.Header.Set(name, value)
	}
	return r
}

// inPieces answers with body, 4 KiB at a time.
func inPieces(body []byte, contentType, coding string) http.HandlerFunc {
	contentTypes, codings := []string{contentType}, []string{coding}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = contentTypes
		if coding != "" {
			w.Header()["Content-Encoding"] = codings
		}
		for rest := body; len(rest) > 0; {
			n, _ := w.Write(rest[:min(4096, len(rest))])
			rest = rest[n:]
		}
	}
}

// copied answers with a body that is read from somewhere.
func copied(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = imageType
	_, _ = io.Copy(w, noBody{})
}

type noBody struct{}

func (noBody) Read([]byte) (int, error) { return 0, io.EOF }

var imageType = []string{"image/png"}

// Wrapped against bare shows what the middleware costs.
func BenchmarkPage(b *testing.B) {
	m := mustNew(b, Options{})
	type row struct {
		name string
		h    http.Handler
	}
	rows := []row{
		{"json", inPieces([]byte(`{"a":"</head>"}`), "application/json", "")},
		{"copy", http.HandlerFunc(copied)},
	}
	for _, size := range []int{2 << 10, 20 << 10, 200 << 10, 2 << 20} {
		doc := generated(size)
		name := fmt.Sprintf("%dKB", size>>10)
		rows = append(rows, row{"html/" + name, inPieces([]byte(doc), "text/html; charset=utf-8", "")})
		if size <= 200<<10 {
			rows = append(rows,
				row{"gzip/" + name, inPieces([]byte(gzipped(doc)), "text/html; charset=utf-8", "gzip")},
				row{"br/" + name, inPieces([]byte(brotlied(doc)), "text/html; charset=utf-8", "br")})
		}
	}
	for _, row := range rows {
		for _, way := range []struct {
			name string
			h    http.Handler
		}{{"bare", row.h}, {"wrapped", m.Wrap(row.h)}} {
			b.Run("serial/"+row.name+"/"+way.name, func(b *testing.B) {
				r, w := navigation(), &sink{h: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.h)
					way.h.ServeHTTP(w, r)
				}
			})
			b.Run("parallel/"+row.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					r, w := navigation(), &sink{h: http.Header{}}
					for pb.Next() {
						clear(w.h)
						way.h.ServeHTTP(w, r)
					}
				})
			})
		}
	}
}

// The insertion at the end of a long head, in writes of one byte.
func BenchmarkSingleBytes(b *testing.B) {
	doc := []byte(strings.Repeat("<link rel=preload as=style href=/static/x.css>\n", 100<<10/47) + "</head>")
	var in injector
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		in.reset(io.Discard, markTagger{}, "/_qwelp/", true)
		for i := range doc {
			_, _ = in.Write(doc[i : i+1])
		}
	}
}
