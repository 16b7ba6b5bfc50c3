package splice

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// FuzzDocument compresses what it is given, inserts something, and compares.
func FuzzDocument(f *testing.F) {
	docs := documents()
	f.Add([]byte("<head></head>"), uint16(6), byte(3), byte(0), uint64(0), byte(6), uint16(0))
	f.Add(docs["far"][30_000:40_000], uint16(9_000), byte(12), byte(1), uint64(1), byte(1), uint16(700))
	f.Add(docs["mixed"][19_000:24_000], uint16(1_500), byte(1), byte(2), uint64(2), byte(0), uint16(99))
	f.Add(docs["spaces"][:3_000], uint16(300), byte(7), byte(0), uint64(3), byte(9), uint16(300))
	f.Fuzz(func(t *testing.T, doc []byte, offset uint16, back, format byte, seed uint64, level byte, flush uint16) {
		if repeats := int(seed>>32) % 40; len(doc) > 0 && len(doc)*repeats < 300_000 {
			doc = bytes.Repeat(doc, repeats+1) // so that 32 KiB are passed now and then
		}
		place := min(int(offset), len(doc))
		kind := []Format{Gzip, Zlib, raw}[format%3]
		body := compressed(t, kind, int(level)%12-2, doc, int(flush))
		r := rand.New(rand.NewPCG(seed, 1))
		insert := append(tag, bytes.Repeat([]byte("x"), r.IntN(9))...)
		out, err := inPieces(r, kind, &at{offset: place, back: int(back % 13), insert: insert}, body)
		if err == nil {
			out, err = decompressed(kind, out)
		}
		if want := string(doc[:place]) + string(insert) + string(doc[place:]); err != nil || string(out) != want {
			t.Fatalf("%v; got %d bytes, want %d; different at %d", err, len(out), len(want), different(out, want))
		}
	})
}

// inPieces runs body through a new Splicer in pieces of any size, with flushes.
func inPieces(r *rand.Rand, f Format, find Finder, body []byte) ([]byte, error) {
	if f != Gzip {
		f = Deflate
	}
	s := new(Splicer)
	var out bytes.Buffer
	s.Reset(&out, f, find)
	for len(body) > 0 {
		n := min(len(body), 1+r.IntN(1<<r.IntN(16)))
		_, err := s.Write(body[:n])
		if r.IntN(8) == 0 {
			err = errors.Join(err, s.Flush())
		}
		if err != nil {
			return out.Bytes(), err
		}
		body = body[n:]
	}
	err := s.Close()
	return out.Bytes(), err
}

// FuzzBody takes anything for compressed data. What a client can decode of it is the same as before but for what is inserted, and what it
// cannot decode never looks complete.
func FuzzBody(f *testing.F) {
	doc := documents()["text"][:2_000]
	for _, kind := range []Format{Gzip, Zlib, raw} {
		body := compressed(f, kind, flate.DefaultCompression, doc, 500)
		f.Add(body, uint16(200), byte(kind), uint64(1))
		f.Add(body[:len(body)-9], uint16(200), byte(kind), uint64(2))
		f.Add(append(body, body...), uint16(200), byte(kind), uint64(3))
		body[len(body)/2] ^= 4
		f.Add(body, uint16(200), byte(kind), uint64(4))
	}
	f.Add([]byte("<html>no compression</html>"), uint16(1), byte(0), uint64(5))
	f.Fuzz(func(t *testing.T, body []byte, offset uint16, format byte, seed uint64) {
		kind := []Format{Gzip, Zlib, raw}[format%3]
		if kind != Gzip {
			_, ok := Zlib.header(body)
			kind = raw
			if ok && len(body) > 1 {
				kind = Zlib
			}
		}
		find := &at{offset: int(offset), back: 3, insert: tag}
		out, err := inPieces(rand.New(rand.NewPCG(seed, 1)), kind, find, body)
		before, errBefore := decompressed(kind, body)
		after, errAfter := decompressed(kind, out)
		if errors.Is(err, ErrFormat) {
			if !bytes.Equal(body, out) {
				t.Fatal("what is not in its format is changed")
			}
			return
		}
		if errBefore == nil {
			want := string(before)
			if len(before) >= int(offset) {
				want = want[:offset] + string(tag) + want[offset:]
			}
			if err != nil || errAfter != nil || string(after) != want {
				t.Fatalf("%v, %v; got %d bytes, want %d; different at %d", err, errAfter, len(after), len(want), different(after, want))
			}
			return
		}
		if err == nil && errAfter == nil {
			t.Fatalf("a body with %v passes as complete", errBefore)
		}
	})
}

// FuzzCodes checks codes against how often symbols occur.
func FuzzCodes(f *testing.F) {
	f.Add([]byte{1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
	f.Add([]byte{0, 0, 9})
	f.Fuzz(func(t *testing.T, often []byte) {
		frequency := make([]uint32, min(max(len(often), 2), numCodeLengths))
		for i := range min(len(often), len(frequency)) {
			frequency[i] = 1 << (often[i] % 31)
		}
		lengths := make([]uint8, len(frequency))
		codeLengthsFor(frequency, lengthBits, lengths)
		sum := 0
		for symbol, n := range lengths {
			if n > lengthBits || n == 0 && frequency[symbol] > 0 {
				t.Fatalf("symbol %d, which occurs %d times, has %d bits", symbol, frequency[symbol], n)
			}
			if n > 0 {
				sum += 1 << (lengthBits - n)
			}
		}
		if sum != 1<<lengthBits {
			t.Fatalf("the codes are not complete: %v", lengths)
		}
	})
}

var _ io.Writer = (*Splicer)(nil)
