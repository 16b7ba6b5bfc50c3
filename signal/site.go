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
	if strings.ContainsFunc(o.host, func(r rune) bool { return r > '~' }) {
		return site{}, errors.New(`want the host as browsers send it, in ASCII ("xn--…")`)
	}
	return site{o, wild}, nil
}

// intended returns the entry that somebody probably meant who wrote s, which is none: with a scheme, without a path, over https. Empty: there is no such.
func intended(s string) string {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	scheme, rest, _ := strings.Cut(s, "://")
	host, _, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(host, "*.") {
		scheme = "https"
	}
	entry := scheme + "://" + host
	if _, err := parseSite(entry); err != nil || host == "null" {
		return ""
	}
	return entry
}

// siteToAdd returns the setting that lets pages of an origin in, empty where there is none.
func siteToAdd(origin string) string {
	if _, err := parseSite(origin); err != nil {
		return ""
	}
	return fmt.Sprintf("Sites: []string{%q}", origin)
}

func parseSites(list []string) (sites []site, errs []error) {
	for i, s := range list {
		parsed, err := parseSite(s)
		if err != nil {
			if better := intended(s); better != "" {
				err = fmt.Errorf("%w; here it is probably %q", err, better)
			}
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
