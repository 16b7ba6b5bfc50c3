package middleware

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// OptOutHeader keeps the tag out of a response whose handler sets it, to whatever value. It is not sent.
const OptOutHeader = "Qwelp-Off"

// isDigest tells whether a header or trailer is about the exact bytes of a body (RFC 9530, RFC 3230, RFC 1864).
func isDigest(name string) bool {
	switch name {
	case "Content-Digest", "Repr-Digest", "Digest", "Content-Md5":
		return true
	}
	return false
}

// adjust makes the headers of a handler fit a page that gets a tag. id stands for the tag, private says that the tag is for one
// customer only.
func adjust(h http.Header, id string, private bool) {
	for name := range h {
		switch name {
		case "Content-Length",
			"Accept-Ranges", // offsets would be those of the handler's page
			"Last-Modified": // the date says nothing about the tag, which changes with the program
			delete(h, name)
		default:
			if isDigest(name) {
				delete(h, name)
			}
		}
	}
	dropTrailers(h)
	if etag := h["Etag"]; len(etag) > 0 {
		if marked := markETag(etag[0], id); marked != "" {
			h["Etag"] = []string{marked}
		} else {
			delete(h, "Etag")
		}
	}
	if private {
		keepPrivate(h)
	}
}

// contentLength returns what the handler declared, negative without a number.
func contentLength(h http.Header) int64 {
	declared := first(h["Content-Length"])
	if declared == "" {
		return -1
	}
	n, err := strconv.ParseInt(declared, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// dropTrailers takes digests out of the declared trailers.
func dropTrailers(h http.Header) {
	declared := h["Trailer"]
	if len(declared) == 0 {
		return
	}
	var kept []string
	for _, field := range declared {
		for name := range strings.SplitSeq(field, ",") {
			if name = trim(name); name != "" && !isDigest(http.CanonicalHeaderKey(name)) {
				kept = append(kept, name)
			}
		}
	}
	if len(kept) == 0 {
		delete(h, "Trailer")
		return
	}
	h["Trailer"] = kept
}

// dropDigests takes digests out of what the handler set as trailers.
func dropDigests(h http.Header) {
	for name := range h {
		if isDigest(name) || strings.HasPrefix(name, http.TrailerPrefix) && isDigest(http.CanonicalHeaderKey(name[len(http.TrailerPrefix):])) {
			delete(h, name)
		}
	}
}

// keepPrivate keeps a page out of caches that serve several people (RFC 9111, section 5.2.2.7).
func keepPrivate(h http.Header) {
	delete(h, "Cdn-Cache-Control") // RFC 9213
	delete(h, "Surrogate-Control")
	fields := h["Cache-Control"]
	if hasToken(fields, "private") || hasToken(fields, "no-store") {
		return
	}
	kept := make([]string, 0, 4)
	for _, field := range fields {
		for d := range strings.SplitSeq(field, ",") {
			d = trim(d)
			name, _, _ := strings.Cut(d, "=")
			if d != "" && !strings.EqualFold(name, "public") && !strings.EqualFold(name, "s-maxage") {
				kept = append(kept, d)
			}
		}
	}
	h["Cache-Control"] = []string{strings.Join(append(kept, "private"), ", ")}
}

var secFetchMode, secPurpose = []string{"Sec-Fetch-Mode"}, []string{"Sec-Purpose"}

// addVary says what of the request decides whether the response has the tag.
func (w *writer) addVary(h http.Header) {
	addVary(h, w.vary)
	if first(w.r.Header["Sec-Fetch-Dest"]) != "empty" {
		return
	}
	if len(w.r.Header["Sec-Fetch-Mode"]) > 0 {
		addVary(h, secFetchMode)
	}
	if len(w.r.Header["Sec-Purpose"]) > 0 {
		addVary(h, secPurpose)
	}
}

// addVary says that the response depends on the request's header name (RFC 9110, section 12.5.5).
func addVary(h http.Header, own []string) {
	vary := h["Vary"]
	if len(vary) == 0 {
		h["Vary"] = own
		return
	}
	if !hasToken(vary, own[0]) && !hasToken(vary, "*") {
		h["Vary"] = append(slices.Clip(vary), own[0])
	}
}
