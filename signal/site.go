package signal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// site is an origin of Config.Sites, or all those that a pattern stands for.
type site struct {
	origin
	wild bool // the host has one more label in front
}

var errSite = errors.New(`want an origin such as "https://www.example.com", or "https://*.example.com" for all hosts with one more label`)

func parseSite(s string) (site, error) {
	rest, wild := strings.CutPrefix(s, "https://*.")
	if wild {
		s = "https://" + rest
	}
	o, err := parseOrigin(s)
	// Whoever may have a name under a whole top-level domain is not one site.
	if err != nil || strings.Contains(o.host, "*") || wild && !strings.Contains(o.host, ".") {
		return site{}, errSite
	}
	return site{o, wild}, nil
}

func parseSites(list []string) (sites []site, errs []error) {
	for i, s := range list {
		parsed, err := parseSite(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("signal.sites[%d]: %q: %w", i, s, err))
			continue
		}
		sites = append(sites, parsed)
	}
	return sites, errs
}

func (s site) has(o origin) bool {
	if s.wild {
		label, rest, found := strings.Cut(o.host, ".")
		if !found || label == "" || rest != s.host {
			return false
		}
		o.host = rest
	}
	return s.origin == o
}

// ofSite reports whether a request with an Origin comes from a page of one of sites, which may have customers only.
func ofSite(r *http.Request, sites []site) bool {
	header := r.Header["Origin"]
	if len(header) != 1 {
		return false
	}
	o, err := parseOrigin(header[0])
	return err == nil && slices.ContainsFunc(sites, func(s site) bool { return s.has(o) })
}
