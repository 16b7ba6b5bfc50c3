package scheme

import (
	"crypto/tls"
	"net/http"
	"testing"
)

func TestHTTPSIsKnownBehindAProxyToo(t *testing.T) {
	none, fetched, forwarded := http.Header{}, http.Header{"Sec-Fetch-Dest": {"document"}}, http.Header{"X-Forwarded-Proto": {"HTTPS"}}
	for _, c := range []struct {
		name, host string
		header     http.Header
		tls, want  bool
	}{
		{"plain", "shop.example", none, false, false},
		{"TLS", "shop.example", none, true, true},
		{"a proxy that says so", "shop.example", forwarded, false, true},
		{"a proxy that says http", "shop.example", http.Header{"X-Forwarded-Proto": {"http"}}, false, false},
		{"a browser that trusts the connection", "shop.example:8443", fetched, false, true},
		{"a browser on this machine", "127.0.0.1:8080", fetched, false, false},
		{"by name", "localhost:8080", fetched, false, false},
		{"by a name below it", "Shop.Localhost", fetched, false, false},
		{"over IPv6", "[::1]:8080", fetched, false, false},
		{"over IPv6 without a port", "[::1]", fetched, false, false},
		{"a network address", "192.0.2.1", fetched, false, true},
	} {
		r := &http.Request{Host: c.host, Header: c.header}
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if got := IsHTTPS(r); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
