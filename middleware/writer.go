package middleware

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// phase is how far the decision about a response has come.
type phase uint8

const (
	unsettled phase = iota // the handler has not begun its response
	sniffing               // it has, but what the body is depends on its first bytes
	rewriting
	encoded   // rewriting a body in a content coding
	rewritten // the rest of the body needs no more looks
	passing   // nothing was changed, nor will be
)

// writer is the http.ResponseWriter of one response. Like every other it is for one goroutine at a time. It is used again for other
// responses, which a handler must not notice: net/http does so with its own buffers.
type writer struct {
	rw     http.ResponseWriter
	m      *Middleware
	r      *http.Request
	route  *route
	asker  asker
	outer  string // where the middleware is mounted
	alone  bool   // below a route of this page only
	preset bool   // a handler around has named a content coding in advance

	phase    phase
	judged   judgement
	isJudged bool

	status  int         // what the handler gave while sniffing
	needed  int         // bytes of the body that sniffing takes
	frozen  http.Header // the headers of that moment
	later   http.Header // what the handler made of them since
	settled *route      // the last word on the settings; nil before it was asked for
	marked  bool        // the browser asked with an entity tag of ours
	steered bool        // the app was asked for gzip

	in       injector
	coded    coder
	splicing splicing
	left     int64        // bytes that the handler's Content-Length leaves it, negative without one
	start    []byte       // of the body, while sniffing
	plain    [looked]byte // the start of one in a content coding
	nonced   []byte       // a tag with a nonce
	vary     []string
	copied   [1024]byte // of strings that are written
	faces    faces
}

func newWriter(m *Middleware) *writer {
	w := &writer{m: m, vary: []string{"Sec-Fetch-Dest"}}
	w.faces.of(w)
	return w
}

func (w *writer) begin(rw http.ResponseWriter, r *http.Request, found *route, a asker) {
	w.rw, w.r, w.route, w.asker = rw, r, found, a
	w.preset = len(rw.Header()["Content-Encoding"]) > 0
	w.phase, w.isJudged, w.status, w.settled, w.marked, w.steered = unsettled, false, 0, nil, false, false
	w.start, w.left = w.start[:0], -1
}

// end lets go of everything that belongs to the response, and tells whether the writer may serve another one. It may not when a framework
// around us, which wraps the server's writer, could still hold it: Echo writes its error pages after its middlewares have returned, to
// the writer it got last. Whatever comes late goes through unchanged.
func (w *writer) end() (reusable bool) {
	_, framed := w.rw.(interface{ Unwrap() http.ResponseWriter })
	if w.phase == unsettled || framed {
		w.phase = passing
		return false
	}
	w.rw, w.r, w.route, w.settled = nil, nil, nil, nil
	clear(w.frozen)
	clear(w.later)
	if w.in.tagger != nil {
		w.in.reset(nil, nil, "", false)
	}
	return true
}

// Header returns the headers, as http.ResponseWriter does.
func (w *writer) Header() http.Header { return w.rw.Header() }

// Unwrap lets http.ResponseController reach what is not changed here.
func (w *writer) Unwrap() http.ResponseWriter { return w.rw }

// WriteHeader decides about the response, when its headers say what it is.
func (w *writer) WriteHeader(status int) {
	if w.phase != unsettled || status < 200 && status != http.StatusSwitchingProtocols {
		if w.phase != sniffing {
			w.rw.WriteHeader(status)
		}
		return
	}
	h := w.rw.Header()
	if needed := w.needs(status, h); needed > 0 {
		// The handler may change its headers from here on, without effect on the response.
		if w.frozen == nil {
			w.frozen, w.later = http.Header{}, http.Header{}
		}
		w.phase, w.status, w.needed, w.left = sniffing, status, needed, contentLength(h)
		replace(w.frozen, h)
		return
	}
	w.decide(status, nil, false)
	w.rw.WriteHeader(status)
}

// decide settles what happens to the response, by its final headers and the start of its body, and changes the headers when it is
// rewritten. whole says that there is no more of the body.
func (w *writer) decide(status int, start []byte, whole bool) {
	w.phase = passing
	h := w.rw.Header()
	if len(h[OptOutHeader]) > 0 {
		delete(h, OptOutHeader)
		return
	}
	if status == http.StatusNotModified && w.marked {
		if etag := h["Etag"]; len(etag) > 0 {
			if marked := markETag(etag[0], w.settle().id); marked != "" {
				h["Etag"] = []string{marked}
			}
		}
		return
	}
	j := w.judge(status, h)
	if !j.ok {
		if j.reason != "" && w.asker != script {
			w.m.tell(j.reason, w.r)
		}
		return
	}
	if w.asker == script {
		w.addVary(h)
		return
	}
	if j.coding != "" && w.preset && isPlain(start) {
		j.coding = "" // who compresses it will see the tag as well
	}
	w.in.reset(w.rw, w, w.m.prefix, j.charset)
	if !w.looksLikePage(j.coding, start, whole) {
		return
	}
	found := w.settle()
	if found.off {
		return
	}
	if _, ok := nonceFor(h, nil, w.given()); !ok {
		w.m.tell(reasonBlocked, w.r)
		return
	}
	if reason := w.useless(h, nil); reason != "" {
		w.m.tell(reason, w.r)
		return
	}
	if w.status == 0 {
		w.left = contentLength(h)
	}
	w.addVary(h)
	adjust(h, found.id, found != w.route)
	if j.coding == "" {
		w.phase = rewriting
		return
	}
	if w.steered {
		addVary(h, acceptEncoding)
	}
	w.encode(j.coding, j.charset)
}

// given returns the nonce that the app knows.
func (w *writer) given() (nonce string) {
	if w.m.nonce == nil {
		return ""
	}
	defer func() {
		if p := recover(); p != nil {
			w.m.panicked(w.r.Context(), "Nonce", "the nonce is looked for in the page", p, w.r.URL.Path)
		}
	}()
	return w.m.nonce(w.r)
}

// settle returns the settings of this response, and asks the app for them once.
func (w *writer) settle() *route {
	if w.settled == nil {
		w.settled = w.m.settingsFor(w.r, w.route)
	}
	return w.settled
}

// Write writes p. It returns how many bytes of p were taken.
func (w *writer) Write(p []byte) (int, error) {
	switch {
	case w.untouched():
		return w.rw.Write(p)
	case w.phase == unsettled:
		h := w.rw.Header()
		if typed := h["Content-Type"]; len(typed) > 0 && !isHTML(typed[0]) && len(h[OptOutHeader]) == 0 {
			w.phase = passing // as is all but pages, without another look
			return w.rw.Write(p)
		}
		if needed := w.needs(http.StatusOK, h); len(p) < needed {
			w.WriteHeader(http.StatusOK)
			return w.Write(p)
		}
		w.decideSniffed(http.StatusOK, p, false)
		return w.Write(p)
	}
	if w.left >= 0 {
		if w.left < int64(len(p)) {
			return 0, http.ErrContentLength // as from the server, who does not know it any more
		}
		w.left -= int64(len(p))
	}
	return w.put(p)
}

// put takes what may be written.
func (w *writer) put(p []byte) (int, error) {
	switch w.phase {
	case sniffing:
		if len(w.start)+len(p) < w.needed {
			w.start = append(w.start, p...)
			return len(p), nil
		}
		taken := w.needed - len(w.start)
		w.start = append(w.start, p[:taken]...)
		if err := w.commit(false); err != nil {
			return 0, err
		}
		n, err := w.put(p[taken:])
		return taken + n, err
	case rewriting:
		n, err := w.in.Write(p)
		if w.in.done && w.left < 0 {
			w.phase = rewritten
		}
		return n, err
	case encoded:
		return w.coded.Write(p)
	}
	return w.rw.Write(p)
}

// untouched tells whether the rest of the body need not come by here.
func (w *writer) untouched() bool { return w.phase >= rewritten }

// WriteString writes s without a copy of all of it.
func (w *writer) WriteString(s string) (int, error) {
	if w.untouched() {
		return io.WriteString(w.rw, s)
	}
	written := 0
	for written < len(s) || written == 0 {
		n, err := w.Write(w.copied[:copy(w.copied[:], s[written:])])
		written += n
		if err != nil || len(s) == 0 {
			return written, err
		}
	}
	return written, nil
}

// FlushError sends what was written so far to the client, all but the few bytes of a tag that is not complete.
func (w *writer) FlushError() error {
	var err error
	switch w.phase {
	case unsettled:
		// The response begins here, and without a body there is nothing to tell its type by.
		w.decide(http.StatusOK, nil, false)
	case sniffing:
		err = w.commit(false)
	}
	if w.phase == encoded && err == nil {
		err = w.coded.Flush()
	}
	return errors.Join(err, http.NewResponseController(w.rw).Flush())
}

// hijack hands the connection over: the response is the handler's own from then on.
func (w *writer) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.rw).Hijack()
	if err == nil {
		w.phase = passing
	}
	return conn, buffered, err
}

// finish ends the response after the handler returned. An error means that the client must not take it for complete.
func (w *writer) finish() error {
	var err error
	switch {
	case w.phase == sniffing:
		err = w.commit(true)
	case w.phase == unsettled && w.r.Method == http.MethodHead:
		w.decide(http.StatusOK, nil, true) // a handler may leave out the body, and is told apart from GET by nothing else
	}
	switch w.phase {
	case rewriting, rewritten:
		// When the client is gone there is nobody to tell.
		_ = w.in.finish()
		dropDigests(w.rw.Header())
	case encoded:
		dropDigests(w.rw.Header())
		var broken error
		if broken, err = w.coded.Close(); broken != nil {
			w.m.tell(reasonBroken, w.r)
		}
		w.coded = nil
		if err != nil {
			// What has arrived is for the client to see, though the end of it is not to come.
			_ = http.NewResponseController(w.rw).Flush()
		}
	}
	switch reason := w.in.page.reason; {
	case w.phase == passing, reason == "", reason == reasonPresent, reason == reasonAMP:
	default:
		w.m.tell(reason, w.r)
	}
	if err == nil && w.left > 0 && w.phase != passing && w.r.Method != http.MethodHead && w.r.Context().Value(http.ServerContextKey) != nil {
		return io.ErrUnexpectedEOF // as a server ends a body that is shorter than its Content-Length
	}
	return err
}

// abandon lets go of what would outlive a handler that panicked.
func (w *writer) abandon() {
	if w.coded != nil {
		w.coded.abandon()
	}
	if w.phase == unsettled {
		w.phase = passing // somebody may recover, and write an error page
	}
}
