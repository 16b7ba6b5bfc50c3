package middleware

import (
	"maps"
	"net/http"
)

// sniffed is how much of a body decides about its type (as in http.DetectContentType).
const sniffed = 512

// looked is how much of an HTML body decides whether it is a page at all.
const looked = 128

// needs returns how many bytes of the body it takes to decide about a response.
func (w *writer) needs(status int, h http.Header) int {
	if _, typed := h["Content-Type"]; !typed && statusAllows(status) && (w.preset || len(h["Content-Encoding"]) == 0) {
		return sniffed
	}
	if w.asker != script && w.judge(status, h).ok {
		return looked
	}
	return 0
}

// judge judges the headers that the response has, once.
func (w *writer) judge(status int, h http.Header) *judgement {
	if !w.isJudged {
		w.judged, w.isJudged = judge(status, h), true
	}
	return &w.judged
}

// looksLikePage tells by the start of a body whether it may be a page. What does not is sent as it is, with its headers.
func (w *writer) looksLikePage(coding string, start []byte, whole bool) bool {
	if len(start) == 0 {
		return !whole || w.r.Method == http.MethodHead
	}
	if coding != "" {
		n, ok := decodeStart(coding, start, w.plain[:])
		if !ok {
			w.m.tell(reasonBroken, w.r)
			return false
		}
		if start = w.plain[:n]; n == 0 {
			return !whole
		}
		whole = whole && n < looked
	}
	switch v := w.in.look(start[:min(len(start), looked)]); {
	case v == never:
		if w.in.page.reason == reasonCharset {
			w.m.tell(reasonCharset, w.r)
		}
		return false
	case v == here:
		return w.asker == browser || w.in.page.document
	case whole && len(start) <= looked:
		return w.in.atEOF() == here && (w.asker == browser || w.in.page.document)
	}
	return true
}

// decideSniffed decides about a response by the start of its body, after it has guessed the type of one without Content-Type in the
// way of net/http.
func (w *writer) decideSniffed(status int, start []byte, whole bool) {
	h := w.rw.Header()
	_, typed := h["Content-Type"]
	if !typed && len(start) > 0 && len(h["Transfer-Encoding"]) == 0 && (len(h["Content-Encoding"]) == 0 || w.preset && isPlain(start)) {
		if found := http.DetectContentType(start); isHTML(found) {
			h["Content-Type"] = []string{found}
		}
	}
	w.decide(status, start, whole)
}

// commit ends sniffing: the response goes out with the headers it had when the handler began it.
func (w *writer) commit(whole bool) error {
	h := w.rw.Header()
	changed := !isSame(h, w.frozen)
	if changed {
		replace(w.later, h)
		replace(h, w.frozen)
	}
	w.decideSniffed(w.status, w.start, whole)
	w.rw.WriteHeader(w.status)
	if changed {
		if w.phase != passing {
			adjustTrailers(w.later, h)
		}
		replace(h, w.later)
	}
	if len(w.start) == 0 {
		return nil
	}
	_, err := w.put(w.start)
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

// isSame tells whether nothing was set in h since it was copied.
func isSame(h, copied http.Header) bool {
	return maps.EqualFunc(h, copied, func(a, b []string) bool {
		return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	})
}

func replace(h, with http.Header) {
	clear(h)
	maps.Copy(h, with)
}
