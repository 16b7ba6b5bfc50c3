package e2e

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// encodings are bodies of doc in all codings, at all levels that differ in kind, with and without flushes in between.
func encodings(t *testing.T, doc string) map[string]string {
	bodies := map[string]string{}
	for _, flush := range []int{len(doc), 3_000} {
		add := func(coding string, level int, open func(io.Writer) (io.WriteCloser, error)) {
			var b bytes.Buffer
			w, err := open(&b)
			if err != nil {
				t.Fatal(err)
			}
			for rest := doc; rest != ""; {
				n := min(flush, len(rest))
				_, _ = io.WriteString(w, rest[:n])
				rest = rest[n:]
				if f, ok := w.(interface{ Flush() error }); ok && rest != "" {
					_ = f.Flush()
				}
			}
			_ = w.Close()
			bodies[fmt.Sprintf("/%s/%d/%d", coding, level, flush)] = b.String()
		}
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, 6, flate.BestCompression} {
			add("gzip", level, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) })
			add("deflate", level, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) })
			add("deflate", level+100, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, level) })
		}
		add("br", 5, func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriterLevel(w, 5), nil })
		add("zstd", 3, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	}
	return bodies
}

// In Chromium's own decoders a page with the tag is the same in every coding.
func TestChromiumReadsPagesInEveryCoding(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("a page of an app that sells <b>bold</b> tea and <i>cups</i> &amp; more <p> <li> 1.99 € <br>")
	text := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(" \n"[r.IntN(2)])
		}
		return b.String()
	}
	// Less than the 32 KiB that matches reach back, and far more.
	docs := map[string]string{}
	for name, size := range map[string]int{"short": 300, "long": 100_000} {
		docs[name] = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tea</title>` + noIcon + `</head><body>` + text(size) + `</body></html>`
	}
	bodies := map[string]string{}
	for name, doc := range docs {
		bodies["/"+name] = doc
		for path, body := range encodings(t, doc) {
			bodies["/"+name+path] = body
		}
	}
	q, err := middleware.New(middleware.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(q.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/" {
			_, _ = io.WriteString(w, `<!doctype html><title>Codings</title>`+noIcon)
			return
		}
		if parts := strings.Split(r.URL.Path, "/"); len(parts) > 2 {
			w.Header().Set("Content-Encoding", parts[2])
		}
		_, _ = io.WriteString(w, bodies[r.URL.Path])
	})))
	t.Cleanup(server.Close)

	customer := browser.Open(t, 800, 600)
	customer.Go(server.URL + "/")
	for name := range docs {
		browser.Eval[bool](customer, fmt.Sprintf(`(async () => {
			window.load = path => new Promise(resolve => {
				const frame = document.createElement("iframe");
				frame.onload = () => {
					resolve(frame.contentDocument.documentElement.outerHTML);
					frame.remove();
				};
				frame.src = path;
				document.body.append(frame);
			});
			window.plain = await load(%q);
			return true;
		})()`, "/"+name))
		for path := range bodies {
			if !strings.HasPrefix(path, "/"+name+"/") {
				continue
			}
			if got := browser.Eval[string](customer, fmt.Sprintf(`load(%q).then(coded => {
				const tags = coded.split("data-qwelp-settings").length - 1;
				return plain === coded && tags === 1 ? "" : tags + " tags, " + coded.length + " characters, want " + plain.length;
			})`, path)); got != "" {
				t.Errorf("%s: %s", path, got)
			}
		}
	}
}
