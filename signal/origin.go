package signal

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// origin is a parsed Origin (RFC 6454). The port is never empty.
type origin struct{ scheme, host, port string }

var defaultPorts = map[string]string{"http": "80", "https": "443"}

var errOrigin = errors.New(`want "https://host" or "https://host:port"`)

func parseOrigin(s string) (origin, error) {
	u, err := url.Parse(s)
	if err != nil || defaultPorts[u.Scheme] == "" || u.Hostname() == "" || s != u.Scheme+"://"+u.Host {
		return origin{}, errOrigin
	}
	return origin{u.Scheme, strings.ToLower(u.Hostname()), cmp.Or(u.Port(), defaultPorts[u.Scheme])}, nil
}

// sameOrigin reports whether o is where the request was sent to. Behind a proxy that ends TLS the request looks like plain HTTP, so
// only a TLS request says for sure which scheme the page must have. Forwarded headers are not asked: anybody can send them.
func sameOrigin(o origin, r *http.Request) bool {
	if r.TLS != nil && o.scheme != "https" {
		return false
	}
	u, err := url.Parse("//" + r.Host)
	if err != nil || u.Host != r.Host {
		return false
	}
	return strings.EqualFold(u.Hostname(), o.host) && cmp.Or(u.Port(), defaultPorts[o.scheme]) == o.port
}

// originAllowed decides about a request that has an Origin.
func originAllowed(r *http.Request, allowed []origin) bool {
	header := r.Header["Origin"]
	if len(header) != 1 {
		return false
	}
	o, err := parseOrigin(header[0])
	if err != nil {
		return false
	}
	return slices.Contains(allowed, o) || sameOrigin(o, r)
}

// fromAnotherSite reports whether a page of another site, or of another host of this one, has the browser send the request. Browsers that do not say
// so (old ones, and all where there is neither TLS nor loopback) are judged by the page that they name. What comes of no page ("none": typed, a bookmark)
// comes of who sits there.
func fromAnotherSite(r *http.Request, allowed []origin) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		if len(r.Header["Origin"]) > 0 {
			return !originAllowed(r, allowed)
		}
		referer := r.Header.Get("Referer")
		if referer == "" {
			return false
		}
		u, err := url.Parse(referer)
		if err != nil {
			return true
		}
		o, err := parseOrigin(u.Scheme + "://" + u.Host)
		return err != nil || !slices.Contains(allowed, o) && !sameOrigin(o, r)
	}
	return len(r.Header["Origin"]) == 0 || !originAllowed(r, allowed)
}

// isPartOfPage reports whether the request is for an image, a frame or the like, which users of the app may be able to put into its pages.
func isPartOfPage(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "empty", "websocket":
		return false
	}
	return true
}

func parseOrigins(field string, list []string) (origins []origin, errs []error) {
	for i, s := range list {
		o, err := parseOrigin(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("signal.%s[%d]: %q: %w", field, i, s, err))
			continue
		}
		origins = append(origins, o)
	}
	return origins, errs
}
