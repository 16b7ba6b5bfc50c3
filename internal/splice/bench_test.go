package splice

import (
	"compress/flate"
	"fmt"
	"io"
	"testing"
)

func BenchmarkSplice(b *testing.B) {
	for _, f := range []Format{Gzip, Zlib, raw} {
		for _, size := range []int{2_000, 20_000, 200_000, 2_000_000} {
			doc := page(size)
			body := compressed(b, f, flate.DefaultCompression, doc, 0)
			b.Run(fmt.Sprintf("format=%d/size=%d", f, size), func(b *testing.B) {
				s := new(Splicer)
				find := &at{insert: tag}
				format := f
				if f != Gzip {
					format = Deflate
				}
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					*find = at{offset: 1000, insert: tag}
					out := counter{}
					s.Reset(&out, format, find)
					for rest := body; len(rest) > 0; {
						k := min(len(rest), 4096)
						_, _ = s.Write(rest[:k])
						rest = rest[k:]
					}
					if err := s.Close(); err != nil {
						b.Fatal(err)
					}
					n = out.n
				}
				b.ReportMetric(float64(n-len(body)), "more-bytes")
			})
		}
	}
}

// counter counts what is written.
type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

var _ io.Writer = (*counter)(nil)

// page returns HTML of about this size.
func page(size int) []byte {
	doc := documents()["text"]
	for len(doc) < size {
		doc = append(doc, doc...)
	}
	return doc[:size]
}
