package middleware

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
)

// asker is what the request says about who will read the response.
type asker uint8

const (
	script   asker = iota // not a navigation: the response stays as it is
	browser               // a navigation: whatever is HTML becomes a page
	somebody              // nobody knows: only what looks like a whole document is taken for a page
)

// fragmentHeaders are sent by libraries that fetch parts of pages.
var fragmentHeaders = [...]string{"Hx-Request", "Turbo-Frame", "X-Requested-With", "X-Pjax", "Datastar-Request", "X-Up-Version", "X-Inertia"}

// askerOf tells what kind of request r is. byFetch says that Sec-Fetch-Dest has decided, or would have.
func askerOf(r *http.Request) (a asker, byFetch bool) {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, "":
	default:
		return script, false
	}
	if dest := r.Header["Sec-Fetch-Dest"]; len(dest) > 0 {
		switch dest[0] {
		case "document", "iframe", "frame":
			return browser, true
		case "empty":
			return askerOfEmpty(r), true
		}
		return script, true
	}
	for _, name := range fragmentHeaders {
		if len(r.Header[name]) > 0 {
			return script, false
		}
	}
	accept := first(r.Header["Accept"])
	switch {
	case strings.Contains(accept, "application/xhtml+xml"):
		// Browsers name XHTML when they navigate, and not when a script asks.
		return browser, true
	case accept != "" && !strings.Contains(accept, "*/*") && !strings.Contains(accept, "text/"):
		return script, false
	}
	return somebody, true
}

// askerOfEmpty tells who asks with the destination of fetch. A service worker passes a navigation on with it, and browsers prefetch with it what they show as a page
// later. No script can say either: both header fields are the browser's own.
func askerOfEmpty(r *http.Request) asker {
	switch {
	case first(r.Header["Sec-Fetch-Mode"]) == "navigate":
		return browser
	case isPrefetch(r.Header["Sec-Purpose"]), isPrefetch(r.Header["Purpose"]):
		return somebody
	}
	return script
}

// isPrefetch tells whether a field of Sec-Purpose, such as "prefetch;prerender", is of a prefetch.
func isPrefetch(field []string) bool {
	purpose, _, _ := strings.Cut(first(field), ";")
	return strings.EqualFold(trim(purpose), "prefetch")
}

// isUpgrade tells whether r wants to leave HTTP (RFC 9110, section 7.8).
func isUpgrade(r *http.Request) bool {
	return len(r.Header["Upgrade"]) > 0 && hasToken(r.Header["Connection"], "upgrade")
}

// statusAllows tells whether a response with this status may be a page that somebody reads.
func statusAllows(status int) bool {
	switch status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable:
		return false
	}
	return status >= 200 && (status < 300 || status >= 400)
}

// judgement is what the headers of a response say.
type judgement struct {
	ok      bool
	reason  string // why not, when it is worth telling
	coding  string // "", or one that isKnown
	charset bool   // the character encoding is among it
}

// untouchable headers say that a body is a part of one or signed (RFC 9421), or that the server in front sends a file instead of it.
var untouchable = [...]string{"Content-Range", "Signature", "Signature-Input", "X-Accel-Redirect", "X-Sendfile", "X-Lighttpd-Send-File"}

// judge tells by its status and headers whether a response may be rewritten. The Content-Type must be known.
func judge(status int, h http.Header) judgement {
	if !statusAllows(status) || first(h["Content-Length"]) == "0" {
		return judgement{}
	}
	contentType := first(h["Content-Type"])
	if !isHTML(contentType) {
		return judgement{}
	}
	label := charsetOf(contentType)
	if label != "" && !strings.EqualFold(label, "utf-8") && !asciiCompatible(label) {
		return judgement{reason: reasonCharset}
	}
	for _, name := range untouchable {
		if len(h[name]) > 0 {
			return judgement{}
		}
	}
	if d := h["Content-Disposition"]; len(d) > 0 && !isInline(d[0]) {
		return judgement{}
	}
	if hasToken(h["Cache-Control"], "no-transform") { // RFC 9110, section 7.7
		return judgement{reason: reasonFixed}
	}
	shut := false
	policiesOf(h, "Content-Security-Policy", func(policy string) bool {
		shut = sandboxed(policy)
		return !shut
	})
	if shut {
		return judgement{reason: reasonSandbox}
	}
	coding, ok := codingOf(h["Content-Encoding"])
	if !ok {
		return judgement{reason: reasonCoding}
	}
	return judgement{ok: true, coding: coding, charset: label != ""}
}

func first(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

// isHTML tells whether a Content-Type is text/html (RFC 9110, section 8.3.1).
func isHTML(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(trim(media), "text/html")
}

// charsetOf returns the charset of a Content-Type, empty when there is none.
func charsetOf(contentType string) string {
	_, parameters, _ := strings.Cut(contentType, ";")
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(trim(name), "charset") {
			return strings.Trim(value, " \t\"'")
		}
	}
	return ""
}

// asciiCompatible tells whether ASCII in the character encoding of this label is what it looks like. The labels are those of the Encoding
// Standard whose encodings are not, and others that only old servers know.
func asciiCompatible(label string) bool {
	switch label = strings.ToLower(trim(label)); label {
	case "iso-2022-jp", "csiso2022jp", "replacement", "csiso2022kr", "hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "iso-2022-kr",
		"utf-7", "scsu", "bocu-1":
		return false
	}
	return !isUTF16(label) && !strings.HasPrefix(label, "utf-32") && !strings.HasPrefix(label, "utf32")
}

// isUTF16 tells whether label is one of UTF-16 in the Encoding Standard.
func isUTF16(label string) bool {
	switch strings.ToLower(trim(label)) {
	case "utf-16", "utf-16le", "utf-16be", "unicodefffe", "csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf16":
		return true
	}
	return false
}

// maybePage tells whether a page may be at a path. What has the name of an image, a style, a script, data or a document of another kind is none.
func maybePage(name string) bool {
	kind, _, _ := strings.Cut(mime.TypeByExtension(path.Ext(name)), ";")
	switch kind {
	case "text/css", "text/javascript", "text/plain", "text/xml", "application/xml", "application/json", "application/pdf", "application/wasm":
		return false
	}
	family, _, _ := strings.Cut(kind, "/")
	return family != "image" && family != "audio" && family != "video" && family != "font"
}

// isInline tells whether a Content-Disposition has the response shown (RFC 6266, section 4.2).
func isInline(disposition string) bool {
	kind, _, _ := strings.Cut(disposition, ";")
	kind = trim(kind)
	return kind == "" || strings.EqualFold(kind, "inline") || strings.Contains(kind, "=")
}

// isPlain tells whether the start of a body is the text of a document, whatever coding its header names: a handler around the middleware that compresses may have named its
// own in advance. No coding begins like this with as many printable characters.
func isPlain(start []byte) bool {
	const enough = len("<!doctype html>")
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n\f")
	if len(start) < enough || len(text) < 2 || text[0] != '<' || text[1] != '!' && text[1] != '?' && !isLetter(text[1]) {
		return false
	}
	return !bytes.ContainsFunc(start, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f })
}

// codingOf returns the one content coding of a response. ok is false when there are several, or one that is not known here.
func codingOf(fields []string) (coding string, ok bool) {
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			found := strings.ToLower(trim(element))
			switch found {
			case "", "identity":
				continue
			case "x-gzip": // RFC 9110, section 8.4.1.3
				found = "gzip"
			}
			if coding != "" || !isKnown(found) {
				return "", false
			}
			coding = found
		}
	}
	return coding, true
}

// hasToken tells whether a header's list contains token, in any case.
func hasToken(fields []string, token string) bool {
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			if strings.EqualFold(trim(element), token) {
				return true
			}
		}
	}
	return false
}

// trim takes off white space as header fields have it (RFC 9110, section 5.6.3).
func trim(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
