package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// proxy passes requests on to a website, and sends what it says of its own origin back as ours.
type proxy struct {
	site    *url.URL
	host    string // by which the website is asked; empty: by the one that the customer asked for
	trusted []netip.Prefix
	log     *slog.Logger
}

func (p proxy) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		FlushInterval:  -1, // what streams, streams on
		ModifyResponse: p.modify,
		ErrorHandler:   p.fail,
		ErrorLog:       slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
	}
}

// rewrite makes the website's request of the customer's. Either Host is the customer's, or Origin and Referer become the website's as well:
// websites refuse forms and WebSockets of pages whose Origin is not the Host they see.
func (p proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.site)
	p.tellWhoAsked(r)
	if p.host == "" {
		r.Out.Host = r.In.Host
		return
	}
	r.Out.Host = p.host
	// A website that heard of our name as well would compare that one with the Origin.
	r.Out.Header.Del("X-Forwarded-Host")
	for _, name := range []string{"Origin", "Referer"} {
		if u, err := url.Parse(r.In.Header.Get(name)); err == nil && u.Host != "" && strings.EqualFold(u.Host, r.In.Host) {
			u.Scheme, u.Host = p.site.Scheme, p.host
			r.Out.Header.Set(name, u.String())
		}
	}
}

// tellWhoAsked sets X-Forwarded-For, -Host and -Proto. What the client says of itself in such fields is believed only when it is a trusted proxy.
func (p proxy) tellWhoAsked(r *httputil.ProxyRequest) {
	for name := range r.Out.Header {
		if strings.HasPrefix(name, "X-Forwarded-") || name == "X-Real-Ip" || name == "Forwarded" {
			r.Out.Header.Del(name)
		}
	}
	if !p.trusts(r.In.RemoteAddr) {
		r.SetXForwarded()
		return
	}
	r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
	r.SetXForwarded()
	if scheme := r.In.Header.Get("X-Forwarded-Proto"); scheme == "http" || scheme == "https" {
		r.Out.Header.Set("X-Forwarded-Proto", scheme)
	}
}

func (p proxy) trusts(address string) bool {
	a, err := netip.ParseAddrPort(address)
	return err == nil && slices.ContainsFunc(p.trusted, func(n netip.Prefix) bool { return n.Contains(a.Addr().Unmap()) })
}

// modify keeps the customer with us: what leads to the website's own origin, by redirects and cookies, leads to ours.
func (p proxy) modify(r *http.Response) error {
	for _, name := range []string{"Location", "Content-Location"} {
		if u, err := url.Parse(r.Header.Get(name)); err == nil && p.isOwn(u) {
			r.Header.Set(name, pathOf(*u))
		}
	}
	cookies := r.Header["Set-Cookie"]
	for i, cookie := range cookies {
		cookies[i] = p.ownCookie(cookie)
	}
	return nil
}

// pathOf returns what stands in a URL after its origin.
func pathOf(u url.URL) string {
	u.Scheme, u.Host, u.User, u.OmitHost = "", "", nil, true
	if path := u.String(); strings.HasPrefix(path, "//") {
		return "/." + path // two slashes would begin a host
	} else if strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + u.String()
}

// isOwn tells whether a URL is one of the website's, under whatever name.
func (p proxy) isOwn(u *url.URL) bool {
	if u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return false
	}
	return strings.EqualFold(u.Host, p.site.Host) || strings.EqualFold(u.Host, p.host)
}

// ownCookie takes the website's domain off a cookie, so that the browser keeps it for us. Secure stays: browsers take such cookies over
// plain HTTP from this machine, and from elsewhere the proxy belongs behind TLS.
func (p proxy) ownCookie(cookie string) string {
	parts := strings.Split(cookie, ";")
	kept := parts[:1]
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(name, "Domain") && p.inDomain(strings.TrimPrefix(strings.ToLower(value), ".")) {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, ";")
}

// inDomain tells whether the website is in a domain.
func (p proxy) inDomain(domain string) bool {
	return strings.HasSuffix("."+p.site.Hostname(), "."+domain) || strings.HasSuffix("."+hostname(p.host), "."+domain)
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// fail answers in place of a website that does not.
func (p proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return // the customer has gone
	}
	p.log.ErrorContext(r.Context(), "proxy: the website does not answer", "target", p.site.Redacted(), "method", r.Method, "path", r.URL.Path, "error", err)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'self'")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = io.WriteString(w, unavailable)
}

const unavailable = `<!doctype html>
<html lang="en">
<head>
<meta name="viewport" content="width=device-width">
<title>This website does not answer</title>
</head>
<body>
<h1>This website does not answer</h1>
<p>Please try again in a minute.</p>
</body>
</html>
`
