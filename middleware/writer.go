package middleware

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// response is the ResponseWriter the wrapped handler gets: undecided until the headers are complete, then passing everything through or
// rewriting the document.
type response struct {
	rw     http.ResponseWriter
	ex     *exchange
	status int // as the handler set it; 0 before

	mode   mode
	sniff  []byte // the document's begin, while its type is not known
	insert *inserter
	coder  *transcoder
}

type mode uint8

const (
	undecided mode = iota
	passing
	rewriting
	over // finished or hijacked
)

const sniffLen = 512 // as http.DetectContentType looks at

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header { return w.rw.Header() }

// Unwrap lets http.ResponseController reach what is below.
func (w *response) Unwrap() http.ResponseWriter { return w.rw }

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(status int) {
	switch {
	case w.mode == over, w.mode != undecided:
		w.rw.WriteHeader(status) // superfluous: the server says so
		return
	case 100 <= status && status < 200 && status != http.StatusSwitchingProtocols:
		w.rw.WriteHeader(status)
		return
	case w.status != 0:
		return
	}
	w.status = status
	if !w.mustSniff() {
		w.decide()
	}
}

// mustSniff tells whether the server will guess the type from the body's begin, so that the decision has to wait for that.
func (w *response) mustSniff() bool {
	h := w.Header()
	_, typed := h["Content-Type"]
	return !typed && h.Get("Content-Encoding") == "" && w.ex.mayRewrite(w.status)
}

// decide chooses between passing and rewriting, and sends the header.
func (w *response) decide() {
	h := w.Header()
	if w.mustSniff() && len(w.sniff) > 0 {
		if guess := http.DetectContentType(w.sniff); isHTML(guess) {
			h.Set("Content-Type", guess)
		}
	}
	w.mode = passing
	if c, ok := w.ex.rewrite(w.status, h); ok {
		w.mode = rewriting
		w.insert = &inserter{dst: w.rw, tag: w.ex.tag}
		if c != nil {
			w.coder = newTranscoder(c, w.insert)
		}
	}
	h.Del(OptOutHeader)
	w.rw.WriteHeader(w.status)
}

// settle decides now, with what is known.
func (w *response) settle() error {
	if w.mode != undecided {
		return nil
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	begin := w.sniff
	w.decide()
	w.sniff = nil
	if len(begin) == 0 {
		return nil
	}
	_, err := w.body().Write(begin)
	return err
}

// body is where the handler's bytes go once it is decided.
func (w *response) body() io.Writer {
	switch {
	case w.coder != nil:
		return w.coder
	case w.insert != nil:
		return w.insert
	}
	return w.rw
}

// Write implements http.ResponseWriter.
func (w *response) Write(p []byte) (int, error) {
	if w.mode == undecided && w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.mode != undecided {
		return w.body().Write(p)
	}
	w.sniff = append(w.sniff, p...)
	if len(w.sniff) >= sniffLen {
		if err := w.settle(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// ReadFrom implements io.ReaderFrom, so that what is not rewritten can be sent without copying.
func (w *response) ReadFrom(r io.Reader) (n int64, err error) {
	if w.mode == undecided && w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	buf := make([]byte, 0, 32<<10)
	for w.mode == undecided || w.mode == rewriting && (w.coder != nil || !w.insert.done) {
		m, err := r.Read(buf[:cap(buf)])
		if m > 0 {
			k, err := w.Write(buf[:m])
			n += int64(k)
			if err != nil {
				return n, err
			}
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	m, err := io.Copy(w.rw, r)
	return n + m, err
}

// Flush implements http.Flusher.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError is what http.ResponseController calls: it brings out all the handler wrote but for the begin of an undecided token.
func (w *response) FlushError() error {
	if w.mode == over {
		return http.ErrHijacked
	}
	if err := w.settle(); err != nil {
		return err
	}
	if w.coder != nil {
		if err := w.coder.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(w.rw).Flush()
}

// Hijack implements http.Hijacker.
func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.rw).Hijack()
	if err == nil {
		w.mode = over
		w.insert, w.coder = nil, nil
	}
	return conn, rw, err
}

// Push implements http.Pusher.
func (w *response) Push(target string, o *http.PushOptions) error {
	if p, ok := w.rw.(http.Pusher); ok {
		return p.Push(target, o)
	}
	return http.ErrNotSupported
}

// finish ends the response after the handler has returned. It panics with http.ErrAbortHandler when the client must see that the
// document is not whole.
func (w *response) finish() {
	if w.mode == over {
		return
	}
	if w.mode == undecided && w.status == 0 && len(w.sniff) == 0 {
		return // the handler said nothing; neither do we
	}
	err := w.settle()
	switch {
	case err != nil:
	case w.coder != nil:
		err = w.coder.close()
	case w.insert != nil:
		err = w.insert.close()
	}
	w.mode = over
	if err != nil && w.coder != nil {
		panic(http.ErrAbortHandler)
	}
}

// abandon gives back what is pooled when the handler panicked.
func (w *response) abandon() {
	if w.coder != nil {
		w.coder.release()
	}
}

// visible shows the optional interfaces of w that rw has.
func visible(w *response, rw http.ResponseWriter) http.ResponseWriter {
	_, hijacker := rw.(http.Hijacker)
	_, pusher := rw.(http.Pusher)
	_, flusher := rw.(http.Flusher)
	switch {
	case hijacker:
		return w.http1()
	case pusher:
		return w.http2()
	case flusher:
		return w.flushing()
	}
	return plainWriter{w}
}
