// Package scheme tells over which scheme a browser has asked, also when a proxy in front of the app has ended TLS.
package scheme

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// IsHTTPS reports whether the browser has asked over https. Beside TLS and X-Forwarded-Proto, Sec-Fetch-Dest tells: browsers send it over https and to
// their own machine only. Anybody can send these headers, so the answer is good for what concerns the one who asks, and for nobody else.
func IsHTTPS(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") || len(r.Header["Sec-Fetch-Dest"]) > 0 && !isLocal(r.Host)
}

// isLocal tells whether host, with or without a port, is the browser's own machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}
