package middleware

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// codings are all that pages can come in, with what encodes and decodes them.
var codings = []struct {
	name   string // in Content-Encoding
	encode func(io.Writer) flusher
	decode func(io.Reader) (io.Reader, error)
}{
	{"gzip", func(w io.Writer) flusher { return gzip.NewWriter(w) }, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"x-gzip", func(w io.Writer) flusher { return gzip.NewWriter(w) }, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"deflate", func(w io.Writer) flusher { return zlib.NewWriter(w) }, func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }},
	{"Deflate", func(w io.Writer) flusher { return must(flate.NewWriter(w, 6)) }, func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil }},
	{"br", func(w io.Writer) flusher { return brotli.NewWriter(w) }, func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	{"zstd", func(w io.Writer) flusher { return must(zstd.NewWriter(w)) }, func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) }},
}

type flusher interface {
	io.WriteCloser
	Flush() error
}

func encodedIn(coding, body string) string {
	var b bytes.Buffer
	for _, c := range codings {
		if c.name == coding {
			w := c.encode(&b)
			_, _ = io.WriteString(w, body)
			_ = w.Close()
		}
	}
	return b.String()
}

func gzipped(body string) string { return encodedIn("gzip", body) }

func brotlied(body string) string { return encodedIn("br", body) }

func decoded(t *testing.T, coding, body string) (string, error) {
	t.Helper()
	for _, c := range codings {
		if c.name != coding {
			continue
		}
		r, err := c.decode(strings.NewReader(body))
		if err != nil {
			return "", err
		}
		plain, err := io.ReadAll(r)
		return string(plain), err
	}
	t.Fatalf("no coding %q", coding)
	return "", nil
}

func TestSectionAInEveryCoding(t *testing.T) {
	m := mustNew(t, Options{})
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range codings {
		for _, place := range places {
			doc := strings.Replace(place.doc, "|", "", 1)
			body := encodedIn(c.name, doc)
			for _, next := range []func() int{whole, single, randomly(r)} {
				w := &kept{sink: sink{h: http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {c.name}}}}
				m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					for rest := body; rest != ""; {
						n := min(next(), len(rest))
						_, _ = io.WriteString(w, rest[:n])
						rest = rest[n:]
					}
				})).ServeHTTP(w, navigation())
				got, err := decoded(t, c.name, w.body.String())
				if want := strings.Replace(place.doc, "|", plainTag(m), 1); err != nil || got != want {
					t.Errorf("%s in %s: got %q, %v, want %q", place.name, c.name, got, err, want)
				}
			}
		}
	}
}
