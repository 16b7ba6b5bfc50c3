package middleware

import (
	"net/http"
	"net/url"
	"strings"
)

// The page's own content security policies are read and never changed (Content Security Policy Level 3).

// policiesOf calls use for every policy in the fields of name until it returns false.
func policiesOf(h http.Header, name string, use func(policy string) bool) {
	for _, field := range h[name] {
		for policy := range strings.SplitSeq(field, ",") {
			if !use(policy) {
				return
			}
		}
	}
}

// directive returns the sources of the first directive in policy that is called name.
func directive(policy, name string) (sources string, ok bool) {
	for d := range strings.SplitSeq(policy, ";") {
		d = strings.Trim(d, " \t\n\f\r")
		end := strings.IndexAny(d, " \t\n\f\r")
		if end < 0 {
			end = len(d)
		}
		if strings.EqualFold(d[:end], name) {
			return d[end:], true
		}
	}
	return "", false
}

// scriptSources returns the sources that decide about script elements.
func scriptSources(policy string) (sources string, ok bool) {
	for _, name := range [...]string{"script-src-elem", "script-src", "default-src"} {
		if sources, ok = directive(policy, name); ok {
			return sources, true
		}
	}
	return "", false
}

// noncesIn appends the nonces by which policy lets script elements in.
func noncesIn(nonces []string, policy string) []string {
	sources, _ := scriptSources(policy)
	for source := range strings.FieldsSeq(sources) {
		const before = "'nonce-"
		if len(source) > len(before)+1 && strings.EqualFold(source[:len(before)], before) && source[len(source)-1] == '\'' {
			nonces = append(nonces, source[len(before):len(source)-1])
		}
	}
	return nonces
}

// blocks tells whether policy is sure to stop our tag when it carries nonce. A list of hosts is given the benefit of the doubt.
func blocks(policy, nonce string) bool {
	sources, ok := scriptSources(policy)
	if !ok {
		return false
	}
	strict, open := false, false
	for source := range strings.FieldsSeq(sources) {
		switch lower := strings.ToLower(source); {
		case lower == "'self'" || !strings.HasPrefix(lower, "'"):
			open = true
		case lower == "'strict-dynamic'":
			strict = true
		case strings.HasPrefix(lower, "'nonce-") && nonce != "" && source[len("'nonce-"):] == nonce+"'":
			return false
		}
	}
	return strict || !open
}

// disconnects tells whether policy is sure to stop the sender's WebSocket, which goes to one of hosts. Browsers differ in whether "https:" and hosts after it mean WebSockets,
// too; those are given the benefit of the doubt.
func disconnects(policy string, hosts []string) bool {
	sources, ok := directive(policy, "connect-src")
	if !ok {
		sources, ok = directive(policy, "default-src")
	}
	if !ok {
		return false
	}
	for source := range strings.FieldsSeq(sources) {
		if mayName(source, hosts) {
			return false
		}
	}
	return true
}

// excludes tells whether policy lets scripts in from other hosts only, without a nonce that the tag could carry.
func excludes(policy string, hosts []string) bool {
	sources, ok := scriptSources(policy)
	if !ok || strings.Contains(strings.ToLower(sources), "'nonce-") {
		return false
	}
	for source := range strings.FieldsSeq(sources) {
		if mayName(source, hosts) {
			return false
		}
	}
	return true
}

// mayName tells whether a source of a policy may mean a script or a WebSocket of one of hosts.
func mayName(source string, hosts []string) bool {
	source = strings.ToLower(source)
	switch {
	case source == "'self'", source == "*", source == "http:", source == "https:", source == "ws:", source == "wss:":
		return true
	case strings.HasPrefix(source, "'"), strings.HasSuffix(source, ":"):
		return false
	}
	_, host, ok := strings.Cut(source, "://")
	if !ok {
		host = source
	}
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	for _, own := range hosts {
		suffix, wild := strings.CutPrefix(host, "*")
		if own == host || wild && strings.HasSuffix(own, suffix) {
			return true
		}
	}
	return false
}

// hasOneNonce tells whether policy rules scripts and all else by a nonce.
func hasOneNonce(policy string) bool {
	_, connects := directive(policy, "connect-src")
	sources, _ := directive(policy, "default-src")
	return !connects && strings.Contains(strings.ToLower(sources), "'nonce-")
}

// hostsOf returns the names under which browsers may have the app, nil when a proxy says that it is another.
func (m *Middleware) hostsOf(r *http.Request) []string {
	if len(r.Header["X-Forwarded-Host"])+len(r.Header["Forwarded"]) > 0 {
		return nil
	}
	u := url.URL{Host: r.Host}
	return append(m.hosts[:len(m.hosts):len(m.hosts)], strings.ToLower(u.Hostname()))
}

// useless returns why the sender could not work on a page with the policies of these headers and meta elements, as far as its nonce, or that it needs none, does not decide;
// empty: it could.
func (w *writer) useless(h http.Header, meta []string) (reason string) {
	if len(h["Content-Security-Policy"])+len(meta) == 0 {
		return ""
	}
	hosts := w.m.hostsOf(w.r)
	if hosts == nil {
		return ""
	}
	check := func(policy string) bool {
		switch {
		case excludes(policy, hosts) && w.given() == "":
			reason = reasonBlocked
		case !disconnects(policy, hosts):
		case hasOneNonce(policy):
			// Whoever has a nonce there wants the script that carries it, and has forgotten what else the directive rules.
			w.m.tell(reasonHalf, w.r)
		default:
			reason = reasonOffline
		}
		return reason == ""
	}
	policiesOf(h, "Content-Security-Policy", check)
	for _, policy := range meta {
		if reason == "" {
			check(policy)
		}
	}
	return reason
}

// sandboxed tells whether policy lets no script run at all, or not as one of the app's origin, whose socket would be refused.
func sandboxed(policy string) bool {
	flags, ok := directive(policy, "sandbox")
	if !ok {
		return false
	}
	scripts, origin := false, false
	for flag := range strings.FieldsSeq(flags) {
		scripts = scripts || strings.EqualFold(flag, "allow-scripts")
		origin = origin || strings.EqualFold(flag, "allow-same-origin")
	}
	return !scripts || !origin
}

// nonceFor returns the nonce that the tag needs on a page with these headers and policies of meta elements, empty when the page uses
// none. ok is false when a policy stops the tag all the same. What the app has given is not doubted.
func nonceFor(h http.Header, meta []string, given string) (nonce string, ok bool) {
	if given != "" {
		return given, true
	}
	if len(meta) == 0 && len(h["Content-Security-Policy"]) == 0 && len(h["Content-Security-Policy-Report-Only"]) == 0 {
		return "", true
	}
	var nonces []string
	find := func(policy string) bool {
		nonces = noncesIn(nonces, policy)
		return true
	}
	policiesOf(h, "Content-Security-Policy", find)
	for _, policy := range meta {
		find(policy)
	}
	// Not to be let in by, but not to be reported by it either.
	policiesOf(h, "Content-Security-Policy-Report-Only", find)
	for _, nonce := range nonces {
		if lets(h, meta, nonce) {
			return nonce, true
		}
	}
	return "", lets(h, meta, "")
}

// lets tells whether no policy stops our tag when it carries nonce.
func lets(h http.Header, meta []string, nonce string) bool {
	ok := true
	check := func(policy string) bool {
		ok = ok && !blocks(policy, nonce)
		return ok
	}
	policiesOf(h, "Content-Security-Policy", check)
	for _, policy := range meta {
		check(policy)
	}
	return ok
}
