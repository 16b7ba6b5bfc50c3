package splice

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// at finds the place at an offset, as soon as back bytes after it are known, and at the end of shorter documents where ends is set.
type at struct {
	offset, back int
	insert       []byte
	ends         bool
	seen         int
}

func (f *at) Find(p []byte) (back int, insert []byte, done bool) {
	f.seen += len(p)
	if f.seen >= f.offset+f.back {
		return f.seen - f.offset, f.insert, true
	}
	return max(0, min(f.seen-f.offset, f.back)), nil, false
}

func (f *at) End() (back int, insert []byte) {
	if f.seen >= f.offset || f.ends {
		return max(0, f.seen-f.offset), f.insert
	}
	return 0, nil
}

// compressed returns doc in a format. The encoder is flushed every flush bytes, if that is more than 0.
func compressed(t testing.TB, f Format, level int, doc []byte, flush int) []byte {
	t.Helper()
	var b bytes.Buffer
	var w interface {
		io.WriteCloser
		Flush() error
	}
	var err error
	switch f {
	case Gzip:
		w, err = gzip.NewWriterLevel(&b, level)
	case Zlib:
		w, err = zlib.NewWriterLevel(&b, level)
	default:
		w, err = flate.NewWriter(&b, level)
	}
	if err != nil {
		t.Fatal(err)
	}
	for flush > 0 && len(doc) > flush {
		_, err := w.Write(doc[:flush])
		if err = errors.Join(err, w.Flush()); err != nil {
			t.Fatal(err)
		}
		doc = doc[flush:]
	}
	_, err = w.Write(doc)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decompressed(f Format, b []byte) ([]byte, error) {
	var r io.Reader
	var err error
	in := bytes.NewReader(b)
	switch f {
	case Gzip:
		r, err = gzip.NewReader(in)
	case Zlib:
		r, err = zlib.NewReader(in)
	default:
		r = flate.NewReader(in)
	}
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(r)
	if err == nil && in.Len() > 0 {
		return out, fmt.Errorf("%d bytes follow", in.Len())
	}
	return out, err
}

// spliced runs body through s in pieces of size bytes.
func spliced(s *Splicer, f Format, find Finder, body []byte, size int) ([]byte, error) {
	var out bytes.Buffer
	if f == Zlib || f == raw {
		f = Deflate
	}
	s.Reset(&out, f, find)
	for len(body) > 0 {
		n := min(size, len(body))
		if _, err := s.Write(body[:n]); err != nil {
			return out.Bytes(), err
		}
		body = body[n:]
	}
	err := s.Close()
	return out.Bytes(), err
}

// documents of all kinds: text, repetitions near and far, noise that is stored.
func documents() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(`<p class="x"> the quick brown fox jumps over lazy dog </p> <a href="/shop/item?id= "> &amp; <div id= <li> <span style="color:red">`)
	var text strings.Builder
	for text.Len() < 150_000 {
		text.WriteString(words[r.IntN(len(words))])
		text.WriteByte(' ')
		if r.IntN(20) == 0 {
			fmt.Fprint(&text, r.Uint32())
		}
	}
	noise := make([]byte, 150_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	far := append(append([]byte(text.String()[:32_700]), noise[:60]...), text.String()[:40_000]...)
	mixed := append(append([]byte(text.String()[:20_000]), noise[:70_000]...), text.String()[5_000:90_000]...)
	return map[string][]byte{
		"empty":  {},
		"one":    []byte("x"),
		"short":  []byte(text.String()[:300]),
		"text":   []byte(text.String()),
		"spaces": bytes.Repeat([]byte(" "), 200_000),
		"noise":  noise,
		"far":    far,
		"mixed":  mixed,
	}
}

var tag = []byte(`<script type="module" src="/_qwelp/0123456789abcdef/auto.js"></script>`)

func TestTheDocumentIsTheSameButForWhatIsInserted(t *testing.T) {
	s := new(Splicer)
	for name, doc := range documents() {
		for _, f := range []Format{Gzip, Zlib, raw} {
			for _, level := range []int{flate.HuffmanOnly, 0, 1, 6} {
				if f != Gzip && level != 6 {
					continue
				}
				for _, flush := range []int{0, 5_000} {
					body := compressed(t, f, level, doc, flush)
					for _, offset := range []int{0, 259, 33_000, len(doc)} {
						for _, size := range []int{1, 777, 1 << 30} {
							if size == 1 && len(body) > 10_000 || offset > len(doc) {
								continue
							}
							out, err := spliced(s, f, &at{offset: offset, back: offset % 13, insert: tag}, body, size)
							if err == nil {
								out, err = decompressed(f, out)
							}
							want := string(doc[:offset]) + string(tag) + string(doc[offset:])
							if err != nil || string(out) != want {
								t.Fatalf("%s, format %d, level %d, flush %d, offset %d, pieces of %d: %v, %d bytes, want %d; different at %d",
									name, f, level, flush, offset, size, err, len(out), len(want), different(out, want))
							}
						}
					}
				}
			}
		}
	}
}

func different(a []byte, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
