package middleware

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
)

// What a handler finds in its http.ResponseWriter by type assertion is exactly what it would find without us: each face of a writer
// has one combination of the optional interfaces.
type (
	flushes  struct{ on *writer }
	hijacks  struct{ on *writer }
	pushes   struct{ on *writer }
	readFrom struct{ on *writer }
)

func (f flushes) Flush() { _ = f.on.FlushError() }

func (f hijacks) Hijack() (net.Conn, *bufio.ReadWriter, error) { return f.on.hijack() }

func (f pushes) Push(target string, o *http.PushOptions) error {
	pusher, ok := f.on.rw.(http.Pusher)
	if !ok {
		return http.ErrNotSupported
	}
	return pusher.Push(target, o)
}

func (f readFrom) ReadFrom(r io.Reader) (int64, error) { return f.on.readFrom(r) }

// faces are those of net/http's own HTTP/1 and HTTP/2, made once.
type faces struct {
	http1 struct {
		*writer
		flushes
		hijacks
		readFrom
	}
	http2 struct {
		*writer
		flushes
		pushes
	}
}

func (f *faces) of(w *writer) {
	f.http1.writer, f.http1.flushes.on, f.http1.hijacks.on, f.http1.readFrom.on = w, w, w, w
	f.http2.writer, f.http2.flushes.on, f.http2.pushes.on = w, w, w
}

// CloseNotify tells when the client is gone, as net/http's own responses do. It is deprecated, but Gin's streams panic without.
func (w *writer) CloseNotify() <-chan bool {
	//lint:ignore SA1019 it is for those who use it
	if n, ok := w.rw.(http.CloseNotifier); ok {
		return n.CloseNotify()
	}
	gone := make(chan bool, 1)
	context.AfterFunc(w.r.Context(), func() { gone <- true })
	return gone
}

// wrapper is what every face has.
type wrapper interface{ isOurs() }

func (w *writer) isOurs() {}

// isWrapped tells whether a response is already written through one of our writers.
func isWrapped(w http.ResponseWriter) bool {
	for {
		if _, ours := w.(wrapper); ours {
			return true
		}
		unwrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = unwrapper.Unwrap()
	}
}

const (
	canFlush = 1 << iota
	canHijack
	canPush
	canReadFrom
)

// face returns the writer as the handler sees it.
func (w *writer) face() http.ResponseWriter {
	can := 0
	if _, ok := w.rw.(http.Flusher); ok {
		can |= canFlush
	}
	if _, ok := w.rw.(http.Hijacker); ok {
		can |= canHijack
	}
	if _, ok := w.rw.(http.Pusher); ok {
		can |= canPush
	}
	if _, ok := w.rw.(io.ReaderFrom); ok {
		can |= canReadFrom
	}
	f, h, p, r := flushes{w}, hijacks{w}, pushes{w}, readFrom{w}
	switch can {
	case canFlush | canHijack | canReadFrom:
		return &w.faces.http1
	case canFlush | canPush:
		return &w.faces.http2
	case canFlush:
		return struct {
			*writer
			flushes
		}{w, f}
	case canHijack:
		return struct {
			*writer
			hijacks
		}{w, h}
	case canPush:
		return struct {
			*writer
			pushes
		}{w, p}
	case canReadFrom:
		return struct {
			*writer
			readFrom
		}{w, r}
	case canFlush | canHijack:
		return struct {
			*writer
			flushes
			hijacks
		}{w, f, h}
	case canFlush | canReadFrom:
		return struct {
			*writer
			flushes
			readFrom
		}{w, f, r}
	case canHijack | canPush:
		return struct {
			*writer
			hijacks
			pushes
		}{w, h, p}
	case canHijack | canReadFrom:
		return struct {
			*writer
			hijacks
			readFrom
		}{w, h, r}
	case canPush | canReadFrom:
		return struct {
			*writer
			pushes
			readFrom
		}{w, p, r}
	case canFlush | canHijack | canPush:
		return struct {
			*writer
			flushes
			hijacks
			pushes
		}{w, f, h, p}
	case canFlush | canPush | canReadFrom:
		return struct {
			*writer
			flushes
			pushes
			readFrom
		}{w, f, p, r}
	case canHijack | canPush | canReadFrom:
		return struct {
			*writer
			hijacks
			pushes
			readFrom
		}{w, h, p, r}
	case canFlush | canHijack | canPush | canReadFrom:
		return struct {
			*writer
			flushes
			hijacks
			pushes
			readFrom
		}{w, f, h, p, r}
	}
	return struct{ *writer }{w}
}

// copyBuffers are for bodies that are read from somewhere while they are rewritten.
var copyBuffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// readFrom copies a body from r. From where nothing is to be changed any more the server behind reads itself, so that files take the
// short way (sendfile).
func (w *writer) readFrom(r io.Reader) (n int64, err error) {
	if w.phase == unsettled {
		if h := w.rw.Header(); len(h["Content-Type"]) > 0 && !isHTML(h["Content-Type"][0]) {
			return w.handOver(r, 0)
		}
	}
	buffer, _ := copyBuffers.Get().(*[32 << 10]byte)
	defer copyBuffers.Put(buffer)
	for {
		if w.untouched() {
			return w.handOver(r, n)
		}
		read, err := r.Read(buffer[:])
		if read > 0 {
			written, err := w.Write(buffer[:read])
			n += int64(written)
			if err != nil {
				return n, err
			}
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// handOver lets the server behind read the rest of r, of which n bytes are written.
func (w *writer) handOver(r io.Reader, n int64) (int64, error) {
	if w.phase == unsettled {
		w.phase = passing
	}
	more, err := io.Copy(w.rw, r)
	return n + more, err
}
