package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// askedLimit says how many different addresses of a case may be asked for.
type askedLimit struct {
	most  int
	which *regexp.Regexp
}

// casesAsked notes which addresses of the cases are asked for.
type casesAsked struct {
	mu   sync.Mutex
	seen map[string]map[string]bool // by browser and case
}

func (a *casesAsked) count(browser string, site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		a.mu.Lock()
		key := browser + " " + name
		if a.seen == nil {
			a.seen = map[string]map[string]bool{}
		}
		if a.seen[key] == nil {
			a.seen[key] = map[string]bool{}
		}
		a.seen[key][path] = true
		a.mu.Unlock()
		site.ServeHTTP(w, r)
	})
}

// tooOften returns what of a case has been asked for more often than it may be.
func (a *casesAsked) tooOften(browser string, c pageCase) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, limit := range c.asked {
		var found []string
		for path := range a.seen[browser+" "+c.name] {
			if limit.which.MatchString(path) {
				found = append(found, path)
			}
		}
		if len(found) > limit.most {
			return fmt.Sprintf("the site is asked for %d files instead of %d: %.200q", len(found), limit.most, found)
		}
	}
	return ""
}

// endless answers with an image that is followed by another, until nobody reads it any more.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=next")
	_, _ = fmt.Fprint(w, "--next\r\nContent-Type: image/svg+xml\r\n\r\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\r\n--next\r\n")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// countsSent is JavaScript that counts what a page sends from then on.
const countsSent = `(() => {
	window.sentBytes = 0;
	for (const {prototype} of [RTCDataChannel, WebSocket]) {
		const {send} = prototype;
		prototype.send = function (data) { sentBytes += data.byteLength ?? data.size ?? data.length; return send.call(this, data) };
	}
})()`

// hasSecret is JavaScript for inMirror: what of a document an expression matches.
const hasSecret = `((everything) => everything.match(new RegExp(%q))?.[0] ?? "")(doc.documentElement.outerHTML + [...doc.querySelectorAll("*")].map(e => {
	const s = doc.defaultView.getComputedStyle(e); return [e.value, s.backgroundImage, s.cursor, s.content].join() }).join())`
