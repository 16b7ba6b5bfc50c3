package middleware

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
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
