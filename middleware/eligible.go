package middleware

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Pure: whether a response may carry the tag. Each function gives the reason why not, or "".

// OptOutHeader, set by a handler to any value, keeps the tag out of one response. It is removed before the response is sent.
const OptOutHeader = "X-Qwelp-Off"

// notNavigating tells why a request is none by which a browser navigates to a document. sure: the browser said so itself (Fetch Metadata).
func notNavigating(method string, h http.Header) (why string, sure bool) {
	if dest := h.Get("Sec-Fetch-Dest"); dest != "" {
		switch dest {
		case "document", "iframe", "frame":
			return "", true
		}
		return "it was not fetched to be shown as a document", true
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		return "browsers do not navigate by " + method, false
	}
	for _, name := range []string{"Hx-Request", "Turbo-Frame", "X-Pjax", "Datastar-Request"} {
		if h.Get(name) != "" {
			return "it is a fragment for " + name, false
		}
	}
	if strings.EqualFold(h.Get("X-Requested-With"), "XMLHttpRequest") {
		return "it was fetched by script", false
	}
	return "", false
}

// notRewritable tells why a response of this status and these headers must stay as it is. plain: that is as it should be, and nobody has to
// be told.
func notRewritable(status int, h http.Header) (why string, plain bool) {
	switch {
	case status < 200, status == http.StatusNoContent, status == http.StatusResetContent, status == http.StatusPartialContent,
		300 <= status && status < 400, status == http.StatusRequestedRangeNotSatisfiable:
		return "its status has no whole document", true
	case h.Get(OptOutHeader) != "":
		return "the handler opted out", true
	case !isHTML(h.Get("Content-Type")):
		return "it is not text/html", true
	}
	if disposition, _, err := mime.ParseMediaType(h.Get("Content-Disposition")); err == nil && disposition == "attachment" {
		return "it is a download", true
	}
	if hasToken(h["Cache-Control"], "no-transform") {
		return "it must not be transformed (Cache-Control: no-transform)", false
	}
	for _, name := range []string{"Signature", "X-Accel-Redirect", "X-Sendfile"} {
		if h.Get(name) != "" {
			return "it has a header " + name, false
		}
	}
	if charset := charsetOf(h.Get("Content-Type")); !asciiCompatible(charset) {
		return "its charset is not known to hold ASCII", false
	}
	return "", false
}

func isHTML(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "text/html")
}

func charsetOf(contentType string) string {
	_, params, _ := strings.Cut(contentType, ";")
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return strings.ToLower(strings.Trim(strings.TrimSpace(value), `"'`))
		}
	}
	return ""
}

// asciiCompatible tells whether ASCII bytes mean ASCII characters in an encoding (Encoding Standard, section 4.2).
func asciiCompatible(charset string) bool {
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "latin1", "l1", "big5", "big5-hkscs", "gbk", "gb2312", "gb18030", "euc-jp", "euc-kr", "shift_jis",
		"shift-jis", "sjis", "ks_c_5601-1987", "koi8-r", "koi8-u", "macintosh", "x-user-defined", "tis-620":
		return true
	}
	for _, prefix := range []string{"iso-8859-", "iso8859-", "windows-", "cp125", "x-mac-"} {
		if strings.HasPrefix(charset, prefix) {
			return true
		}
	}
	return false
}

// hasToken tells whether a list header holds a token.
func hasToken(values []string, token string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
		return false
	})
}
