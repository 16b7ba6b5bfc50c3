package middleware

import (
	"compress/gzip"
	"errors"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// coding is a content coding (RFC 9110 section 8.4.1) that the tag can be put into.
type coding struct {
	decoder func(io.Reader) (io.Reader, error)
	encoder func(io.Writer) encoder
	is      func(begin []byte) bool // whether a body can be of this coding, by its first bytes
}

// encoder is what gzip.Writer and brotli.Writer have in common.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// Encoders are chosen for speed: the page is compressed again, on every request, by whoever serves it.
var (
	gzipEncoders   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return w }}
	brotliEncoders = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, 3) }}
)

var gzipCoding = coding{
	decoder: func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	encoder: func(w io.Writer) encoder { return pooled(&gzipEncoders, w) },
	is:      func(begin []byte) bool { return len(begin) < 2 || begin[0] == 0x1f && begin[1] == 0x8b },
}

var brotliCoding = coding{
	decoder: func(r io.Reader) (io.Reader, error) { return brotliReader{brotli.NewReader(r)}, nil },
	encoder: func(w io.Writer) encoder { return pooled(&brotliEncoders, w) },
	is:      func([]byte) bool { return true },
}

func pooled(pool *sync.Pool, w io.Writer) encoder {
	e := pool.Get().(encoder)
	e.Reset(w)
	return e
}

// codingOf finds the coding by its name. identity: there is none to undo.
func codingOf(contentEncoding []string) (c *coding, identity, known bool) {
	switch name := strings.ToLower(strings.TrimSpace(strings.Join(contentEncoding, ","))); name {
	case "", "identity":
		return nil, true, true
	case "gzip", "x-gzip":
		return &gzipCoding, false, true
	case "br":
		return &brotliCoding, false, true
	}
	return nil, false, false
}

// brotliReader hides an error of a complete stream: fed with small pieces, the library sometimes reports that input was left over.
type brotliReader struct{ *brotli.Reader }

func (r brotliReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err.Error() == "brotli: excessive input" {
		err = io.EOF
	}
	return n, err
}

const (
	gatherMax = 4 << 10  // bytes gathered before they are decoded
	keepMax   = 64 << 10 // bytes kept until the first output shows that they are of their coding
)

// transcoder takes a coded document, lets an inserter work on the plain one, and codes it again. Whatever a flush has brought in is
// out again when the flush returns. It is a coroutine rather than a goroutine with a pipe: cheaper, and nothing can leak.
type transcoder struct {
	coding   *coding
	dst      io.Writer
	out      encoder
	insert   *inserter
	gathered []byte
	kept     []byte // what came in, until something came out
	input    feed
	resume   func() (struct{}, bool)
	stop     func()
	raw      bool // it is not of its coding: it passes as it is
	err      error
}

// newTranscoder wires itself between insert and what insert wrote to.
func newTranscoder(c *coding, insert *inserter) *transcoder {
	t := &transcoder{coding: c, dst: insert.dst, insert: insert}
	t.out = c.encoder(t.dst)
	insert.dst = t.out
	t.resume, t.stop = iter.Pull(t.run)
	return t
}

// run decodes all of the input; it is suspended whenever it needs more.
func (t *transcoder) run(yield func(struct{}) bool) {
	t.input.wait = func() bool { return yield(struct{}{}) }
	plain, err := t.coding.decoder(&t.input)
	if err == nil {
		_, err = io.Copy(t.insert, plain)
	}
	t.err = err
}

// Write implements io.Writer.
func (t *transcoder) Write(p []byte) (int, error) {
	if t.raw {
		return t.dst.Write(p)
	}
	t.gathered = append(t.gathered, p...)
	if len(t.gathered) >= gatherMax {
		t.feed()
	}
	if t.err != nil {
		return 0, t.err
	}
	return len(p), nil
}

func (t *transcoder) feed() {
	if len(t.gathered) == 0 || t.err != nil || t.raw {
		return
	}
	if !t.insert.some && len(t.kept) < keepMax {
		t.kept = append(t.kept, t.gathered...)
	}
	t.input.data = t.gathered
	t.proceed()
	t.gathered = t.gathered[:0]
}

func (t *transcoder) proceed() {
	if !t.insert.some && !t.coding.is(t.kept) {
		t.passRaw()
		return
	}
	t.resume()
	switch {
	case t.insert.some:
		t.kept = nil
	case t.err != nil && t.err != errStopped && len(t.kept) < keepMax && t.insert.wrong == nil:
		t.passRaw()
	}
}

// passRaw gives up: what came in is not what its header says, and goes out as it came.
func (t *transcoder) passRaw() {
	t.raw = true
	_, t.err = t.dst.Write(t.kept)
	t.kept = nil
}

// Flush brings everything out that has come in.
func (t *transcoder) Flush() error {
	t.feed()
	if t.raw || t.err != nil {
		return t.err
	}
	return t.out.Flush()
}

// close ends the document. After an error, the client must be able to tell that it is not whole.
func (t *transcoder) close() error {
	defer t.release()
	t.feed()
	if t.raw || len(t.kept) == 0 && !t.insert.some {
		return t.err
	}
	if t.err == nil {
		t.input.end = true
		t.proceed()
	}
	if t.raw || t.err != nil {
		return t.err
	}
	if err := t.insert.close(); err != nil {
		return err
	}
	return t.out.Close()
}

// release gives back what is pooled. It is safe to call it twice.
func (t *transcoder) release() {
	t.stop()
	if t.out == nil {
		return
	}
	switch t.coding {
	case &gzipCoding:
		gzipEncoders.Put(t.out)
	case &brotliCoding:
		brotliEncoders.Put(t.out)
	}
	t.out = nil
}

var errStopped = errors.New("middleware: the response was given up")

// feed is the reader the decoder reads from: it waits for more when it is empty.
type feed struct {
	data []byte
	end  bool
	wait func() bool
}

func (f *feed) Read(p []byte) (int, error) {
	for len(f.data) == 0 {
		if f.end {
			return 0, io.EOF
		}
		if !f.wait() {
			return 0, errStopped
		}
	}
	n := copy(p, f.data)
	f.data = f.data[n:]
	return n, nil
}
