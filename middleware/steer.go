package middleware

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// A page in gzip gets its tag without being encoded again, one in br or zstd does not. So once an app has answered in one of those, its
// pages are asked for in gzip, as long as the browser takes that (docs/adr/0007).

var acceptEncoding = []string{"Accept-Encoding"}

// steer returns r as an app that answers in costly codings should see it, when pages come in gzip for it.
func (m *Middleware) steer(r *http.Request) (_ *http.Request, steered bool) {
	if !m.costly.Load() || !takesGzip(r.Header["Accept-Encoding"]) {
		return r, false
	}
	copied := *r
	copied.Header = maps.Clone(r.Header)
	copied.Header["Accept-Encoding"] = []string{"gzip"}
	return &copied, true
}

// learn notes that the app answers a navigation in a costly coding, though the browser would take gzip.
func (w *writer) learn() {
	if w.asker == browser && !w.steered && takesGzip(w.r.Header["Accept-Encoding"]) {
		w.m.costly.Store(true)
	}
}

// takesGzip tells whether gzip is among the codings that a client takes (RFC 9110, section 12.5.3).
func takesGzip(fields []string) bool {
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			coding, weight, weighed := strings.Cut(element, ";")
			if !strings.EqualFold(trim(coding), "gzip") {
				continue
			}
			if !weighed {
				return true
			}
			_, q, _ := strings.Cut(weight, "=")
			value, err := strconv.ParseFloat(trim(q), 64)
			return err == nil && value > 0
		}
	}
	return false
}
