package splice

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
)

// never finds no place.
type never struct{ at int }

func (f *never) Find(p []byte) (int, []byte, bool) {
	f.at -= len(p)
	return 0, nil, f.at < 0
}

func (f *never) End() (int, []byte) { return 0, nil }

func TestWithoutAPlaceTheDocumentStaysTheSame(t *testing.T) {
	s := new(Splicer)
	doc := documents()["mixed"]
	for _, f := range []Format{Gzip, Zlib, raw} {
		body := compressed(t, f, 6, doc, 0)
		body = append(body, body...)
		for _, decided := range []int{0, 1_000, len(doc) - 1, len(doc), 1 << 30} {
			for _, size := range []int{777, 1 << 30} {
				out, err := spliced(s, f, &never{at: decided}, body, size)
				if err != nil {
					t.Fatal(err)
				}
				got, _ := decompressed(f, out)
				want, _ := decompressed(f, body)
				if !bytes.Equal(got, want) {
					t.Errorf("format %d, decided after %d, pieces of %d: got %d bytes, want %d", f, decided, size, len(got), len(want))
				}
			}
		}
	}
}

func TestOfSeveralMembersTheOneWithThePlaceIsChanged(t *testing.T) {
	s := new(Splicer)
	docs := documents()
	parts := [][]byte{docs["short"], docs["text"], nil, docs["mixed"], docs["one"], docs["noise"], docs["text"], docs["far"]}
	var body, doc []byte
	for i, part := range parts {
		body = append(body, compressed(t, Gzip, []int{6, 9, 1, 0}[i%4], part, 0)...)
		doc = append(doc, part...)
	}
	for _, offset := range []int{0, 250, 300, 310, 150_000, 150_301, 255_301, 255_302, len(doc) - 10, len(doc)} {
		for _, size := range []int{5, 4_096, 1 << 30} {
			out, err := spliced(s, Gzip, &at{offset: offset, insert: tag, ends: true}, body, size)
			if err == nil {
				out, err = decompressed(Gzip, out)
			}
			want := string(doc[:offset]) + string(tag) + string(doc[offset:])
			if err != nil || string(out) != want {
				t.Errorf("offset %d, pieces of %d: %v, %d bytes, want %d; different at %d", offset, size, err, len(out), len(want), different(out, want))
			}
		}
	}
}

func TestAPlaceThatIsFoundInTheNextMemberIsNone(t *testing.T) {
	body := append(compressed(t, Gzip, 6, []byte("<head></he"), 0), compressed(t, Gzip, 6, []byte("ad>"), 0)...)
	out, err := spliced(new(Splicer), Gzip, &at{offset: 6, back: 7, insert: tag}, body, 1000)
	if got, _ := decompressed(Gzip, out); err != nil || string(got) != "<head></head>" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTheHeaderIsKept(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Header = gzip.Header{Name: "page.html", Comment: strings.Repeat("padding", 50), Extra: []byte("extra\\x00field"), OS: 3}
	_, _ = w.Write(documents()["short"])
	_ = w.Close()
	body := b.Bytes()
	// compress/gzip writes no checksum of the header.
	n, _ := Gzip.header(body)
	body[3] |= 1 << 1
	sum := crc32.ChecksumIEEE(body[:n])
	body = bytes.Join([][]byte{body[:n], {byte(sum), byte(sum >> 8)}, body[n:]}, nil)
	for _, size := range []int{1, 1 << 30} {
		out, err := spliced(new(Splicer), Gzip, &at{offset: 9, insert: tag}, body, size)
		if err != nil || !bytes.HasPrefix(out, body[:n+2]) {
			t.Fatalf("%v; got %q", err, out[:n+2])
		}
		if _, err := decompressed(Gzip, out); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsCutOffNeverLooksComplete(t *testing.T) {
	s := new(Splicer)
	docs := documents()
	for name, doc := range map[string][]byte{"short": docs["short"], "text": docs["text"][:60_000]} {
		for _, f := range []Format{Gzip, Zlib} {
			body := compressed(t, f, 6, doc, 0)
			for cut := 1; cut < len(body); cut += 1 + len(body)/400 {
				out, err := spliced(s, f, &at{offset: 100, insert: tag}, body[:cut], 1000)
				if _, read := decompressed(f, out); read == nil {
					t.Fatalf("%s, format %d: cut after %d of %d bytes, it decodes without an error", name, f, cut, len(body))
				}
				if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, ErrFormat) && cut > 20 {
					t.Fatalf("%s, format %d: cut after %d of %d bytes: %v", name, f, cut, len(body), err)
				}
			}
		}
	}
}

func TestWhatIsFlushedCanBeDecoded(t *testing.T) {
	doc := documents()["text"][:150_000]
	for _, f := range []Format{Gzip, Zlib, raw} {
		const flush = 3_000
		var pieces [][]byte
		whole := compressed(t, f, 6, doc, flush)
		for rest := whole; len(rest) > 0; {
			n := len(rest)
			if k := bytes.Index(rest, []byte{0, 0, 0xff, 0xff}); k >= 0 {
				n = k + 4
			}
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		var out bytes.Buffer
		s := new(Splicer)
		format := f
		if f != Gzip {
			format = Deflate
		}
		s.Reset(&out, format, &at{offset: 4_000, insert: tag})
		for i, p := range pieces[:len(pieces)-1] {
			_, err := s.Write(p)
			if err := errors.Join(err, s.Flush()); err != nil {
				t.Fatal(err)
			}
			want := (i + 1) * flush
			if want > 4_000 {
				want += len(tag)
			}
			if got, _ := decompressed(f, out.Bytes()); len(got) < min(want, len(doc)) {
				t.Fatalf("format %d, after flush %d: got %d bytes, want %d", f, i, len(got), want)
			}
		}
	}
}

// endless writes a gzip member of n blocks of spaces, each 1 MiB of them.
func endless(w io.Writer, n int) (size uint64, err error) {
	var block bytes.Buffer
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	f, _ := flate.NewWriter(&block, flate.BestCompression)
	_, _ = f.Write(spaces)
	_ = f.Flush()
	first := bytes.Clone(block.Bytes())
	block.Reset()
	_, _ = f.Write(spaces)
	_ = f.Flush()
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	if _, err := w.Write(append(head, first...)); err != nil {
		return 0, err
	}
	sum := crc32.ChecksumIEEE(spaces)
	for range n - 1 {
		sum = crc32.Update(sum, crc32.IEEETable, spaces)
		if _, err := w.Write(block.Bytes()); err != nil {
			return 0, err
		}
	}
	size = uint64(n) << 20
	end := []byte{3, 0, byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24), byte(size), byte(size >> 8), byte(size >> 16), byte(size >> 24)}
	_, err = w.Write(end)
	return size, err
}

// tail keeps the last bytes that are written.
type tail [16]byte

func (t *tail) Write(p []byte) (int, error) {
	all := append(t[:], p...)
	copy(t[:], all[len(all)-len(t):])
	return len(p), nil
}

func TestMoreThan4GiBKeepTheirChecksumAndLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("decodes 4 GiB")
	}
	const blocks = 4<<10 + 64
	var out tail
	s := new(Splicer)
	s.Reset(&out, Gzip, &at{offset: 700, insert: tag})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	size, err := endless(s, blocks)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 2<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	want := crc32.Update(crc32.ChecksumIEEE(spaces[:700]), crc32.IEEETable, tag)
	want = crc32.Update(want, crc32.IEEETable, spaces[700:])
	for range blocks - 1 {
		want = crc32.Update(want, crc32.IEEETable, spaces)
	}
	isize := uint32(size + uint64(len(tag)))
	trailer := []byte{byte(want), byte(want >> 8), byte(want >> 16), byte(want >> 24), byte(isize), byte(isize >> 8), byte(isize >> 16), byte(isize >> 24)}
	if !bytes.Equal(out[8:], trailer) {
		t.Errorf("the trailer is %x, want %x", out[8:], trailer)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	body := compressed(t, Gzip, 6, documents()["text"], 0)
	s, find := new(Splicer), new(at)
	splice := func() {
		*find = at{offset: 500, insert: tag}
		s.Reset(io.Discard, Gzip, find)
		_, _ = s.Write(body)
		_ = s.Close()
	}
	splice()
	if got := testing.AllocsPerRun(20, splice); got > 0 {
		t.Errorf("%v allocations", got)
	}
}
