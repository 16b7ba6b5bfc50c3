package middleware

import (
	"slices"
	"strings"
)

// page is what a content security policy is asked about.
type page struct {
	host string // of the request, with its port
	src  string // path of the script
}

// scriptNonce reads the page's content security policies, those of the header and those of meta elements, and tells whether they let an
// external script of the page's own origin run, and with which nonce (CSP Level 3, sections 6.7.2 and 6.8.1). problem says in words what
// forbids it; then there must be no tag. A policy is only ever read, never changed.
func scriptNonce(header, meta []string, pg page) (nonce, problem string) {
	var lists [][]string
	for _, value := range header {
		for text := range strings.SplitSeq(value, ",") {
			d := directives(text)
			if sandbox, ok := d["sandbox"]; ok && !contains(sandbox, "allow-scripts") {
				return "", "its policy is sandboxed without allow-scripts"
			}
			if list, ok := scriptSources(d); ok {
				lists = append(lists, list)
			}
		}
	}
	for _, text := range meta {
		if list, ok := scriptSources(directives(text)); ok {
			lists = append(lists, list)
		}
	}
	candidates := []string{""}
	for _, list := range lists {
		for _, source := range list {
			if n, ok := nonceOf(source); ok {
				candidates = append(candidates, n)
			}
		}
	}
	for _, nonce := range candidates {
		if !slices.ContainsFunc(lists, func(list []string) bool { return !allows(list, nonce, pg) }) {
			return nonce, ""
		}
	}
	return "", "its content security policy forbids the script: add 'self' or a nonce to script-src"
}

// directives reads a policy. Of a directive that is given twice, the first counts.
func directives(text string) map[string][]string {
	d := map[string][]string{}
	for directive := range strings.SplitSeq(text, ";") {
		fields := strings.Fields(directive)
		if len(fields) == 0 {
			continue
		}
		name := strings.ToLower(fields[0])
		if _, twice := d[name]; !twice {
			d[name] = fields[1:]
		}
	}
	return d
}

// scriptSources are the sources that count for a script element; ok is false when the policy does not limit scripts.
func scriptSources(d map[string][]string) (list []string, ok bool) {
	for _, name := range []string{"script-src-elem", "script-src", "default-src"} {
		if list, ok := d[name]; ok {
			return list, true
		}
	}
	return nil, false
}

func allows(list []string, nonce string, pg page) bool {
	for _, source := range list {
		if n, ok := nonceOf(source); ok && n == nonce {
			return true
		}
	}
	if contains(list, "'strict-dynamic'") {
		return false
	}
	return slices.ContainsFunc(list, func(source string) bool { return matchesOwn(strings.ToLower(source), source, pg) })
}

// nonceOf takes the nonce out of a source such as 'nonce-abc'; only its prefix is read without regard to case.
func nonceOf(source string) (string, bool) {
	const prefix = "'nonce-"
	if len(source) > len(prefix)+1 && strings.EqualFold(source[:len(prefix)], prefix) && strings.HasSuffix(source, "'") {
		return source[len(prefix) : len(source)-1], true
	}
	return "", false
}

// matchesOwn tells whether a source matches a script of the page's own origin. Which scheme the browser used, a server behind a
// proxy does not know, so that any web scheme is taken for it.
func matchesOwn(source, exact string, pg page) bool {
	switch source {
	case "'self'", "*", "http:", "https:":
		return true
	}
	if strings.HasPrefix(source, "'") {
		return false
	}
	if scheme, rest, ok := strings.Cut(source, "://"); ok {
		if scheme != "http" && scheme != "https" {
			return false
		}
		source, exact = rest, exact[len(exact)-len(rest):]
	}
	host, _, hasPath := strings.Cut(source, "/")
	if hasPath {
		path := exact[len(host):]
		if path != "/" && path != pg.src && !(strings.HasSuffix(path, "/") && strings.HasPrefix(pg.src, path)) {
			return false
		}
	}
	own := strings.ToLower(pg.host)
	name, port, _ := strings.Cut(host, ":")
	ownName, ownPort, _ := strings.Cut(own, ":")
	if port != "*" && port != ownPort && !(ownPort == "" && (port == "443" || port == "80")) && port != "" {
		return false
	}
	if port == "" && ownPort != "" && ownPort != "80" && ownPort != "443" {
		return false
	}
	if suffix, ok := strings.CutPrefix(name, "*."); ok {
		return strings.HasSuffix(ownName, "."+suffix)
	}
	return name == ownName
}

func contains(list []string, want string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, want) })
}
