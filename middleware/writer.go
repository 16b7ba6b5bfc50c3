package middleware

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
)

// phase is how far the decision about a response has come.
type phase uint8

const (
	unsettled phase = iota // the handler has not begun its response
	sniffing               // it has, but what the body is depends on its first bytes
	passing                // nothing is changed any more
	rewriting
	encoded // rewriting a body in a content coding
)

// sniffed is how much of a body decides about its type (as in http.DetectContentType).
const sniffed = 512

// writer is the http.ResponseWriter of one response. Like every other it is for one goroutine at a time. It is used again for other
// responses, which a handler must not notice: net/http does so with its own buffers.
type writer struct {
	rw    http.ResponseWriter
	m     *Middleware
	r     *http.Request
	route *route
	asker asker

	phase   phase
	status  int         // what the handler gave while sniffing
	frozen  http.Header // the headers of that moment
	settled *route      // the last word on the settings; nil before it was asked for
	marked  bool        // the browser asked with an entity tag of ours

	in     injector
	coded  *recoder
	start  []byte // of the body, while sniffing
	nonced []byte // a tag with a nonce
	vary   []string
	copied [1024]byte // of strings that are written
	faces  faces
}

func newWriter(m *Middleware) *writer {
	w := &writer{m: m, vary: []string{"Sec-Fetch-Dest"}}
	w.faces.of(w)
	return w
}

func (w *writer) begin(rw http.ResponseWriter, r *http.Request, found *route, a asker) {
	w.rw, w.r, w.route, w.asker = rw, r, found, a
	w.phase, w.status, w.frozen, w.settled, w.marked = unsettled, 0, nil, nil, false
	w.start = w.start[:0]
}

// end lets go of everything that belongs to the response.
func (w *writer) end() {
	w.rw, w.r, w.route, w.settled, w.frozen = nil, nil, nil, nil, nil
	w.in.reset(nil, nil, "", false)
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
	if _, typed := h["Content-Type"]; !typed && statusAllows(status) && len(h["Content-Encoding"]) == 0 {
		// The handler may change its headers from here on, without effect on the response.
		w.phase, w.status, w.frozen = sniffing, status, h.Clone()
		return
	}
	w.decide(status)
	w.rw.WriteHeader(status)
}

// decide settles what happens to the response, by its final headers, and changes them when it is rewritten.
func (w *writer) decide(status int) {
	w.phase = passing
	h := w.rw.Header()
	if status == http.StatusNotModified && w.marked {
		if etag := h["Etag"]; len(etag) > 0 {
			if marked := markETag(etag[0], w.settle().id); marked != "" {
				h["Etag"] = []string{marked}
			}
		}
		return
	}
	j := judge(status, h)
	if !j.ok {
		if j.reason != "" && w.asker != script {
			w.m.tell(j.reason, w.r)
		}
		return
	}
	if w.asker == script {
		addVary(h, w.vary)
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
	addVary(h, w.vary)
	adjust(h, found.id, found != w.route)
	charset := charsetOf(first(h["Content-Type"])) != ""
	if j.coding == "" {
		w.phase = rewriting
		w.in.reset(w.rw, w, w.m.prefix, charset)
		return
	}
	w.phase = encoded
	w.coded = newRecoder(j.coding, w.rw, &w.in)
	w.in.reset(w.coded.encoder, w, w.m.prefix, charset)
}

// given returns the nonce that the app knows.
func (w *writer) given() string {
	if w.m.nonce == nil {
		return ""
	}
	return w.m.nonce(w.r)
}

// settle returns the settings of this response, and asks the app for them once.
func (w *writer) settle() *route {
	if w.settled == nil {
		w.settled = w.m.settingsFor(w.r, w.route)
	}
	return w.settled
}

var off = &route{off: true}

// settingsFor returns found, or what the app makes of it for r.
func (m *Middleware) settingsFor(r *http.Request, found *route) *route {
	if m.forRequest == nil {
		return found
	}
	given := found.settings
	given.MetaData = make(map[string]any)
	maps.Copy(given.MetaData, found.settings.MetaData)
	settings, ok := m.forRequest(r, given)
	if !ok {
		return off
	}
	err := settings.Validate("settings")
	if err == nil {
		var own *route
		if own, err = m.newRoute(settings, false); err == nil && own.id != found.id {
			return own
		}
	}
	if err != nil {
		m.log.ErrorContext(r.Context(), "middleware: ForRequest returned settings that are not valid; the route's count", "error", err, "path", r.URL.Path)
	}
	return found
}

// Write writes p. It returns how many bytes of p were taken.
func (w *writer) Write(p []byte) (int, error) {
	switch w.phase {
	case unsettled:
		h := w.rw.Header()
		if _, typed := h["Content-Type"]; typed || len(h["Content-Encoding"]) > 0 {
			w.decide(http.StatusOK)
			return w.Write(p)
		}
		if len(p) < sniffed {
			w.WriteHeader(http.StatusOK)
			return w.Write(p)
		}
		w.decideSniffed(http.StatusOK, p)
		return w.Write(p)
	case sniffing:
		if len(w.start)+len(p) < sniffed {
			w.start = append(w.start, p...)
			return len(p), nil
		}
		taken := sniffed - len(w.start)
		w.start = append(w.start, p[:taken]...)
		if err := w.commit(); err != nil {
			return 0, err
		}
		n, err := w.Write(p[taken:])
		return taken + n, err
	case rewriting:
		return w.in.Write(p)
	case encoded:
		return w.coded.Write(p)
	}
	return w.rw.Write(p)
}

// decideSniffed decides about a response without Content-Type by the start of its body, in the way of net/http.
func (w *writer) decideSniffed(status int, start []byte) {
	h := w.rw.Header()
	if len(start) > 0 && len(h["Transfer-Encoding"]) == 0 {
		if found := http.DetectContentType(start); isHTML(found) {
			h["Content-Type"] = []string{found}
		}
	}
	if _, typed := h["Content-Type"]; !typed {
		w.phase = passing
		return
	}
	w.decide(status)
}

// commit ends sniffing: the response goes out with the headers it had when the handler began it.
func (w *writer) commit() error {
	h := w.rw.Header()
	later := maps.Clone(h)
	replace(h, w.frozen)
	w.decideSniffed(w.status, w.start)
	w.rw.WriteHeader(w.status)
	if w.phase != passing {
		adjustTrailers(later, h)
	}
	replace(h, later)
	if len(w.start) == 0 {
		return nil
	}
	_, err := w.Write(w.start)
	return err
}

// adjustTrailers brings to the headers that the handler has set meanwhile, for trailers, what was declared.
func adjustTrailers(later, sent http.Header) {
	if declared, ok := sent["Trailer"]; ok {
		later["Trailer"] = declared
	} else {
		delete(later, "Trailer")
	}
}

func replace(h, with http.Header) {
	clear(h)
	maps.Copy(h, with)
}

// WriteString writes s without a copy of all of it.
func (w *writer) WriteString(s string) (int, error) {
	if w.phase == passing || w.phase == rewriting && w.in.done {
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
		w.decide(http.StatusOK)
	case sniffing:
		err = w.commit()
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
	if w.phase == sniffing {
		err = w.commit()
	}
	switch w.phase {
	case rewriting:
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
	}
	switch reason := w.in.page.reason; {
	case w.phase == passing, reason == "", reason == reasonPresent, reason == reasonAMP:
	default:
		w.m.tell(reason, w.r)
	}
	return err
}

// abandon lets go of what would outlive a handler that panicked.
func (w *writer) abandon() {
	if w.coded != nil {
		w.coded.abandon()
	}
}
