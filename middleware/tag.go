package middleware

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/qwelp/qwelp-go/internal/scheme"
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
	if reason := w.useless(w.rw.Header(), p.policies); reason != "" {
		p.reason = reason
		return nil
	}
	found := w.settle()
	outer := w.outer
	if w.m.public != w.m.prefix {
		outer = "" // the app knows better
	}
	plain := mounted(found.tag, outer)
	if p.hasBase && leadsAway(p.base, w.r.Host) {
		if !isHost(w.r.Host) || isShared(w.rw.Header()) {
			p.reason = reasonBase
			return nil
		}
		moved, err := w.m.tagOf(found, originOf(w.r)+outer+w.m.plain.Src)
		if err != nil {
			return nil // not with settings whose tag could be made before
		}
		plain = moved
	}
	if w.asker == browser {
		w.m.check.page(w.r, w.alone)
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

// leadsAway tells whether base, the href of a base element, may lead a path to another origin than that of host. Only then does the
// request's Host get into a page, as a path means the same without it.
func leadsAway(base, host string) bool {
	// Browsers ignore white space around a URL, tabs and line ends in it, and take backslashes for slashes.
	base = strings.Trim(base, " \t\n\f\r")
	base = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(base)
	if !strings.HasPrefix(base, "//") && !hasScheme.MatchString(base) {
		return false
	}
	u, err := url.Parse(base)
	return err != nil || u.Host == "" || !strings.EqualFold(u.Host, host)
}

var hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// isShared tells whether caches may keep a page for several people. The Host that one of them sent must not get to the others.
func isShared(h http.Header) bool {
	for _, field := range h["Cache-Control"] {
		for d := range strings.SplitSeq(field, ",") {
			name, _, _ := strings.Cut(trim(d), "=")
			if strings.EqualFold(name, "public") || strings.EqualFold(name, "s-maxage") {
				return true
			}
		}
	}
	return false
}

// originOf returns the origin that the browser asked.
func originOf(r *http.Request) string {
	if scheme.IsHTTPS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
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
