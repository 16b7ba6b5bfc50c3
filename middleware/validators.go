package middleware

import (
	"net/http"
	"strings"
)

// Validators of rewritten pages. The page a browser has cached is the handler's page with a certain tag in it, so that its ETag is the
// handler's plus the tag's version, weak, since the bytes are not the handler's (RFC 9110 section 8.8.3).

const versionMark = "+qwelp-"

// versioned is the ETag of the handler's page with the tag in it.
func versioned(tag, version string) string {
	opaque := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(tag, "W/"), `"`), `"`)
	return `W/"` + opaque + versionMark + version + `"`
}

// ownValidators replaces the validators of a request by those the handler knows. A page that was cached with another tag, or without one,
// must not be confirmed as fresh.
func (x *exchange) ownValidators() {
	if x.why != "" || x.r.Method != http.MethodGet && x.r.Method != http.MethodHead {
		return
	}
	match, since := x.r.Header.Get("If-None-Match"), x.r.Header.Get("If-Modified-Since")
	if match == "" && since == "" || match == "" && !x.sure {
		return
	}
	version := x.version()
	if version == "" {
		return
	}
	var own []string
	for tag := range strings.SplitSeq(match, ",") {
		tag = strings.TrimSpace(tag)
		before, after, marked := strings.Cut(tag, versionMark)
		switch {
		case marked && after == version+`"`:
			own = append(own, before+`"`)
			x.confirmed = true
		case !marked && !x.sure && tag != "":
			own = append(own, tag)
		}
	}
	r := x.r.Clone(x.r.Context())
	r.Header.Del("If-None-Match")
	if len(own) > 0 {
		r.Header.Set("If-None-Match", strings.Join(own, ", "))
	}
	if x.sure {
		r.Header.Del("If-Modified-Since")
	}
	x.r = r
}

// confirm gives a 304 the validator under which the client has the page.
func (x *exchange) confirm(h http.Header) {
	if tag := h.Get("ETag"); tag != "" && x.confirmed {
		h.Set("ETag", versioned(tag, x.version()))
		h.Del("Last-Modified")
	}
}
