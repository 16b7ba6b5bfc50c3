package middleware

import (
	"net/http"
	"strings"
)

// A rewritten page has an entity tag of its own (RFC 9110, section 8.8.3): weak, since the page's bytes are not the handler's any
// more, and ending in a mark for our tag, so that a browser never keeps a page whose tag is out of date. When the browser asks
// with it, the handler is shown its own entity tag again.

const (
	strongMark = "-qs"
	weakMark   = "-qw"
)

// markETag returns the entity tag of a page whose handler gave etag, with a tag known as id.
func markETag(etag, id string) string {
	mark := strongMark
	opaque, weak := strings.CutPrefix(etag, "W/")
	if weak {
		mark = weakMark
	}
	if len(opaque) < 2 || opaque[0] != '"' || opaque[len(opaque)-1] != '"' {
		return ""
	}
	return `W/` + opaque[:len(opaque)-1] + mark + id + `"`
}

// hasMark tells cheaply whether some entity tag in the fields may be ours.
func hasMark(fields []string) bool {
	for _, field := range fields {
		if strings.Contains(field, strongMark) || strings.Contains(field, weakMark) {
			return true
		}
	}
	return false
}

// unmarkETags turns the entity tags that markETag made with id back into the handler's, and drops those made with another. All
// others stay as they are when foreign says so.
func unmarkETags(fields []string, id string, foreign bool) (unmarked string, current, stale bool) {
	var kept []string
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			element = trim(element)
			opaque, ours := strings.CutPrefix(element, "W/")
			own := false
			// The mark and eight hexadecimal digits stand before the closing quote.
			const tail = len(strongMark) + 8 + 1
			if at := len(opaque) - tail; ours && at > 0 && strings.HasSuffix(opaque, `"`) {
				mark, of := opaque[at:at+len(strongMark)], opaque[at+len(strongMark):len(opaque)-1]
				if mark == strongMark || mark == weakMark {
					if of != id {
						stale = true
						continue
					}
					current, own = true, true
					element = opaque[:at] + `"`
					if mark == weakMark {
						element = "W/" + element
					}
				}
			}
			if element != "" && (own || foreign) {
				kept = append(kept, element)
			}
		}
	}
	return strings.Join(kept, ", "), current, stale
}

// unmarkRequest returns r as the handler should see it. marked says that a 304 answers for a page with our tag. A navigation is not answered by what
// the browser has of the page without our tag, from before the app had it or for a script, since that would show it without the tag for as long as it stays the same.
func unmarkRequest(r *http.Request, id string, navigation bool) (_ *http.Request, marked bool) {
	unmarked, current, stale := unmarkETags(r.Header["If-None-Match"], id, !navigation)
	if !current && !stale && !navigation {
		return r, false
	}
	copied := *r
	copied.Header = r.Header.Clone()
	if unmarked == "" {
		copied.Header.Del("If-None-Match")
	} else {
		copied.Header.Set("If-None-Match", unmarked)
	}
	if stale || navigation {
		// Without an entity tag the handler would go by the date, which says nothing about our tag.
		copied.Header.Del("If-Modified-Since")
	}
	return &copied, current
}
