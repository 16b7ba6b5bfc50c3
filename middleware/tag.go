package middleware

import (
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/qwelp/qwelp-go/sender"
)

// tag returns the tag for the page whose head ends here, nil when it is not to have one.
func (w *writer) tag(p *page) []byte {
	if w.asker == somebody && !p.document {
		return nil
	}
	nonce, ok := nonceFor(w.rw.Header(), p.policies, w.given())
	if !ok {
		p.reason = reasonBlocked
		return nil
	}
	found := w.settle()
	plain := found.tag
	if p.hasBase {
		if origin := originBeside(p.base, w.r); origin != "" {
			// The settings are those of the tag that could be made before.
			moved, err := sender.Tag{Src: origin + w.m.src, SenderURL: w.m.senderURL, Settings: found.settings}.HTML()
			if err == nil {
				plain = moved
			}
		}
	}
	if nonce == "" {
		return plain
	}
	const tail = "></script>"
	w.nonced = append(w.nonced[:0], plain[:len(plain)-len(tail)]...)
	w.nonced = append(w.nonced, ` nonce="`...)
	w.nonced = append(w.nonced, html.EscapeString(nonce)...)
	w.nonced = append(w.nonced, `"`...)
	w.nonced = append(w.nonced, tail...)
	return w.nonced
}

// originBeside returns the origin of the request when base, the href of a base element, would lead a path to another one; else it is
// empty. Only then does the request's Host get into a page: a path means the same without it, and whoever answers for several hosts from one
// cache must not be led to store somebody else's name.
func originBeside(base string, r *http.Request) string {
	// Browsers ignore white space around a URL, and take backslashes for slashes.
	base = strings.ReplaceAll(strings.Trim(base, " \t\n\f\r"), `\`, "/")
	u, err := url.Parse(base)
	if err != nil || !isHost(r.Host) {
		return ""
	}
	if u.Host == "" || strings.EqualFold(u.Host, r.Host) {
		return ""
	}
	switch u.Scheme {
	case "http", "https", "":
	default:
		return ""
	}
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(first(r.Header["X-Forwarded-Proto"]), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// isHost tells whether host is a name or address with an optional port, and nothing else.
func isHost(host string) bool {
	if host == "" {
		return false
	}
	for _, c := range []byte(host) {
		if !isLetter(c) && (c < '0' || c > '9') && !strings.ContainsRune(".-_:[]", rune(c)) {
			return false
		}
	}
	return true
}
